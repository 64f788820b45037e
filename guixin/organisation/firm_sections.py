"""What the organisation reads from a firm file: holidays, calendars, departments, positions, people, absences."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from guixin.ledger import Event, record
from guixin.organisation import events, firm
from guixin.organisation.firm import Loading, section
from guixin.organisation.models import (
    Absence,
    Calendar,
    CalendarShift,
    CannotMove,
    Department,
    HolidayDay,
    HolidayList,
    HolidayYear,
    Person,
    Position,
    Post,
)
from guixin.worktime.chinese_holidays import YearNotPublished, chinese_day_list


def _told(row: Any, now: datetime) -> dict:
    return {"happened_at": now, "about": (row._meta.model_name, row.pk)}


def _department(row: Department, changed: str, now: datetime) -> Event:
    if changed:
        return events.DepartmentChanged(code=row.code, changed=changed, **_told(row, now))
    return events.DepartmentAdded(code=row.code, **_told(row, now))


def _position(row: Position, changed: str, now: datetime) -> Event:
    if changed:
        return events.PositionChanged(code=row.code, changed=changed, **_told(row, now))
    return events.PositionAdded(
        code=row.code, department_id=row.department_id, rank=row.rank, **_told(row, now)
    )


def _person(row: Person, changed: str, now: datetime) -> Event:
    if changed:
        return events.PersonChanged(changed=changed, **_told(row, now))
    return events.PersonAdded(**_told(row, now))


def _post(row: Post, changed: str, now: datetime) -> Event:
    told = _told(row.person, now)
    if row.until:
        return events.PostEnded(position=row.position.code, until=row.until.isoformat(), **told)
    return events.PostGiven(position=row.position.code, since=row.since.isoformat(), **told)


def _calendar(row: Calendar, changed: str, now: datetime) -> Event:
    if changed:
        return events.CalendarChanged(code=row.code, calendar_id=row.pk, changed=changed, **_told(row, now))
    return events.CalendarAdded(code=row.code, **_told(row, now))


def _absence(row: Absence, changed: str, now: datetime) -> Event:
    return events.AbsencePlanned(
        absence_id=row.pk,
        from_at=row.from_at,
        to_at=row.to_at,
        deputy_id=row.deputy_id,
        **_told(row.person, now),
    )


firm.tells(Department, _department)
firm.tells(Position, _position)
firm.tells(Person, _person)
firm.tells(Post, _post)
firm.tells(Calendar, _calendar)
firm.tells(Absence, _absence)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SINCE_EVER = date(2000, 1, 1)  # before any case that is replayed
_RANGE = re.compile(r"^([a-z]{3})(?:-([a-z]{3}))?$")
_HOURS = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")


@section("holidays")
def load_holidays(entries, loading: Loading) -> None:
    """[holidays.CN] seed = "china", from = 2004, to = 2026; or years written out:
    [holidays.CN.years.2027] published = true, source = "…", off = ["2027-01-01 元旦"], works = ["2027-01-03"]."""
    for code, entry in loading.each(entries):
        loading.known_keys(entry, "name", "seed", "from", "to", "years")
        holidays = loading.put(HolidayList, {"code": code}, {"name": entry.get("name", code)})
        if "seed" in entry:
            if entry["seed"] != "china":
                raise loading.refuse(_("“seed” can only be “china”."))
            _seed_china(holidays, entry.get("from", 2004), entry.get("to", 2026), loading)
        for year, written in entry.get("years", {}).items():
            loading.entry = f"{code} {year}"
            _load_year(holidays, year, written, loading)


def _seed_china(holidays: HolidayList, first: int, last: int, loading: Loading) -> None:
    """Fills years that are not there yet. A year somebody has since edited is theirs and stays."""
    there = set(holidays.years.values_list("year", flat=True))
    for year in range(first, last + 1):
        if year in there:
            continue
        try:
            days = chinese_day_list(year)
        except YearNotPublished as wrong:
            raise loading.refuse(str(wrong)) from wrong
        row = HolidayYear.objects.create(
            list=holidays, year=year, published=True, source="国务院办公厅节假日安排"
        )
        HolidayDay.objects.bulk_create(
            HolidayDay(year=row, on=each.day, works=each.works, name=each.name) for each in days
        )
        loading.created["HolidayYear"] += 1


def _load_year(holidays: HolidayList, year: str, written: Mapping, loading: Loading) -> None:
    loading.known_keys(written, "published", "source", "off", "works")
    if not year.isdigit():
        raise loading.refuse(_("“%(year)s” is not a year.") % {"year": year})
    values = {"published": written.get("published", False), "source": written.get("source", "")}
    row = loading.put(HolidayYear, {"list": holidays, "year": int(year)}, values)
    kept = []
    for key, works in (("off", False), ("works", True)):
        for line in written.get(key, []):
            text, _gap, name = str(line).partition(" ")
            on = _day(text, loading)
            if on.year != row.year:
                raise loading.refuse(_("%(day)s is not in %(year)s.") % {"day": on, "year": row.year})
            loading.put(HolidayDay, {"year": row, "on": on}, {"works": works, "name": name.strip()})
            kept.append(on)
    loading.remove(row.days.exclude(on__in=kept))


@section("calendars")
def load_calendars(entries, loading: Loading) -> None:
    """[calendars.office] name, timezone, holidays = "CN", shifts = "mon-fri 09:00-12:00 13:00-18:00"; or always."""
    for code, entry in loading.each(entries):
        loading.known_keys(entry, "name", "timezone", "always", "holidays", "shifts")
        always = entry.get("always", False)
        followed = entry.get("holidays")
        shifts = read_shifts(entry.get("shifts", []), loading)
        if not always and not shifts:
            raise loading.refuse(_("A calendar needs shifts, or always = true."))
        before = _hours(code)
        calendar = loading.put(
            Calendar,
            {"code": code},
            {
                "name": entry.get("name", code),
                "timezone": entry.get("timezone", settings.TIME_ZONE),
                "always": always,
                "holidays": loading.find(HolidayList, _("holiday list"), code=followed) if followed else None,
            },
        )
        for weekday, opens, closes in shifts:
            key = {"calendar": calendar, "weekday": weekday, "opens": opens}
            loading.put(CalendarShift, key, {"closes": closes})
        wanted = {(weekday, opens) for weekday, opens, _closes in shifts}
        gone = [shift.pk for shift in calendar.shifts.all() if (shift.weekday, shift.opens) not in wanted]
        loading.remove(CalendarShift.objects.filter(pk__in=gone))
        if before and before != sorted(shifts):
            loading.tell(calendar, "hours")


def _hours(code: str) -> list[tuple[int, time, time]]:
    found = CalendarShift.objects.filter(calendar__code=code)
    return sorted(found.values_list("weekday", "opens", "closes"))


def read_shifts(written: str | list, loading: Loading) -> list[tuple[int, time, time]]:
    """ "mon-fri 09:00-12:00 13:30-18:00" (or a list of such lines) as (weekday, opens, closes), sorted."""
    shifts: list[tuple[int, time, time]] = []
    for line in [written] if isinstance(written, str) else written:
        days: list[int] = []
        for word in str(line).lower().replace(",", " ").replace("–", "-").split():
            if (match := _RANGE.match(word)) and set(match.groups()) - {None} <= set(WEEKDAYS):
                first = WEEKDAYS.index(match[1])
                last = WEEKDAYS.index(match[2] or match[1])
                if shifts and days and shifts[-1][0] == days[-1]:
                    days = []  # hours came before: a new group of days begins
                days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
            elif (match := _HOURS.match(word)) and days:
                opens, closes = _time(match[1], match[2], loading), _time(match[3], match[4], loading)
                shifts += [(day, opens, closes) for day in days]
            else:
                raise loading.refuse(
                    _("“%(word)s” in the shifts is not understood. Write for example: %(example)s.")
                    % {"word": word, "example": "mon-fri 09:00-12:00 13:00-18:00"}
                )
    return sorted(set(shifts))


def _time(hours: str, minutes: str, loading: Loading) -> time:
    if (hours, minutes) == ("24", "00"):
        return time(0)
    try:
        return time(int(hours), int(minutes))
    except ValueError:
        raise loading.refuse(_("%(time)s is not a time of day.") % {"time": f"{hours}:{minutes}"}) from None


@section("departments")
def load_departments(entries, loading: Loading) -> None:
    """[departments.quality] name, name_en, under = "works", calendar = "office", front_desk, region.
    A department may stand before the one it is under."""
    waiting = dict(loading.each(entries))
    while waiting:
        ready = [code for code, entry in waiting.items() if entry.get("under") not in waiting]
        if not ready:
            loading.entry = next(iter(waiting))
            raise loading.refuse(_("The departments stand under each other in a circle."))
        for code in ready:
            entry = waiting.pop(code)
            loading.entry = code
            loading.known_keys(entry, "name", "name_en", "under", "calendar", "front_desk", "region")
            under, hours = entry.get("under"), entry.get("calendar")
            try:
                loading.put(
                    Department,
                    {"code": code},
                    {
                        "name": loading.needed(entry, "name"),
                        "name_en": entry.get("name_en", ""),
                        "parent": loading.find(Department, _("department"), code=under) if under else None,
                        "calendar": loading.find(Calendar, _("calendar"), code=hours) if hours else None,
                        "is_front_desk": entry.get("front_desk", False),
                        "region": entry.get("region", ""),
                    },
                )
            except CannotMove as wrong:
                raise loading.refuse(str(wrong)) from wrong
    loading.entry = ""


@section("positions")
def load_positions(entries, loading: Loading) -> None:
    """[positions.quality-handler] department, title, title_en, rank, sees, duties = ["front_desk"]."""
    for code, entry in loading.each(entries):
        loading.known_keys(entry, "department", "title", "title_en", "rank", "sees", "duties")
        department = loading.needed(entry, "department")
        loading.put(
            Position,
            {"code": code},
            {
                "department": loading.find(Department, _("department"), code=department),
                "title": loading.needed(entry, "title"),
                "title_en": entry.get("title_en", ""),
                "rank": entry.get("rank", 1),
                "sees": entry.get("sees", "department"),
                "duties": sorted(entry.get("duties", [])),
            },
        )


@section("people")
def load_people(entries, loading: Loading) -> None:
    """[people.wang] name, email, phone, language, active, posts = ["front-desk-agent"], the main post first.
    A post may also be { position = "…", since = 2024-01-01, until = 2025-01-01 }.
    `password` counts only for somebody new; nobody's password is ever changed by a file."""
    for login, entry in loading.each(entries):
        loading.known_keys(entry, "name", "email", "phone", "language", "active", "posts", "password")
        values = {
            "name": loading.needed(entry, "name"),
            "email": entry.get("email", ""),
            "phone": entry.get("phone", ""),
            "language": entry.get("language", "zh-hans"),
            "is_active": entry.get("active", True),
        }
        if not Person.objects.filter(login=login).exists():
            person = Person.objects.create_user(login, entry.get("password"), **values)
            loading.created["Person"] += 1
            loading.tell(person)
        else:
            person = loading.put(Person, {"login": login}, values)
        if "posts" in entry:
            _load_posts(person, entry["posts"], loading)


