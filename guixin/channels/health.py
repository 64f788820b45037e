"""Is everything running? The same report for `guixin doctor`, /healthz and the administrator's page."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from guixin.channels.models import Heartbeat, Mailbox
from guixin.organisation.models import HolidayList
from guixin.web import pdf

GREEN, YELLOW, RED = "green", "yellow", "red"

NO_WORKER_AFTER = 60  # seconds without any sign of life
LATE_AFTER = 60  # seconds a deadline may stand unfired before somebody should look
UNNUMBERED_AFTER = 300  # seconds an entry may wait for its position
POST_WAITS_AFTER = 3600  # seconds; a receiver that is down for a moment is no illness
MAILBOX_SILENT_AFTER = 300  # seconds without having reached its server
MAIL_WAITS_AFTER = 300  # seconds a mail may lie unread
IMPORT_WAITS_AFTER = 600  # seconds; workers look every few
DISK_YELLOW, DISK_RED = 10, 3  # percent free
COUNTED = 1000  # nothing is counted further than this
NEXT_YEAR_FROM = 11  # the government publishes next year's holidays in November


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its figure, and a sentence when something is to be done."""

    name: str
    colour: str
    figure: Any
    sentence: str = ""


def report() -> dict:
    """{"ok", "colour", "findings": [{"name", "colour", "figure", "sentence"}, …]}; the worst finding gives the colour, red is not ok.

    Costs a few look-ups by index, whatever the database holds. Raises what the database raises if it is gone.
    """
    findings: list[Finding] = []
    for look in _LOOKS:
        findings += look()
    colours = {finding.colour for finding in findings}
    colour = next((each for each in (RED, YELLOW) if each in colours), GREEN)
    return {"ok": colour != RED, "colour": colour, "findings": [vars(finding) for finding in findings]}


def _one(sql: str, *parameters) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()


def _migrations() -> list[Finding]:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = [
        f"{m.app_label}.{m.name}" for m, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())
    ]
    sentence = _("The tables are older than the program: run `guixin migrate`.") if missing else ""
    return [Finding("migrations_missing", RED if missing else GREEN, missing, sentence)]


def _database() -> list[Finding]:
    (version,) = _one("SHOW server_version")
    (virtual,) = _one("SELECT at FROM ledger_virtualclock UNION ALL SELECT NULL LIMIT 1")
    found = [Finding("database_version", GREEN, version)]
    if virtual:
        found.append(
            Finding("virtual_clock", YELLOW, virtual.isoformat(), _("This database lives at another time."))
        )
    return found


def _deadlines() -> list[Finding]:
    (late,) = _one(
        "SELECT coalesce(greatest(extract(epoch FROM guixin_now() - min(next_at)), 0), 0)::float FROM promise_clock"
    )
    sentence = (
        _("Deadlines have passed and nothing happened. Is a worker running?") if late > LATE_AFTER else ""
    )
    # Stuck: the last thing heard of it in an hour is that it could not be worked out.
    (stuck,) = _one(
        "SELECT count(*) FROM (SELECT 1 FROM ledger_entry WHERE kind = 'promise.clock_stuck'"
        " AND id > (SELECT coalesce(max(id), 0) - 100000 FROM ledger_entry)"
        " AND recorded_at > clock_timestamp() - interval '1 hour' LIMIT %s) s",
        COUNTED,
    )
    (provisional,) = _one(
        "SELECT count(*) FROM (SELECT 1 FROM promise_clock WHERE next_at IS NOT NULL AND provisional LIMIT %s) p",
        COUNTED,
    )
    return [
        Finding("oldest_unfired_deadline_s", RED if sentence else GREEN, round(late, 1), sentence),
        Finding(
            "stuck_clocks",
            YELLOW if stuck else GREEN,
            stuck,
            _("Some deadlines cannot be worked out; the coordinator has been told which.") if stuck else "",
        ),
        Finding("provisional_deadlines", GREEN, provisional),
    ]


def _ledger() -> list[Finding]:
    count, age = _one(
        "SELECT count(*), coalesce(max(extract(epoch FROM clock_timestamp() - recorded_at)), 0)::float FROM"
        " (SELECT recorded_at FROM ledger_entry WHERE position IS NULL ORDER BY id LIMIT %s) u",
        COUNTED,
    )
    late = age > UNNUMBERED_AFTER
    sentence = _("The ledger is not being numbered. Is a worker running?") if late else ""
    return [Finding("unnumbered_entries", YELLOW if late else GREEN, count, sentence)]


