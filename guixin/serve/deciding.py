"""What a case is to the authority matrix, and money promised on it: decided at once, or asked for further up."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation import authority, decisions, in_force
from guixin.organisation.models import Person, Use
from guixin.organisation.verdicts import Subject
from guixin.promise import authorising
from guixin.promise.authority_events import AuthorityDecided, AuthorityWithdrawn
from guixin.promise.models import AuthorityRequest
from guixin.serve import goodwill_events as events
from guixin.serve.models import Case, CaseLink, Goodwill
from guixin.serve.routing import locked_open
from guixin.understand.models import Customer
from guixin.web import money
from guixin.web.refusals import Refused


class CannotPromise(Refused):
    """The goodwill cannot be promised, or not be taken back."""

    about_input = True


def subject_of_case(case: Case, about: tuple[str, int] | None = None) -> Subject:
    """The case with everything that is one with it: merged into it, split off it, and its customer's merged records."""
    return Subject(
        about=about or case.about,
        case_id=case.pk,
        case_ids=tuple(sorted(_family(case.pk))),
        customer_id=case.customer_id,
        customer_ids=tuple(
            Customer.objects.filter(merged_into=case.customer_id).values_list("pk", flat=True)
            if case.customer_id
            else ()
        ),
        kind=case.kind,
        severity=case.severity,
        is_repeat=CaseLink.objects.filter(case=case, kind=CaseLink.Kind.REPEAT).exists(),
    )


def subject_of_case_id(case_id: int, about: tuple[str, int]) -> Subject:
    """The same, for a package that knows the case by its id alone."""
    return subject_of_case(Case.objects.get(pk=case_id), about)


def _family(case_id: int) -> set[int]:
    """Splitting a case in two makes no second limit, nor does merging hide what was spent."""
    family, fresh = {case_id}, {case_id}
    while fresh:
        merged = Case.objects.filter(merged_into__in=fresh).values_list("pk", flat=True)
        split = CaseLink.objects.filter(
            Q(case__in=fresh) | Q(other__in=fresh), kind=CaseLink.Kind.SPLIT
        ).values_list("case_id", "other_id")
        fresh = ({*merged} | {pk for pair in split for pk in pair}) - family
        family |= fresh
    return family


@transaction.atomic
def promise_goodwill(
    case: Case, amount: int, currency: str, *, reason: str, by: Person, now: datetime,
    kind: str = Goodwill.Kind.GOODWILL,
) -> Goodwill:  # fmt: skip
    """Promise the customer this sum, within one's authority; else it is asked for, and promised once it is granted.

    amount   minor units, more than nothing; of a replacement or a gift, what it is worth
    kind     decided by the line of the matrix for it, or that for goodwill where there is none; all of them count together
    """
    case = locked_open(case)
    if kind not in Goodwill.Kind.values:
        raise CannotPromise(_("Choose what is given: goodwill, a refund, a replacement, a credit or a gift."))
    if not reason.strip():
        raise CannotPromise(_("Say what it is for; it stands in the ledger beside the sum."))
    decision = kind if in_force.governs(kind) else "goodwill"
    decisions.checked(decision, amount, currency)
    goodwill = Goodwill.objects.create(
        case=case, kind=kind, amount=amount, currency=currency, reason=reason.strip(), by=by, at=now
    )
    answer = authorising.decide(
        by, decision, amount, subject=subject_of_case(case, goodwill.about), now=now, currency=currency,
        reason=reason,
    )  # fmt: skip
    if isinstance(answer, AuthorityRequest):
        goodwill.request = answer
        goodwill.save(update_fields=["request"])
    else:
        _promised(goodwill, answer, by.pk, now)
    return goodwill


def _promised(goodwill: Goodwill, use: Use, by_id: int, now: datetime) -> None:
    goodwill.state, goodwill.use, goodwill.settled_at = Goodwill.State.PROMISED, use, now
    goodwill.save(update_fields=["state", "use", "settled_at"])
    record(
        events.GoodwillPromised(
            happened_at=now, actor_id=by_id, **_facts(goodwill), use_id=use.pk, compensation=goodwill.kind,
            personal={"reason": goodwill.reason},
        )
    )  # fmt: skip


