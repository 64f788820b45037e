"""Progress told before it is asked (S6): a short sentence at each milestone, in the customer's language.

The customer reads it on the tracking page. It names departments, never people, and repeats nothing anybody
wrote. It fulfils no promise: a system that says “received” has not answered. Cases from a file are of the past,
and nobody is told today what happened then.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guixin.ledger import Event, record
from guixin.ledger.bulk import fetch_rows, insert_rows
from guixin.organisation.models import Department
from guixin.promise import events as promise
from guixin.promise.models import Extension
from guixin.promise.models.standard import TO_CUSTOMER
from guixin.serve import call_back_events as call_backs
from guixin.serve import emergency_events, events, task_events
from guixin.serve.models import Case, Message

Words = Callable[[Event], str]  # called with the customer's language switched on; "" says nothing

_MESSAGE = {
    "case_id": "bigint", "kind": "text", "body": "text", "channel": "text", "at": "timestamptz",
}  # fmt: skip


def received(opened: Sequence[events.CaseOpened]) -> None:
    """Reaction: the number is known, and that somebody answers for it."""
    numbers = {event.case_id: event.number for event in opened}
    _tell(opened, lambda event: _("We have received it. Your number is %s.") % numbers[event.case_id])


def accepted(accepted: Sequence[task_events.TaskAccepted]) -> None:
    """Reaction: a department is at work on it."""
    names = _department_names(accepted)
    _tell(accepted, lambda event: _("%s is working on it.") % names(event))


def result_is_in(returned: Sequence[task_events.ResultReturned]) -> None:
    """Reaction: a department is done; the answer itself comes from the owner."""
    names = _department_names(returned)
    _tell(returned, lambda event: _("%s has finished its part. We will tell you the result.") % names(event))


def closed(closed: Sequence[events.CaseClosed]) -> None:
    """Reaction: the number is closed, and may be opened again."""
    _tell(closed, lambda event: _("Closed. If you are not satisfied, tell us and we open it again."))


def reopened(reopened: Sequence[events.CaseReopened]) -> None:
    _tell(reopened, lambda event: _("Opened again under the same number."))


def extended(decided: Sequence[promise.ExtensionDecided]) -> None:
    """Reaction: more time was granted for something promised to the customer: the new date and the reason."""
    granted = [event for event in decided if event.granted and event.new_due_at]
    reasons = dict(
        Extension.objects.filter(pk__in=[event.extension_id for event in granted]).values_list("pk", "reason")
    )

    def words(event: Event) -> str:
        assert isinstance(event, promise.ExtensionDecided)
        facts = {"date": shown(event.new_due_at), "reason": reasons.get(event.extension_id, "")}
        if event.measure in TO_CUSTOMER:
            return _("We need more time; the new date is %(date)s. The reason: %(reason)s") % facts
        return _("A department needs more time, until %(date)s. The reason: %(reason)s") % facts

    _tell(granted, words)


def shown(moment: datetime | None) -> str:
    """A moment as the customer reads it, in the firm's own zone."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""


def _department_names(about: Iterable) -> Callable[[Event], str]:
    departments = Department.objects.in_bulk({event.department_id for event in about})

    def name(event: Event) -> str:
        assert isinstance(event, task_events.TaskEvent)
        return departments[event.department_id].shown_name(translation.get_language() or "")

    return name


_LANGUAGES = f"""
    SELECT id, language FROM serve_case WHERE id = ANY(%s::bigint[]) AND channel <> '{Case.Channel.FILE.value}'
"""  # noqa: S608  a word of our own


def _tell(told: Sequence[Event], words: Words) -> None:
    """One message and one entry for each event whose case has a customer to read it."""
    languages = dict(fetch_rows(_LANGUAGES, [list({event.case_id for event in told})]))
    rows = []
    for event in told:
        if event.case_id not in languages:
            continue
        with translation.override(languages[event.case_id]):
            if body := words(event):
                rows.append((event.case_id or 0, Message.Kind.NEWS, body, "tracking", event.happened_at))
    ids = insert_rows("serve_message", _MESSAGE, rows, returning="id")
    record(
        *(
            events.CustomerTold(
                happened_at=at,
                about=("case", case_id),
                case_id=case_id,
                message_id=message_id,
                message_kind=kind,
                channel=channel,
            )
            for (message_id,), (case_id, kind, _body, channel, at) in zip(ids, rows, strict=True)
        )
    )


def emergency(begun: Sequence[emergency_events.EmergencyBegun]) -> None:
    """Reaction: the customer sees that their matter goes before everything else."""
    _tell(begun, lambda event: _("We treat this as an emergency; it goes before everything else."))


def could_not_reach(given_up: Sequence[call_backs.CallBackGivenUp]) -> None:
    """Reaction: we rang in vain as often as we try. Told where the call was about a case; the link of the call says it too."""
    _tell(
        [event for event in given_up if event.case_id is not None],
        lambda event: _("We rang you as promised and did not reach you. Choose another time, or call us."),
    )
