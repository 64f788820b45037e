from django.http import HttpResponse

from guixin.desks.acts import Offer, offers, with_refused
from guixin.desks.ladders import shown_clocks
from guixin.desks.lists import Lists
from guixin.desks.nouns import NOUNS
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.promise.models import Clock, Escalation, Extension
from guixin.serve.models import Message, Task

FIRST = ("acceptance", "results")


@signed_in
def show(request: SignedIn, pk: str) -> HttpResponse:
    return answer_with_task(request, NOUNS["task"].fetch(request.user, pk))


def answer_with_task(
    request: SignedIn, task: Task, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    """The handler's page: what is asked, the clock, and the acts, nothing else."""
    now, person, lists = database_now(), request.user, Lists()
    clocks = list(Clock.objects.of("task", task.pk).select_related("version__standard").order_by("due_at"))
    escalations = list(Escalation.objects.filter(clock__in=clocks).order_by("happened_at"))
    open_clocks = [clock for clock in clocks if clock.is_open]
    groups = {
        "task": offers("task", task, person, lists, refused),
        "time": [
            offer
            for clock in open_clocks
            if clock.measure == "result"
            for offer in offers("clock", clock, person, lists, refused)
        ],
        "decide": [
            offer
            for extension in Extension.objects.filter(clock__in=clocks, state=Extension.State.ASKED)
            .select_related("clock", "asked_by")
            for offer in offers("extension", extension, person, lists, refused)
        ],
    }  # fmt: skip
    with_refused(groups, "task", refused)
    return page(
        request,
        "desks/task.html",
        {
            "task": task,
            "case": task.case,
            "customer": task.case.customer.shown_to(person) if task.case.customer else None,
            "clocks": shown_clocks(open_clocks or clocks[-1:], escalations, now),
            "messages_of_task": Message.objects.filter(task=task).select_related("by").order_by("at", "pk"),
            "extensions": Extension.objects.filter(clock__in=clocks).select_related("authority"),
            "transfers": task.transfers.select_related("from_department", "to_department", "by").order_by(
                "at"
            ),
            "acts": groups,
            "now": now,
        },
        status=status,
    )
