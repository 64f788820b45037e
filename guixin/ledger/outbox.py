"""Sending what waits in the outbox: at least once, in order within a lane, never blocking another lane."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from guixin.ledger.models import Outgoing

Send = Callable[[Outgoing], None]
GaveUp = Callable[[Outgoing, Exception, datetime], None]
GIVE_UP_AFTER = 12  # tries; with the delays below about two days

_senders: dict[str, Send] = {}
_told_of_giving_up: dict[str, GaveUp] = {}


class CannotDeliver(Exception):
    """The receiver will never take it (gone, refused for good): no further tries."""


class Later(Exception):
    """Nothing is wrong; the receiver takes nothing before `until` (a limit of so many a minute). Costs no try."""

    def __init__(self, why: str, until: datetime):
        super().__init__(why)
        self.until = until


def deliver_by(channel: str, send: Send, gave_up: GaveUp | None = None) -> None:
    """Wire a channel to the function that sends one row; it raises to have the row tried again.

    `gave_up` is told of a row that is dead, with what went wrong last, in the transaction that says so.
    """
    _senders[channel] = send
    if gave_up:
        _told_of_giving_up[channel] = gave_up


# The head of each lane only, so that order holds; locked rows belong to another worker.
_CLAIM = """
    SELECT o.id FROM ledger_outgoing o
    WHERE o.state = 'waiting' AND o.next_try_at <= %s AND o.channel = ANY(%s)
      AND NOT EXISTS (SELECT 1 FROM ledger_outgoing before
                      WHERE before.state = 'waiting' AND before.channel = o.channel AND before.lane = o.lane
                        AND before.id < o.id)
    ORDER BY o.next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""


@transaction.atomic
def deliver_next(now: datetime) -> bool:
    """Send one waiting row. The row stays locked while it is sent; a kill in between means it goes again
    under the same key."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now, list(_senders)])
        found = cursor.fetchone()
    if not found:
        return False
    row = Outgoing.objects.get(pk=found[0])
    row.tries += 1
    try:
        with transaction.atomic():
            _senders[row.channel](row)
    except Later as why:
        row.tries -= 1
        row.last_error, row.next_try_at = str(why)[:500], why.until
    except Exception as failure:  # whatever goes wrong outside must not stop the rest of the post
        row.last_error = f"{type(failure).__name__}: {failure}"[:500]
        if isinstance(failure, CannotDeliver) or row.tries >= GIVE_UP_AFTER:
            row.state = Outgoing.State.DEAD
            if gave_up := _told_of_giving_up.get(row.channel):
                gave_up(row, failure, now)
        row.next_try_at = now + backoff(row.tries)
    else:
        row.state, row.sent_at, row.last_error = Outgoing.State.SENT, now, ""
    row.save(update_fields=["state", "tries", "next_try_at", "last_error", "sent_at"])
    return True


def backoff(tries: int) -> timedelta:
    """15 s, 30 s, 1 min … at most 6 h, with a quarter of jitter so that retries do not march in step."""
    seconds = min(15 * 2 ** (tries - 1), 6 * 3600)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311  spreading load, not a secret


def send_again(outgoing: Outgoing, now: datetime) -> None:
    """A person puts a dead row back into the post, under its old key."""
    Outgoing.objects.filter(pk=outgoing.pk, state=Outgoing.State.DEAD).update(
        state=Outgoing.State.WAITING, tries=0, next_try_at=now
    )
