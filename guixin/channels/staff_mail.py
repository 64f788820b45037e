"""Telling our people by mail: one notice as one message, many as one digest, seldom enough to be read.

Without GUIXIN_SMTP_URL nothing leaves: the row in the post is marked as sent, and the notice stands on the
person's page only.
"""

import json
import smtplib
import ssl
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from guixin.channels.models import Notice
from guixin.channels.models.robot import urgent_passes
from guixin.channels.notice_topics import BY_MAIL, BY_ROBOT, TOPIC_OF, URGENT
from guixin.channels.robots import gathering
from guixin.ledger.models import Outgoing
from guixin.ledger.outbox import CannotDeliver, deliver_by
from guixin.ledger.wording import in_words
from guixin.organisation.models import Person
from guixin.promise.matters import About, Matter, matters_for
from guixin.serve.models import Case
from guixin.web.refusals import Refused

CHANNEL = "staff_mail"
# The first word about something new goes out at once; what follows within five minutes waits for a digest.
# Long enough that ten thousand broken promises are one mail, short against any step of a ladder.
AT_MOST_EVERY = timedelta(minutes=5)
LISTED = 30  # lines in a digest; the rest is counted and stands on the page
SMTP_PATIENCE = 20  # seconds

_TELLER = 0x74656C6C  # advisory lock: one worker at a time writes digests

# Whoever has quiet hours now is told only of what is urgent, where the firm lets that pass.
_DUE = """
    SELECT DISTINCT n.person_id, q.is_quiet FROM channels_notice n
    LEFT JOIN channels_told t ON t.person_id = n.person_id
    LEFT JOIN channels_noticewishes w ON w.person_id = n.person_id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN w.quiet_from IS NULL OR w.quiet_from = w.quiet_to THEN false
        WHEN w.quiet_from < w.quiet_to THEN %(wall)s::time >= w.quiet_from AND %(wall)s::time < w.quiet_to
        ELSE %(wall)s::time >= w.quiet_from OR %(wall)s::time < w.quiet_to END AS is_quiet) q
    WHERE n.told_at IS NULL AND (t.at IS NULL OR t.at <= %(since)s OR t.at > %(now)s)
      AND (NOT q.is_quiet OR n.kind = ANY(%(passing)s))
    LIMIT 200
"""
# `t.at > now`: the clock of the database went back; nobody is kept in the dark until it catches up.
_TAKE = """
    WITH taken AS (
        UPDATE channels_notice SET told_at = %(now)s
        WHERE told_at IS NULL AND person_id = ANY(%(people)s)
          AND (person_id <> ALL(%(quiet)s) OR kind = ANY(%(passing)s))
        RETURNING id, person_id, read_at, kind),
    sorted AS (
        SELECT t.id, t.person_id, coalesce(%(topics)s::jsonb ->> t.kind, 'news') AS topic, w.mail, w.robot
        FROM taken t LEFT JOIN channels_noticewishes w ON w.person_id = t.person_id
        WHERE t.read_at IS NULL),
    posted AS (
        INSERT INTO channels_robotline (robot_id, notice_id, is_urgent, at)
        SELECT r.id, s.id, s.topic = 'urgent', %(now)s
        FROM sorted s
        JOIN unnest(%(told)s::bigint[], %(robots)s::bigint[]) AS by_whom (person_id, robot_id)
          ON by_whom.person_id = s.person_id
        JOIN channels_robot r ON r.id = by_whom.robot_id
        WHERE s.topic = ANY(coalesce(s.robot, %(by_robot)s)) AND (r.topics = '{}' OR s.topic = ANY(r.topics)))
    SELECT person_id, count(*), (array_agg(id ORDER BY id DESC))[1:%(listed)s]
    FROM sorted WHERE topic = ANY(coalesce(mail, %(by_mail)s)) GROUP BY person_id ORDER BY person_id
"""
_TOLD = """
    INSERT INTO channels_told (person_id, at) SELECT unnest(%s::bigint[]), %s
    ON CONFLICT (person_id) DO UPDATE SET at = EXCLUDED.at
"""