def _facts(goodwill: Goodwill) -> dict:
    return {
        "about": goodwill.about,
        "case_id": goodwill.case_id,
        "goodwill_id": goodwill.pk,
        "sum": f"{money.written(goodwill.amount, goodwill.currency)} {goodwill.currency}",
    }


def settle_goodwill(told: Sequence[AuthorityDecided | AuthorityWithdrawn]) -> None:
    """Reaction: a request was answered; what it asked for is promised or not."""
    rows = Goodwill.objects.filter(request__in=[each.request_id for each in told], state=Goodwill.State.ASKED)
    by_request = {row.request_id: row for row in rows.select_for_update()}
    for event in told:
        goodwill = by_request.get(event.request_id)
        if goodwill is None:
            continue
        if isinstance(event, AuthorityDecided) and event.use_id:
            use = Use.objects.get(pk=event.use_id)
            _promised(goodwill, use, event.actor_id or goodwill.by_id, event.happened_at)
        else:
            refused = isinstance(event, AuthorityDecided)
            goodwill.state = Goodwill.State.REFUSED if refused else Goodwill.State.WITHDRAWN
            goodwill.settled_at = event.happened_at
            goodwill.save(update_fields=["state", "settled_at"])


@transaction.atomic
def take_goodwill_back(goodwill: Goodwill, *, by: Person, now: datetime) -> Goodwill:
    """The customer does not want it, or it was a mistake: it counts against no limit any more."""
    locked_open(goodwill.case)
    goodwill = Goodwill.objects.select_for_update().get(pk=goodwill.pk)
    if goodwill.state == Goodwill.State.GIVEN:
        raise CannotPromise(_("The customer has it already; it cannot be taken back."))
    if goodwill.state != Goodwill.State.PROMISED or goodwill.use is None:
        raise CannotPromise(_("Only what was promised can be taken back."))
    authority.give_back(goodwill.use, by=by, now=now)
    goodwill.state, goodwill.settled_at = Goodwill.State.WITHDRAWN, now
    goodwill.save(update_fields=["state", "settled_at"])
    record(events.GoodwillTakenBack(happened_at=now, actor_id=by.pk, **_facts(goodwill)))
    return goodwill


@transaction.atomic
def hand_goodwill_over(
    goodwill: Goodwill, given_on: date, reference: str, *, by: Person, now: datetime
) -> Goodwill:
    """The customer has what was promised. Possible on a closed case too: what was promised is still owed.

    reference   the number of the payment, voucher or parcel, by which finance finds it again
    """
    Case.objects.select_for_update(of=("self",)).get(pk=goodwill.case_id)
    goodwill = Goodwill.objects.select_for_update(of=("self",)).get(pk=goodwill.pk)
    if goodwill.state == Goodwill.State.GIVEN:
        raise CannotPromise(_("This is settled to the customer already."))
    if goodwill.state != Goodwill.State.PROMISED or goodwill.settled_at is None:
        raise CannotPromise(_("Only what was promised can be paid or handed over."))
    if not reference.strip():
        raise CannotPromise(_("Give the number of the payment, voucher or parcel."))
    if not timezone.localdate(goodwill.settled_at) <= given_on <= timezone.localdate(now):
        raise CannotPromise(_("The day lies between that of the promise and today."))
    goodwill.state, goodwill.given_on, goodwill.given_at, goodwill.given_by = (
        Goodwill.State.GIVEN,
        given_on,
        now,
        by,
    )
    goodwill.reference = reference.strip()
    goodwill.save(update_fields=["state", "given_on", "given_at", "given_by", "reference"])
    record(
        events.GoodwillHandedOver(
            happened_at=now, actor_id=by.pk, **_facts(goodwill), compensation=goodwill.kind,
            given_on=given_on.isoformat(), reference=goodwill.reference,
        )
    )  # fmt: skip
    return goodwill
