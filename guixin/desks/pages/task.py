from django.http import HttpResponse

from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.ladders import shown_clocks
from guixin.desks.nouns import NOUNS, address
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.promise.models import Clock, Escalation, Extension
from guixin.serve.models import Message, Task


@signed_in
def show(request: SignedIn, pk: str) -> HttpResponse:
    task = NOUNS["task"].fetch(request.user, pk)
    if not asked_for_alone(request):
        return answer_with_task(request, task)
    reader = Reader.of(request)
    found = offers("task", task, reader) + _more_time(list(Clock.objects.of("task", task.pk)), reader)
    wanted = next((offer for offer in found if offer.name == reader.wanted), None)
    return form_alone(request, wanted, {"wide": True, "task_page": task.pk})


def _more_time(clocks: list[Clock], reader: Reader) -> list[Offer]:
    return [
        offer
        for clock in clocks
        if clock.is_open and clock.measure == "result"
        for offer in offers("clock", clock, reader)
    ]


def answer_with_task(
    request: SignedIn, task: Task, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    """The handler's page: what is asked, the clock, and the acts, nothing else."""
    now, person, reader = database_now(), request.user, Reader.of(request, refused)
    clocks = list(Clock.objects.of("task", task.pk).select_related("version__standard").order_by("due_at"))
    escalations = list(Escalation.objects.filter(clock__in=clocks).order_by("happened_at"))
    open_clocks = [clock for clock in clocks if clock.is_open]
    groups = {
        "task": offers("task", task, reader),
        "time": _more_time(clocks, reader),
        "decide": [
            offer
            for extension in Extension.objects.filter(clock__in=clocks, state=Extension.State.ASKED)
            .select_related("clock", "asked_by")
            for offer in offers("extension", extension, reader, waiting=True)
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
            "here": address("task", task),
            "task_page": task.pk,
            "wide": True,
            "now": now,
        },
        status=status,
    )
