"""What a server says when it starts on an installation nobody can sign in to yet: the way in, once."""

import logging
import sys
from threading import Thread

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


def say_the_way_in() -> None:
    """In a thread of its own: a server neither waits for it nor fails with it."""
    if not settings.DEMO:  # where anybody signs in as anybody with one click
        Thread(target=_say, daemon=True, name="first-visit").start()


def _say() -> None:
    from guixin.ledger.clock import database_now
    from guixin.organisation.first_firm import first_link

    try:
        if token := first_link(database_now()):
            print(words(token), file=sys.stderr, flush=True)
    except DatabaseError:
        log.debug("no database, or no tables in it yet")  # the pages say so
    except Exception:
        log.exception("the link for the first administrator could not be made")
    finally:
        connection.close()


def words(token: str) -> str:
    address = f"{settings.BASE_URL}/invitation/{token}"
    return "\n".join(
        [
            "",
            _(
                "Nobody can sign in yet. With this link the first administrator chooses a password; it works once:"
            ),
            f"  {address}",
            _("It is void after three days, or when the server starts again."),
            "",
        ]
    )
