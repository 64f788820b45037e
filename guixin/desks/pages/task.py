"""The handler's page, made for one thumb: what is asked, my clock, the evidence; what to do stands in a bar below."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import pgettext_lazy

from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.ladders import shown_clocks
from guixin.desks.nouns import NOUNS, address
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.promise.models import Clock, Escalation, Extension
from guixin.serve.filling_in import current_form, form_to_fill_in, shown_form
from guixin.serve.models import Attachment, Message, Task


@dataclass(frozen=True)
class Control:
    """A button of the bar: one word, its icon and its key. `is_main` is the one under the thumb."""

    offer: Offer
    words: Any
    icon: str
    key: str = ""
    is_main: bool = False


# In the order of the bar; what is not here (withdrawing) is for the owner and stands further down.
_BAR = {
    "acceptance": (pgettext_lazy("task", "Accept"), "check", "a"),
    "results": (pgettext_lazy("task", "Answer"), "message", "r"),
    "questions": (pgettext_lazy("task", "Ask"), "ask", "q"),
    "extensions": (pgettext_lazy("task", "More time"), "clock", ""),
    "transfer": (pgettext_lazy("task", "Pass on"), "route", "d"),
    "sending-back": (pgettext_lazy("task", "Not ours"), "back", ""),
}


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


def _form_of(task: Task, files: list[Attachment]) -> dict[str, Any]:
    filled = current_form(task.case)
    wanted = form_to_fill_in(task.case) if filled is None and task.case.is_open else None
    return {"filled": shown_form(filled, attachments=files) if filled else None, "form_to_fill_in": wanted}


def bar(found: list[Offer]) -> list[Control]:
    """The buttons, the main one first: accepting comes before answering."""
    by_name = {offer.act.name: offer for offer in found}
    names = [name for name in _BAR if name in by_name]
    return [
        Control(by_name[name], *_BAR[name], is_main=name == names[0] and name in ("acceptance", "results"))
        for name in names
    ]


def answer_with_task(
    request: SignedIn, task: Task, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    now, person, reader = database_now(), request.user, Reader.of(request, refused)
    clocks = list(
        Clock.objects.of("task", task.pk)
        .select_related("version__standard", "department", "holder")
        .order_by("due_at")
    )
    escalations = list(Escalation.objects.filter(clock__in=clocks).order_by("happened_at"))
    open_clocks = [clock for clock in clocks if clock.is_open]
    extensions = list(
        Extension.objects.filter(clock__in=clocks).select_related("clock", "asked_by", "authority")
    )
    groups = {
        "task": offers("task", task, reader),
        "time": _more_time(clocks, reader),
        "decide": [
            offer
            for extension in extensions
            if extension.state == Extension.State.ASKED
            for offer in offers("extension", extension, reader, waiting=True)
        ],
    }
    with_refused(groups, "task", refused)
    found = groups["task"] + groups["time"]
    files = list(Attachment.objects.filter(case=task.case).order_by("at", "pk"))
    messages = list(Message.objects.filter(task=task).select_related("by").order_by("at", "pk"))
    said = {message.pk for message in messages}
    for message in messages:
        message.files = [each for each in files if each.message_id == message.pk]  # type: ignore[attr-defined]
    return page(
        request,
        "desks/task.html",
        {
            "task": task,
            "case": task.case,
            "customer": task.case.customer.shown_to(person) if task.case.customer else None,
            "clocks": shown_clocks(open_clocks or clocks[-1:], escalations, now),
            "messages_of_task": messages,
            **_form_of(task, files),
            "evidence": [each for each in files if each.message_id not in said],
            "extensions": extensions,
            "transfers": task.transfers.select_related("from_department", "to_department", "by").order_by(
                "at"
            ),
            "decide": groups["decide"],
            "bar": bar(found),
            # Accepting needs no form, only the button in the bar, unless it was refused.
            "open_forms": [
                offer for offer in found if offer.is_open and (offer.act.look != "main" or offer.refusal)
            ],
            "others": [offer for offer in found if offer.act.name not in _BAR and not offer.is_open],
            "here": address("task", task),
            "task_page": task.pk,
            "wide": True,
            "now": now,
        },
        status=status,
    )