@transaction.atomic
def write_digests(now: datetime) -> int:
    """Put one message into the post for everybody with something new. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_TELLER])
        if not cursor.fetchone()[0]:
            return 0
        passing = URGENT if urgent_passes() else []
        wall = timezone.localtime(now).time()
        cursor.execute(
            _DUE,
            {"now": now, "since": now - AT_MOST_EVERY, "wall": f"{wall:%H:%M:%S.%f}", "passing": passing},
        )
        due = cursor.fetchall()
        if not due:
            return 0
        people = [person_id for person_id, _is_quiet in due]
        posted = gathering.robots_of(people, now)
        cursor.execute(
            _TAKE,
            {
                "now": now, "people": people, "quiet": [pk for pk, is_quiet in due if is_quiet],
                "passing": passing, "topics": json.dumps(TOPIC_OF), "by_mail": BY_MAIL, "by_robot": BY_ROBOT,
                "told": [pk for pk, _robot in posted], "robots": [robot for _pk, robot in posted],
                "listed": LISTED,
            },
        )  # fmt: skip
        messages = cursor.fetchall()
        cursor.execute(_TOLD, [people, now])
    Outgoing.objects.bulk_create(
        Outgoing(
            channel=CHANNEL,
            lane=f"person:{person_id}",
            payload={"person": person_id, "count": count, "notices": newest},
            next_try_at=now,
        )
        for person_id, count, newest in messages
    )
    return len(people)


def send(row: Outgoing) -> None:
    """Send one message by SMTP. A repeat carries the same Message-ID."""
    if not settings.SMTP_URL:
        return
    person = Person.objects.filter(pk=row.payload["person"], is_active=True).first()
    if person is None or not person.email:
        return
    message = composed(person, row)
    try:
        with post_office() as office:
            office.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        if any(code >= 500 for code, _words in refused.recipients.values()):
            raise CannotDeliver(str(refused)) from refused
        raise


class CannotSend(Refused):
    """No mail can leave, and why."""


def send_test(person: Person) -> str:
    """A mail to this person at once, to see that the way out works. Returns the address."""
    if not settings.SMTP_URL:
        raise CannotSend(gettext("No mail server is set (GUIXIN_SMTP_URL)."))
    if not person.email:
        raise CannotSend(gettext("You have no e-mail address on record."))
    message = EmailMessage()
    message["From"], message["To"] = settings.MAIL_FROM, person.email
    message["Subject"] = f"[归心] {gettext('Test mail')}"
    message["Date"] = format_datetime(timezone.now())
    message.set_content(
        gettext("This mail arrived, so notices to our people do too.") + f"\n\n{settings.BASE_URL}"
    )
    try:
        with post_office() as office:
            office.send_message(message)
    except (OSError, smtplib.SMTPException) as why:
        raise CannotSend(gettext("The mail server did not take it: %s") % why) from why
    return person.email


def composed(person: Person, row: Outgoing) -> EmailMessage:
    """The message in the person's language: case numbers and sentences, nothing about the customer."""
    notices = list(Notice.objects.filter(pk__in=row.payload["notices"]).order_by("-pk"))
    numbers = dict(Case.objects.filter(pk__in={n.case_id for n in notices}).values_list("pk", "number"))
    count = row.payload["count"]
    with translation.override(person.language):
        matters = matters_for(person, [(n.about_kind, n.about_id) for n in notices if n.case_id is None])
        names = {n.pk: numbers.get(n.case_id or 0, "") for n in notices}
        for n in notices:
            if matter := matters.get((n.about_kind, n.about_id)):
                names[n.pk] = matter.subject
        lines = [
            f"{timezone.localtime(n.happened_at):%m-%d %H:%M}  {names[n.pk]}  {in_words(n.kind, n.facts)}"
            for n in notices
        ]
        subject = f"{names[notices[0].pk]} {in_words(notices[0].kind, notices[0].facts)}" if (
            count == 1 and notices
        ) else ngettext("%(count)d new notice", "%(count)d new notices", count) % {"count": count}  # fmt: skip
        if count > len(lines):
            lines.append(gettext("… and %(count)d more on your page.") % {"count": count - len(lines)})
    message = EmailMessage()
    message["From"], message["To"] = settings.MAIL_FROM, person.email
    message["Subject"] = f"[归心] {subject}".strip()
    message["Date"] = format_datetime(row.written_at)
    message["Message-ID"] = f"<{row.key}@{urlsplit(settings.BASE_URL).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join([*lines, "", _where_to_go(notices, numbers, matters, count)]))
    return message


def _where_to_go(
    notices: list[Notice], numbers: dict[int, str], matters: dict[About, Matter], count: int
) -> str:
    """One notice leads to its task, case or other matter, and there after signing in; several lead to the first page."""
    if count != 1 or not notices:
        return settings.BASE_URL
    (notice,) = notices
    if notice.about_kind == "task":
        return f"{settings.BASE_URL}/tasks/{notice.about_id}"
    if matter := matters.get((notice.about_kind, notice.about_id)):
        return f"{settings.BASE_URL}{matter.address}"
    number = numbers.get(notice.case_id or 0)
    return f"{settings.BASE_URL}/cases/{number}" if number else settings.BASE_URL


def post_office() -> smtplib.SMTP:
    """smtp://host:25, smtp+tls://user:password@host:587 or smtps://user:password@host:465."""
    where = urlsplit(settings.SMTP_URL)
    host = where.hostname or "localhost"
    office: smtplib.SMTP
    if where.scheme == "smtps":
        office = smtplib.SMTP_SSL(
            host, where.port or 465, timeout=SMTP_PATIENCE, context=ssl.create_default_context()
        )
    else:
        office = smtplib.SMTP(
            host, where.port or (587 if where.scheme == "smtp+tls" else 25), timeout=SMTP_PATIENCE
        )
    try:
        if where.scheme == "smtp+tls":
            office.starttls(context=ssl.create_default_context())
        if where.username:
            office.login(unquote(where.username), unquote(where.password or ""))
    except BaseException:
        office.close()
        raise
    return office


deliver_by(CHANNEL, send)
