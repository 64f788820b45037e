"""What the organisation announces: who changed the firm, and what. Codes, ids and names of fields, never what somebody is
called or where they live."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from guixin.ledger import Event
from guixin.ledger.wording import coded

coded(  # fields, as events name what changed
    "changed",
    {
        "name": gettext_lazy("name"),
        "name_en": gettext_lazy("English name"),
        "parent": gettext_lazy("place in the tree"),
        "calendar": gettext_lazy("working hours"),
        "region": gettext_lazy("region"),
        "is_front_desk": gettext_lazy("front desk"),
        "title": gettext_lazy("title"),
        "title_en": gettext_lazy("English title"),
        "rank": gettext_lazy("rank"),
        "sees": gettext_lazy("what it sees"),
        "duties": gettext_lazy("duties"),
        "email": gettext_lazy("e-mail"),
        "phone": gettext_lazy("phone"),
        "language": gettext_lazy("language"),
        "timezone": gettext_lazy("time zone"),
        "holidays": gettext_lazy("holidays"),
        "always": gettext_lazy("round the clock"),
        "hours": gettext_lazy("hours"),
        "url": gettext_lazy("address"),
        "kinds": gettext_lazy("events"),
        "is_active": gettext_lazy("on or off"),
        "secret": gettext_lazy("secret"),
    }.items(),
)


@dataclass(frozen=True, kw_only=True)
class DepartmentAdded(Event):
    """The firm has a new department."""

    kind: ClassVar[str] = "organisation.department_added"
    sentence: ClassVar[str] = _("Department %(code)s was added")
    code: str


@dataclass(frozen=True, kw_only=True)
class DepartmentChanged(Event):
    """A department has another name, place in the tree, calendar or region: `changed` names the fields."""

    kind: ClassVar[str] = "organisation.department_changed"
    sentence: ClassVar[str] = _("Department %(code)s was changed: %(changed)s")
    code: str
    changed: str


@dataclass(frozen=True, kw_only=True)
class DepartmentClosed(Event):
    """A department takes no new work from now on; what it did stays."""

    kind: ClassVar[str] = "organisation.department_closed"
    sentence: ClassVar[str] = _("Department %(code)s was closed")
    code: str


@dataclass(frozen=True, kw_only=True)
class DepartmentReopened(Event):
    """A closed department takes work again."""

    kind: ClassVar[str] = "organisation.department_reopened"
    sentence: ClassVar[str] = _("Department %(code)s was opened again")
    code: str


@dataclass(frozen=True, kw_only=True)
class PositionAdded(Event):
    """A department has a new position, with its rank on the ladder."""

    kind: ClassVar[str] = "organisation.position_added"
    sentence: ClassVar[str] = _("Position %(code)s was added at rank %(rank)s")
    code: str
    department_id: int
    rank: int


@dataclass(frozen=True, kw_only=True)
class PositionChanged(Event):
    """A position has another title, rank, view or duties: `changed` names the fields."""

    kind: ClassVar[str] = "organisation.position_changed"
    sentence: ClassVar[str] = _("Position %(code)s was changed: %(changed)s")
    code: str
    changed: str


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """Somebody new works here. Who it is stands in the record of the person, not here."""

    kind: ClassVar[str] = "organisation.person_added"
    sentence: ClassVar[str] = _("Somebody new works here")


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    """Name, address, telephone or language of a person changed: `changed` names the fields, never the values."""

    kind: ClassVar[str] = "organisation.person_changed"
    sentence: ClassVar[str] = _("The record was changed: %(changed)s")
    changed: str


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Event):
    """Somebody no longer works here."""

    kind: ClassVar[str] = "organisation.person_left"
    sentence: ClassVar[str] = _("No longer works here")


@dataclass(frozen=True, kw_only=True)
class PersonReturned(Event):
    """Somebody who had left works here again."""

    kind: ClassVar[str] = "organisation.person_returned"
    sentence: ClassVar[str] = _("Works here again")


@dataclass(frozen=True, kw_only=True)
class PersonLocked(Event):
    """Somebody may not sign in until unlocked; their work and their place on the ladder stay."""

    kind: ClassVar[str] = "organisation.person_locked"
    sentence: ClassVar[str] = _("Signing in was locked")


@dataclass(frozen=True, kw_only=True)
class PersonUnlocked(Event):
    """Somebody may sign in again."""

    kind: ClassVar[str] = "organisation.person_unlocked"
    sentence: ClassVar[str] = _("Signing in was unlocked")


@dataclass(frozen=True, kw_only=True)
class SignedOutEverywhere(Event):
    """Every session of a person was ended."""

    kind: ClassVar[str] = "organisation.signed_out_everywhere"
    sentence: ClassVar[str] = _("Signed out everywhere")


@dataclass(frozen=True, kw_only=True)
class SignInLinkMade(Event):
    """A link was made with which somebody can choose a password; `purpose` is invitation or reset."""

    kind: ClassVar[str] = "organisation.sign_in_link_made"
    sentence: ClassVar[str] = _("An invitation was made")
    reset: ClassVar[str] = _("A link to a new password was made")
    purpose: str
    expires_at: datetime

    @classmethod
    def sentence_for(cls, facts: dict[str, Any]) -> str:
        return cls.reset if facts.get("purpose") == "reset" else cls.sentence


@dataclass(frozen=True, kw_only=True)
class PasswordChosen(Event):
    """Somebody chose a password with a sign-in link, which is used up by it."""

    kind: ClassVar[str] = "organisation.password_chosen"
    sentence: ClassVar[str] = _("A password was chosen with a sign-in link")
    purpose: str


@dataclass(frozen=True, kw_only=True)
class PostGiven(Event):
    """Somebody holds a position from `since` on."""

    kind: ClassVar[str] = "organisation.post_given"
    sentence: ClassVar[str] = _("Holds the position %(position)s from %(since)s")
    position: str
    since: str


@dataclass(frozen=True, kw_only=True)
class PostEnded(Event):
    """Somebody holds a position until `until`, a day that no longer counts."""

    kind: ClassVar[str] = "organisation.post_ended"
    sentence: ClassVar[str] = _("The position %(position)s ends on %(until)s")
    position: str
    until: str


@dataclass(frozen=True, kw_only=True)
class AbsencePlanned(Event):
    """Somebody will be away, and who decides meanwhile. Why is nobody's business here."""

    kind: ClassVar[str] = "organisation.absence_planned"
    sentence: ClassVar[str] = _("Away from %(from_at)s to %(to_at)s")
    absence_id: int
    from_at: datetime
    to_at: datetime
    deputy_id: int | None


