"""Departments, positions, people, absences, calendars and keys: the firm as it is today."""

from guixin.organisation.models.api_key import ApiKey, Scopes
from guixin.organisation.models.authority import Grant, Lending, Matrix, Use
from guixin.organisation.models.calendar import Calendar, CalendarShift, HolidayDay, HolidayList, HolidayYear
from guixin.organisation.models.department import CannotMove, Department
from guixin.organisation.models.person import Absence, Person
from guixin.organisation.models.position import Duty, Position, Post, Rank, Sees
from guixin.organisation.models.revision import Revision
from guixin.organisation.models.sign_in_link import SignInLink
from guixin.organisation.models.skill import Skill
from guixin.organisation.models.versions import Drafted, Published

__all__ = [
    "Absence",
    "ApiKey",
    "Calendar",
    "CalendarShift",
    "CannotMove",
    "Department",
    "Drafted",
    "Duty",
    "Grant",
    "HolidayDay",
    "HolidayList",
    "HolidayYear",
    "Lending",
    "Matrix",
    "Person",
    "Position",
    "Post",
    "Published",
    "Rank",
    "Revision",
    "Scopes",
    "Sees",
    "SignInLink",
    "Skill",
    "Use",
]
