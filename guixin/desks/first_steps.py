"""What a new firm does before its first case is closed: for its administrator, on Today."""

from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy

from guixin.organisation.access import scope_of
from guixin.organisation.models import Calendar, Department, Person
from guixin.organisation.models.position import Duty, Rank
from guixin.promise.models import StandardVersion
from guixin.serve.models import Case, Closing, RoutingRule


@dataclass(frozen=True)
class Step:
    """One thing a new firm does before its first case is closed."""

    words: LazyText | str
    address: str
    done: bool


def first_steps(person: Person) -> list[Step]:
    """For the administrator of a firm that has not closed a case yet; nothing afterwards."""
    scope = scope_of(person)
    if not (scope.has_duty(Duty.ADMINISTRATOR) or scope.rank >= Rank.GENERAL_MANAGER):
        return []
    if Closing.objects.exists():
        return []
    return [
        Step(gettext_lazy("Departments and people"), "/admin/", Department.objects.count() > 1),
        Step(gettext_lazy("Working hours and holidays"), "/admin/", Calendar.objects.exists()),
        Step(gettext_lazy("Service standards"), "/admin/",
             StandardVersion.objects.filter(withdrawn_at=None).exists()),
        Step(gettext_lazy("Rules that find the department"), "/admin/",
             RoutingRule.objects.filter(withdrawn_at=None).exists()),
        Step(gettext_lazy("The first case taken in"), "/cases/new", Case.objects.exists()),
        Step(gettext_lazy("The first case closed"), "/queues/mine", False),
    ]  # fmt: skip