@dataclass(frozen=True, kw_only=True)
class AbsenceEnded(Event):
    """Somebody is back before the planned end, or never went away."""

    kind: ClassVar[str] = "organisation.absence_ended"
    sentence: ClassVar[str] = _("The absence was ended early")
    absence_id: int


@dataclass(frozen=True, kw_only=True)
class CalendarAdded(Event):
    """There is a new calendar of working hours."""

    kind: ClassVar[str] = "organisation.calendar_added"
    sentence: ClassVar[str] = _("Calendar %(code)s was added")
    code: str


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event):
    """Working hours changed. Every running promise counted in the calendar is worked out again."""

    kind: ClassVar[str] = "organisation.calendar_changed"
    sentence: ClassVar[str] = _("Calendar %(code)s was changed: %(changed)s")
    code: str
    calendar_id: int
    changed: str


@dataclass(frozen=True, kw_only=True)
class HolidaysChanged(Event):
    """The holidays of a year were set or published; `moved` is how many running deadlines moved by it."""

    kind: ClassVar[str] = "organisation.holidays_changed"
    sentence: ClassVar[str] = _("Holidays of %(year)s: %(days)s days, %(moved)s promises moved")
    list: str
    year: int
    days: int
    published: bool
    moved: int


@dataclass(frozen=True, kw_only=True)
class ApiKeyMade(Event):
    """A program may come in with a key, acting as a person, for what `scopes` allow."""

    kind: ClassVar[str] = "organisation.api_key_made"
    sentence: ClassVar[str] = _("An API key was made: %(scopes)s")
    person_id: int
    scopes: str
    expires_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ApiKeyRevoked(Event):
    """A key opens nothing any more."""

    kind: ClassVar[str] = "organisation.api_key_revoked"
    sentence: ClassVar[str] = _("The API key was revoked")
