"""Fetching by IMAP: one thread a mailbox, woken by the server (IDLE), resuming where the last committed mail stood.

A mail is stored and committed first; only then is it marked as seen or moved. A kill in between fetches it again, and
the digest says that it is there already. What was read by a person before the mailbox was set up stays theirs: the first
look, and the first after the server has built the folder anew (another UIDVALIDITY), takes only unseen mail; after
that everything above the last UID, seen or not.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from guixin.channels.mail.arriving import LARGEST, keep
from guixin.channels.mail.sealing import CannotOpen, opened
from guixin.channels.models import Mailbox
from guixin.ledger.clock import database_now

log = logging.getLogger(__name__)

PATIENCE = 30  # seconds for an answer of the server
IDLE_FOR = 20  # seconds; then a look whether the mailbox was changed or switched off
WITHOUT_IDLE = 30  # seconds between looks where the server cannot wake us
STAY = 25 * 60  # seconds; a connection is made anew before servers tire of it
AT_ONCE = 200  # mails of one round
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0  # seconds after a failure, doubling
_LOCK = 0x6D61696C  # "mail": with the id of the mailbox, so that one worker reads it


class CannotFetch(Exception):
    """The server could not be reached, or did not let us in; in words for the administrator."""


# -- one look ----------------------------------------------------------------------------------------------------------


@contextmanager
def opened_mailbox(box: Mailbox) -> Iterator[Any]:
    """The mailbox at its server, with its folder selected. Raises CannotFetch."""
    import ssl

    import imap_tools

    client: Any = None
    try:
        if box.security == Mailbox.Security.TLS:
            client = imap_tools.MailBox(
                box.host, box.port, PATIENCE, ssl_context=ssl.create_default_context()
            )
        elif box.security == Mailbox.Security.STARTTLS:
            client = imap_tools.MailBoxStartTls(
                box.host, box.port, PATIENCE, ssl_context=ssl.create_default_context()
            )
        else:
            client = imap_tools.MailBoxUnencrypted(box.host, box.port, PATIENCE)
        password = opened(box.sealed_password)
        ascii_only = box.login.isascii() and password.isascii()
        (client.login if ascii_only else client.login_utf8)(box.login, password, box.folder)
    except CannotOpen as why:
        raise CannotFetch(
            _("The password must be typed again: the secret key of this installation changed.")
        ) from why
    except Exception as why:
        _leave(client)
        raise CannotFetch(f"{type(why).__name__}: {why}"[:300].replace(password_in(box), "***")) from why
    try:
        yield client
    finally:
        _leave(client)


def password_in(box: Mailbox) -> str:
    """What must never be told in a message of the server; some character that is in none where there is none."""
    with suppress(CannotOpen):
        return opened(box.sealed_password) or "\x00"
    return "\x00"


def _leave(client: Any) -> None:
    if client is not None:
        with suppress(Exception):
            client.logout()


def fetch(box: Mailbox, client: Any) -> int:
    """Store what is new, then tell the server. Returns how many mails were new to us."""
    validity = client.folder.status(box.folder, ["UIDVALIDITY"])["UIDVALIDITY"]
    box.refresh_from_db(fields=["uid_validity", "last_uid"])
    # Unseen where the folder is new to us, or was built anew and its UIDs mean nothing any more.
    criteria = f"UID {box.last_uid + 1}:*" if box.uid_validity == validity else "UNSEEN"
    uids = sorted(int(uid) for uid in client.uids(criteria))
    if box.uid_validity == validity:
        uids = [uid for uid in uids if uid > box.last_uid]  # "n:*" always gives the last one
    stored = 0
    for uid in uids[:AT_ONCE]:
        raw, too_large = _raw(client, uid)
        if raw is None:
            continue  # expunged meanwhile by somebody else
        with transaction.atomic():
            now = database_now()
            _mail, is_new = keep(raw, box, now=now, uid=(validity, uid), too_large=too_large)
            if box.uid_validity == validity:
                Mailbox.objects.filter(pk=box.pk, last_uid__lt=uid).update(last_uid=uid)
        stored += is_new
        _acknowledge(client, box, uid)
    if box.uid_validity != validity and len(uids) <= AT_ONCE:
        # From here on by UID: above the highest there was when we looked, seen or not.
        highest = max([*uids, *_highest(client)], default=0)
        Mailbox.objects.filter(pk=box.pk).update(uid_validity=validity, last_uid=highest)
    return stored


def _highest(client: Any) -> list[int]:
    found = [int(uid) for uid in client.uids("UID *")]
    return found[-1:]


def _raw(client: Any, uid: int) -> tuple[bytes | None, bool]:
    """(the bytes, whether they are only the head of a mail that is too large)."""
    size = _size(client.client.uid("FETCH", str(uid), "(RFC822.SIZE)")[1])
    if size is None:
        return None, False
    what = "BODY.PEEK[HEADER]" if size > LARGEST else "BODY.PEEK[]"
    for piece in client.client.uid("FETCH", str(uid), f"({what})")[1] or []:
        if isinstance(piece, tuple):
            return bytes(piece[1]), size > LARGEST
    return None, False


def _size(answer: list[Any]) -> int | None:
    for piece in answer or []:
        text = piece[0] if isinstance(piece, tuple) else piece
        if text and (found := re.search(rb"RFC822\.SIZE (\d+)", text)):
            return int(found[1])
    return None


def _acknowledge(client: Any, box: Mailbox, uid: int) -> None:
    """After the commit. If it fails the mail is fetched again one day, and known."""
    if box.done_folder:
        client.move(str(uid), box.done_folder)
    else:
        client.client.uid("STORE", str(uid), "+FLAGS", r"(\Seen)")


def test(box: Mailbox) -> int:
    """Connect, log in, select the folder; fetch nothing. Returns how many mails lie unseen. Raises CannotFetch."""
    if not box.host:
        raise CannotFetch(_("This mailbox has no server: its mail is handed over."))
    with opened_mailbox(box) as client:
        try:
            if box.done_folder and not client.folder.exists(box.done_folder):
                raise CannotFetch(_("There is no folder “%s” there.") % box.done_folder)
            return client.folder.status(box.folder, ["UNSEEN"])["UNSEEN"]
        except CannotFetch:
            raise
        except Exception as why:
            raise CannotFetch(f"{type(why).__name__}: {why}"[:300]) from why


# -- keeping at it -----------------------------------------------------------------------------------------------------


@dataclass
class Post:
    """The thread that looks after one mailbox, and what the mailbox said when it began."""

    thread: Thread
    stop: Event
    settings: tuple


class Fetchers:
    """A worker's loop: sees that every active mailbox has a thread, and that a changed one gets a new one."""

    def __init__(self) -> None:
        self.posts: dict[int, Post] = {}

    def __call__(self, now: datetime) -> int:
        wanted = {box.pk: box for box in Mailbox.objects.filter(is_active=True).exclude(host="")}
        for pk, post in list(self.posts.items()):
            if not post.thread.is_alive():
                del self.posts[pk]
            elif pk not in wanted or post.settings != _settings(wanted[pk]):
                post.stop.set()
        for pk, box in wanted.items():
            if pk not in self.posts:
                stop = Event()
                thread = Thread(
                    target=look_after, args=(pk, stop), name=f"mailbox {box.address}", daemon=True
                )
                self.posts[pk] = Post(thread, stop, _settings(box))
                thread.start()
        return 0


