"""What still waits for a department or a person, asked before one closes and the other leaves."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guixin.organisation.arranging import CannotClose
from guixin.organisation.employing import CannotLeave
from guixin.organisation.models import Department, Person
from guixin.serve.handing_over import besides_cases
from guixin.serve.models import Case, RoutingStep, Task


def keeps_open(department: Department) -> None:
    """Raises CannotClose while tasks, cases or a routing rule need the department."""
    if number := Task.objects.unfinished().filter(department=department).count():
        raise CannotClose(
            ngettext(
                "%(n)s task is still open there. Pass it on to another department first.",
                "%(n)s tasks are still open there. Pass them on to another department first.",
                number,
            )
            % {"n": number}
        )
    if number := Case.objects.open().filter(department=department).count():
        raise CannotClose(
            ngettext(
                "%(n)s open case is with it now. Route it to another department first.",
                "%(n)s open cases are with it now. Route them to another department first.",
                number,
            )
            % {"n": number}
        )
    step = RoutingStep.objects.filter(department=department, rule__withdrawn_at=None).first()
    if step is not None:
        raise CannotClose(
            _("The routing rule “%(rule)s” sends work there. Change the rule first.")
            % {"rule": step.rule.name}
        )


def keeps_here(person: Person) -> None:
    """Raises CannotLeave while the person owns an open case, handles an open task, or answers for something else."""
    cases = Case.objects.open().filter(owner=person).count()
    tasks = Task.objects.unfinished().filter(handler=person).count()
    if cases or tasks:
        raise CannotLeave(
            _(
                "They still have %(cases)s open cases and %(tasks)s open tasks. Hand those over first, "
                "so that nobody waits for somebody who is not here."
            )
            % {"cases": cases, "tasks": tasks}
        )
    if left := sum(not held.stays for held in besides_cases(person, timezone.now(), for_good=True)):
        raise CannotLeave(
            ngettext(
                "They still answer for %(n)s other thing, such as a planned contact or a customer. Hand it over first.",
                "They still answer for %(n)s other things, such as planned contacts or customers. Hand them over first.",
                left,
            )
            % {"n": left}
        )