def _load_posts(person: Person, written: list, loading: Loading) -> None:
    """The file's list is complete: a post it no longer has ends today, because history is kept."""
    today = loading.now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    wanted = []
    for number, post in enumerate(written):
        post = {"position": post} if isinstance(post, str) else post
        loading.known_keys(post, "position", "since", "until")
        position = loading.find(Position, _("position"), code=loading.needed(post, "position"))
        key = {"person": person, "position": position, "since": _day(post.get("since", SINCE_EVER), loading)}
        until = post.get("until")
        wanted.append((key, {"until": _day(until, loading) if until else None, "is_main": number == 0}))
    kept = {(key["position"].pk, key["since"]) for key, _values in wanted}
    for post in person.posts.filter(until=None).select_related("position"):
        if (post.position_id, post.since) not in kept:
            code, pk = post.position.code, post.pk
            if post.since < today:
                Post.objects.filter(pk=pk).update(until=today, is_main=False)
            else:
                post.delete()
            loading.changed["Post"] += 1
            record(events.PostEnded(position=code, until=today.isoformat(), **_told(person, loading.now)))
    # Secondary posts first: two main posts at once would break the rule that there is one.
    for key, values in sorted(wanted, key=lambda pair: bool(pair[1]["is_main"])):
        loading.put(Post, key, values)