def _settings(box: Mailbox) -> tuple:
    return (box.host, box.port, box.security, box.login, box.sealed_password, box.folder, box.done_folder)


def look_after(pk: int, stop: Event) -> None:
    """Fetch and wait until told to stop. Whatever goes wrong stands with the mailbox, and is tried again."""
    pause = FIRST_PAUSE
    try:
        while not stop.is_set():
            try:
                with _alone(pk) as mine:
                    if mine:
                        _stay(Mailbox.objects.get(pk=pk), stop)
                        pause = FIRST_PAUSE
                    else:
                        pause = WITHOUT_IDLE  # another worker reads it
            except Mailbox.DoesNotExist:
                return
            except Exception as why:
                _note_failure(pk, why)
                pause = min(pause * 2, LONGEST_PAUSE)
            stop.wait(pause)
    finally:
        with suppress(Exception):
            connection.close()


@contextmanager
def _alone(pk: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, pk])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with suppress(Exception), connection.cursor() as cursor:  # a lost connection lost its lock
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, pk])


def _stay(box: Mailbox, stop: Event) -> None:
    until = monotonic() + STAY
    with opened_mailbox(box) as client:
        can_idle = "IDLE" in client.client.capabilities
        while not stop.is_set() and monotonic() < until:
            while fetch(box, client) and not stop.is_set():
                pass  # there may be more
            Mailbox.objects.filter(pk=box.pk).update(connected_at=database_now(), error="", error_at=None)
            if can_idle:
                client.idle.wait(timeout=IDLE_FOR)
            else:
                stop.wait(WITHOUT_IDLE)
                client.client.noop()


def _note_failure(pk: int, why: Exception) -> None:
    words = str(why) if isinstance(why, CannotFetch) else f"{type(why).__name__}: {why}"
    log.warning("mailbox %s: %s", pk, words[:300])
    with suppress(Exception):
        connection.close_if_unusable_or_obsolete()
        Mailbox.objects.filter(pk=pk).update(error=words[:300].replace("\x00", ""), error_at=database_now())
