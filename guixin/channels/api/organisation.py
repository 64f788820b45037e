"""The firm: departments, people, positions, calendars; absences and the holidays of a year."""

import re
from datetime import date, datetime
from typing import Annotated, Self

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field, model_validator

from guixin.channels.api.answers import Input, Moment, Text, Word
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import person_named
from guixin.organisation.going_away import may_plan_for, plan_absence
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Calendar, Department, Person, Position, Scopes
from guixin.promise.recalculating import CannotPublish, Day, publish_holidays

router = Router(tags=["organisation"], auth=Needs(Scopes.ORGANISATION_READ))

# "2027-02-17 休 春节": a day, whether it is worked, and perhaps its name.
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})[\s,]+(休|班|off|holiday|work)(?:[\s,]+(.*))?", re.ASCII)
_WORKED = {"班", "work"}


class DepartmentWhole(BaseModel):
    id: int
    code: str
    name: str
    name_en: str
    parent_id: int | None
    is_front_desk: bool
    region: str


class PostShown(BaseModel):
    position: str
    title: str
    department: str
    rank: int
    is_main: bool


class PersonWhole(BaseModel):
    id: int
    login: str
    name: str
    is_present: bool
    posts: list[PostShown]


class PositionShown(BaseModel):
    code: str
    title: str
    title_en: str
    department: str
    rank: int
    sees: str
    duties: list[str]


class YearShown(BaseModel):
    year: int
    published: bool
    days: int


class CalendarShown(BaseModel):
    code: str
    name: str
    timezone: str
    always: bool
    holidays: str | None
    years: list[YearShown]
    shifts: list[str]


class AbsenceGiven(Input):
    person: Word | None = Field(None, description="Login; the caller otherwise.")
    from_at: Moment
    to_at: Moment
    deputy: Word | None = Field(None, description="Login of whoever decides meanwhile.")
    reason: Word = ""

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> Self:
        if self.to_at <= self.from_at:
            raise ValueError("an absence ends after it begins")
        return self


class AbsenceShown(BaseModel):
    id: int
    person: str
    from_at: datetime
    to_at: datetime
    deputy: str | None


class DayGiven(Input):
    on: date
    works: bool
    name: Word = ""


class HolidaysGiven(Input):
    """The days unlike their weekdays: as a list, or pasted as lines such as “2027-02-17 休 春节”."""

    days: list[DayGiven] = Field(default=[], max_length=366)
    pasted: Text = ""
    published: bool = True
    source: Word = ""


class HolidaysShown(BaseModel):
    calendar: str
    year: int
    days: int
    published: bool
    moved: int = Field(description="How many running deadlines moved.")


@router.get("/departments", response=list[DepartmentWhole], summary="Departments, as a tree")
def departments(request: HttpRequest):
    """From the top down; `parent_id` says what stands above."""
    return [
        {name: getattr(box, name) for name in DepartmentWhole.model_fields}
        for box in Department.objects.all()
    ]


@router.get("/people", response=list[PersonWhole], summary="People and their posts")
def people(request: HttpRequest, find: str = ""):
    """By name, pinyin or login; no private telephone numbers."""
    now = now_of(request)
    ladder, today = Ladder.at(now), now.date()
    chosen = Person.objects.active()
    if find.strip():
        chosen = chosen.find(find.replace("\x00", ""))
    return [
        {
            "id": who.pk,
            "login": who.login,
            "name": who.name,
            "is_present": ladder.is_present(who.pk),
            "posts": [
                {
                    "position": post.position.code,
                    "title": post.position.title,
                    "department": post.position.department.code,
                    "rank": post.position.rank,
                    "is_main": post.is_main,
                }
                for post in who.posts.all()
                if post.since <= today and (post.until is None or today < post.until)
            ],
        }
        for who in chosen.prefetch_related("posts__position__department").order_by("pk")[:500]
    ]


@router.get("/positions", response=list[PositionShown], summary="Positions with rank and duties")
def positions(request: HttpRequest):
    """What each sees, and what it does for the whole firm."""
    chairs = Position.objects.select_related("department").order_by("department__path", "rank", "pk")
    return [
        {
            "code": chair.code,
            "title": chair.title,
            "title_en": chair.title_en,
            "department": chair.department.code,
            "rank": chair.rank,
            "sees": chair.sees,
            "duties": chair.duties,
        }
        for chair in chairs
    ]


@router.get("/calendars", response=list[CalendarShown], summary="Calendars, with the years published")
def calendars(request: HttpRequest):
    """Deadlines beyond the last published year are provisional."""
    return [
        {
            "code": one.code,
            "name": one.name,
            "timezone": one.timezone,
            "always": one.always,
            "holidays": one.holidays.code if one.holidays else None,
            "years": [
                {"year": year.year, "published": year.published, "days": len(year.days.all())}
                for year in (one.holidays.years.all() if one.holidays else ())
            ],
            "shifts": [str(shift) for shift in one.shifts.all()],
        }
        for one in Calendar.objects.select_related("holidays").prefetch_related(
            "shifts", "holidays__years__days"
        )
    ]


@router.post(
    "/absences",
    auth=Needs(Scopes.ORGANISATION_WRITE),
    response={201: AbsenceShown},
    summary="Somebody is away",
)
def absences(request: HttpRequest, given: AbsenceGiven):
    """Oneself, or somebody one stands above. Meanwhile the deputy decides; escalations skip who is away."""
    who = person_named(given.person) if given.person else by(request)
    must(may_plan_for(by(request), who, now_of(request)))
    deputy = person_named(given.deputy) if given.deputy else None
    made = plan_absence(
        who, from_at=given.from_at, to_at=given.to_at, by=by(request), now=now_of(request), deputy=deputy,
        reason=given.reason,
    )  # fmt: skip
    return Status(
        201,
        {
            "id": made.pk,
            "person": who.login,
            "from_at": made.from_at,
            "to_at": made.to_at,
            "deputy": deputy.login if deputy else None,
        },
    )


@router.put(
    "/calendars/{code}/holidays/{int:year}", response=HolidaysShown, summary="Set the holidays of a year",
    auth=Needs(Scopes.ORGANISATION_WRITE, administrators=True),
)  # fmt: skip
def holidays(
    request: HttpRequest, code: str, year: Annotated[int, Field(ge=1970, le=2200)], given: HolidaysGiven
):
    """Every running deadline counted in a calendar of this list is worked out again, in one transaction."""
    calendar = (
        Calendar.objects.select_related("holidays").filter(code=code).first() if "\x00" not in code else None
    )
    if calendar is None:
        raise Http404(code)
    if calendar.holidays is None:
        raise CannotPublish(_("The calendar “%s” follows no list of holidays.") % code)
    days = [Day(day.on, day.works, day.name) for day in given.days] + _pasted(given.pasted)
    moved = publish_holidays(
        calendar.holidays, year, days, now=now_of(request), published=given.published, source=given.source,
        actor_id=by(request).pk,
    )  # fmt: skip
    return {"calendar": code, "year": year, "days": len(days), "published": given.published, "moved": moved}


def _pasted(text: str) -> list[Day]:
    days = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line.strip())
        try:
            if found is None:
                raise ValueError(line)
            days.append(
                Day(date.fromisoformat(found[1]), found[2] in _WORKED, (found[3] or "").strip()[:200])
            )
        except ValueError as wrong:
            raise CannotPublish(
                _("Line %(number)s is not a day such as “2027-02-17 休 春节”.") % {"number": number}
            ) from wrong
    return days