@section("absences")
def load_absences(entries, loading: Loading) -> None:
    """[[absences]] person = "wu", from = 2026-03-02, to = 2026-03-06T12:00:00, deputy = "qian", reason."""
    for _number, entry in loading.each(entries):
        loading.known_keys(entry, "person", "from", "to", "deputy", "reason")
        deputy = entry.get("deputy")
        from_at = _moment(loading.needed(entry, "from"), loading)
        to_at = _moment(loading.needed(entry, "to"), loading)
        if to_at <= from_at:
            raise loading.refuse(_("The absence ends before it begins."))
        person = loading.find(Person, _("person"), login=loading.needed(entry, "person"))
        stands_in = loading.find(Person, _("person"), login=deputy) if deputy else None
        if stands_in == person:
            raise loading.refuse(_("Nobody can be their own deputy."))
        values = {"to_at": to_at, "deputy": stands_in, "reason": entry.get("reason", "")}
        loading.put(Absence, {"person": person, "from_at": from_at}, values)


def _day(written, loading: Loading) -> date:
    if isinstance(written, date) and not isinstance(written, datetime):
        return written
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        raise loading.refuse(_("“%(day)s” is not a date.") % {"day": written}) from None


def _moment(written, loading: Loading) -> datetime:
    """A moment; one without a zone is meant in the firm's own."""
    if not isinstance(written, datetime):
        written = datetime.combine(_day(written, loading), time(0))
    if written.tzinfo is None:
        written = written.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    return written.astimezone(UTC)


# Last, because their lines name positions, departments and people.
from guixin.organisation import authority_section, skill_section  # noqa: E402, F401