def _post() -> list[Finding]:
    waiting, age = _one(
        "SELECT count(*), coalesce(max(extract(epoch FROM guixin_now() - written_at)), 0)::float FROM"
        " (SELECT written_at FROM ledger_outgoing WHERE state = 'waiting' ORDER BY next_try_at LIMIT %s) w",
        COUNTED,
    )
    (dead,) = _one(
        "SELECT count(*) FROM (SELECT 1 FROM ledger_outgoing WHERE state = 'dead' LIMIT %s) d", COUNTED
    )
    late = age > POST_WAITS_AFTER
    return [
        Finding("post_waiting", GREEN, waiting),
        Finding(
            "post_oldest_s",
            YELLOW if late else GREEN,
            round(age, 1),
            _("Messages wait to be sent for more than an hour.") if late else "",
        ),
        Finding(
            "post_dead",
            YELLOW if dead else GREEN,
            dead,
            _("Messages were given up; look why and send them again.") if dead else "",
        ),
    ]


def _workers() -> list[Finding]:
    """The youngest sign of life of each kind of work. Behind a clock that went back, ages are not negative."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, min(abs(extract(epoch FROM clock_timestamp() - beat_at)))::float"
            " FROM channels_heartbeat GROUP BY kind ORDER BY kind"
        )
        ages = {kind: round(age, 1) for kind, age in cursor.fetchall()}
    at_work = any(age <= NO_WORKER_AFTER for kind, age in ages.items() if kind == "clocks")
    sentence = "" if at_work else _("No worker has looked after deadlines for %(seconds)s seconds.") % {
        "seconds": NO_WORKER_AFTER
    }  # fmt: skip
    workers = Heartbeat.objects.values("name").distinct().count()
    return [
        Finding("workers", GREEN if at_work else RED, workers, sentence),
        Finding("heartbeats_s", GREEN, ages),
    ]


def _calendars() -> list[Finding]:
    """Every holiday list in use knows this year, and from November on the next."""
    (now,) = _one("SELECT guixin_now()")
    today: date = now.date()
    wanted = [today.year, *([today.year + 1] if today.month >= NEXT_YEAR_FROM else [])]
    found = []
    for holidays in HolidayList.objects.filter(calendar__isnull=False).distinct().order_by("code"):
        published = set(holidays.years.filter(published=True).values_list("year", flat=True))
        missing = [year for year in wanted if year not in published]
        colour = RED if today.year in missing else YELLOW if missing else GREEN
        sentence = _(
            "Holidays of “%(list)s” are not published for: %(years)s. Deadlines there are provisional."
        ) % {
            "list": holidays.code,
            "years": ", ".join(map(str, missing)),
        }
        found.append(
            Finding(f"holidays_{holidays.code}", colour, sorted(published)[-1:], sentence if missing else "")
        )
    return found


def _printing() -> list[Finding]:
    """Without Pango or a Chinese font the record of a case cannot be printed; everything else works."""
    missing = pdf.ailment()
    return [Finding("printing", YELLOW if missing else GREEN, not missing, missing)]


def _disk() -> list[Finding]:
    """Room where files and, on one machine, the database lie."""
    place = next(each for each in (settings.HOME, *settings.HOME.parents) if each.exists())
    room = shutil.disk_usage(place)
    share = round(100 * room.free / room.total, 1)
    colour = RED if share < DISK_RED else YELLOW if share < DISK_YELLOW else GREEN
    sentence = _("The disk is nearly full: remove old files or give it more room.") if colour != GREEN else ""
    return [Finding("disk_free_percent", colour, share, sentence)]


def _notices() -> list[Finding]:
    """Whether our people can be told by mail, and how many notices nobody was told of yet."""
    (untold,) = _one(
        "SELECT count(*) FROM (SELECT 1 FROM channels_notice WHERE told_at IS NULL LIMIT %s) n", COUNTED
    )
    sentence = "" if settings.SMTP_URL else _(
        "No mail server is set (GUIXIN_SMTP_URL): our people see notices on their pages only."
    )  # fmt: skip
    return [
        Finding("notices_untold", GREEN, untold),
        Finding("mail_server", GREEN if settings.SMTP_URL else YELLOW, bool(settings.SMTP_URL), sentence),
    ]


def _mail() -> list[Finding]:
    """Each mailbox that is read: when it was last reached, and what its server said; and what nobody decided about."""
    (now,) = _one("SELECT guixin_now()")
    found = []
    for box in Mailbox.objects.filter(is_active=True).exclude(host=""):
        silent = not box.connected_at or (now - box.connected_at).total_seconds() > MAILBOX_SILENT_AFTER
        colour = RED if silent and box.error else YELLOW if silent or box.error else GREEN
        sentence = ""
        if colour != GREEN:
            sentence = _("The mailbox cannot be read: %s") % box.error if box.error else _(
                "The mailbox was not looked at yet. Is a worker running?"
            )  # fmt: skip
        shown = {
            "connected_at": box.connected_at.isoformat() if box.connected_at else None,
            "mail_at": box.mail_at.isoformat() if box.mail_at else None,
        }
        found.append(Finding(f"mailbox_{box.address}", colour, shown, sentence))
    (unread, age) = _one(
        "SELECT count(*), coalesce(max(extract(epoch FROM guixin_now() - arrived_at)), 0)::float FROM"
        " (SELECT arrived_at FROM channels_receivedmail WHERE state = 'arrived' ORDER BY next_try_at LIMIT %s) m",
        COUNTED,
    )
    (quarantined,) = _one(
        "SELECT count(*) FROM (SELECT 1 FROM channels_receivedmail WHERE state = 'quarantined' LIMIT %s) q",
        COUNTED,
    )
    late = age > MAIL_WAITS_AFTER
    return [
        *found,
        Finding(
            "mail_unread",
            YELLOW if late else GREEN,
            unread,
            _("Mail has arrived and was not read. Is a worker running?") if late else "",
        ),
        Finding(
            "mail_quarantined",
            YELLOW if quarantined else GREEN,
            quarantined,
            _("Mail waits for somebody to decide about it.") if quarantined else "",
        ),
    ]


def _robots() -> list[Finding]:
    """Robots that stand still or wait with something to say, and how long they have not said it."""
    troubled, oldest = _one(
        "SELECT count(*) FILTER (WHERE r.stopped_at IS NOT NULL OR o.tries > 0),"
        " coalesce(max(extract(epoch FROM guixin_now() - l.at)), 0)::float FROM channels_robot r"
        " LEFT JOIN ledger_outgoing o ON o.channel = 'robot' AND o.lane = 'robot:' || r.id AND o.state = 'waiting'"
        " LEFT JOIN LATERAL (SELECT min(at) AS at FROM channels_robotline WHERE robot_id = r.id AND said_at IS NULL) l"
        " ON true WHERE r.is_active"
    )
    sentence = _("A robot cannot post its notices; its page says why. They stand on everybody's page.")
    return [
        Finding("robots_failing", YELLOW if troubled else GREEN, troubled, sentence if troubled else ""),
        Finding("robots_unsaid_s", GREEN, round(oldest, 1)),
    ]


def _webhooks() -> list[Finding]:
    (off,) = _one(
        "SELECT count(*) FROM (SELECT 1 FROM channels_subscription WHERE NOT is_active LIMIT %s) s", COUNTED
    )
    return [Finding("webhooks_off", GREEN, off)]


def _imports() -> list[Finding]:
    """The latest file, and whether one waits although a worker should have taken it."""
    latest = _one("SELECT file_name, state, landed, rejected FROM channels_import ORDER BY id DESC LIMIT 1")
    (age,) = _one(
        "SELECT coalesce(max(extract(epoch FROM guixin_now() - made_at)), 0)::float FROM channels_import"
        " WHERE state = 'waiting'"
    )
    late = age > IMPORT_WAITS_AFTER
    shown = dict(zip(("file", "state", "landed", "rejected"), latest, strict=True)) if latest else None
    return [
        Finding("last_import", GREEN, shown),
        Finding(
            "import_waits_s",
            YELLOW if late else GREEN,
            round(age, 1),
            _("A file waits to be taken in. Is a worker running?") if late else "",
        ),
    ]


_LOOKS: tuple[Callable[[], list[Finding]], ...] = (
    _database, _migrations, _workers, _deadlines, _ledger, _post, _notices, _mail, _robots,
    _webhooks, _imports, _calendars, _disk, _printing,
)  # fmt: skip
