"""What was said on a case while somebody was writing: shown before they speak too, with their own words kept."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Person
from guixin.serve.models import Case, HeldReply, Message
from guixin.web.refusals import Refused

Kind = Message.Kind
# What changes the answer. A note among ourselves and the system's own news of progress do not.
MATTERS = (
    Kind.ACKNOWLEDGEMENT, Kind.PRELIMINARY, Kind.REPLY, Kind.ON_SITE, Kind.CUSTOMER, Kind.URGE, Kind.RESULT,
)  # fmt: skip


class SaidMeanwhile(Refused):
    """Somebody else, or the customer, said something since the writer looked. Nothing is lost on either side.

    `messages` and `on_their_way` are theirs; `seen` is what the writer has seen once these were shown to them.
    """

    def __init__(self, messages: Sequence[Message], on_their_way: Sequence[HeldReply], seen: int):
        super().__init__(
            _("While you were writing, something was said. Read it; then send yours anyway, or not.")
        )
        self.messages, self.on_their_way, self.seen = messages, on_their_way, seen


def last_said(case: Case) -> int:
    """What a form carries that is shown now: the newest message the reader can have seen."""
    return case.messages.order_by("-id").values_list("id", flat=True).first() or 0


def refuse_if_said_since(case: Case, seen: int | None, *, by: Person, read: Sequence[int] = ()) -> None:
    """Refuse if others spoke after the message `seen`. The case is locked, so nobody speaks between this and the act.

    read    replies on their way that the writer was shown already
    """
    if seen is None:
        return
    messages = list(
        case.messages.filter(pk__gt=seen, kind__in=MATTERS).exclude(by=by).select_related("by").order_by("pk")
    )
    on_their_way = list(
        HeldReply.objects.held().filter(case=case).exclude(by=by).exclude(pk__in=read).select_related("by")
    )
    if messages or on_their_way:
        raise SaidMeanwhile(messages, on_their_way, last_said(case))


def ago(at: datetime, now: datetime) -> int:
    """Whole seconds."""
    return max(int((now - at).total_seconds()), 0)
