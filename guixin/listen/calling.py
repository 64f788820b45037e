"""A wave asked by phone: one of us takes the next call, reads the questions out, types the answers, or says what came of it.

Nobody chooses whom to ask: the next one is the first of the order the sample was drawn in, and never a customer of one's own case,
because nobody asks how they did it themselves. A call that is taken is nobody else's for half an hour.
"""

from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.listen import answering, standing
from guixin.listen.inviting import full_strata, token_of
from guixin.listen.models import Invitation, Sample, Wave, WavePlan
from guixin.listen.sampling import take_turns
from guixin.listen.waves import NotPossibleNow, takes_answers
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.serve.models import FollowUp
from guixin.serve.overview import sees_all
from guixin.understand import consenting, contacting
from guixin.understand.models import Contact, ContactKind, Identity, Purpose, Reach
from guixin.understand.models.identity import IdentityKind
from guixin.web.refusals import Refused

HOLD = timedelta(minutes=30)
TRIES = 3
AGAIN_AFTER = timedelta(hours=4)
LATEST = timedelta(days=60)  # how far ahead a call may be agreed on
State, Reason = Invitation.State, Invitation.Reason


class CannotCall(Refused):
    """The call cannot be made or ended like this."""

    about_input = True


class Ended(models.TextChoices):
    """What came of a call that brought no answers."""

    NO_ANSWER = "no_answer", gettext_lazy("Nobody answers")
    AGAIN = "again", gettext_lazy("Call again later")
    REFUSED = "refused", gettext_lazy("Does not want to be asked")
    WRONG_NUMBER = "wrong_number", gettext_lazy("Wrong number")


def may_call(wave: Wave, person: Person) -> bool:
    """The front desk, those who see everything, and whoever answers for the wave."""
    return sees_all(scope_of(person)) or wave.owner_id == person.pk


# -- whom to call next ---------------------------------------------------------------------------------------------

_WAITS = """
    FROM listen_invitation i JOIN understand_customer c ON c.id = i.customer_id
    JOIN listen_sample s ON s.wave_id = i.wave_id LEFT JOIN serve_case k ON k.id = i.case_id
    WHERE i.wave_id = %(wave)s AND i.state = 'to_call' AND NOT i.is_answered AND i.withdrawn_at IS NULL
      AND (i.expires_at IS NULL OR i.expires_at > %(now)s) AND (i.call_at IS NULL OR i.call_at <= %(now)s)
      AND (i.held_until IS NULL OR i.held_until <= %(now)s) AND k.owner_id IS DISTINCT FROM %(by)s
      AND (c.reach_from IS NULL OR CASE WHEN c.reach_from < c.reach_to THEN %(at)s::time BETWEEN c.reach_from AND c.reach_to
                                        ELSE %(at)s::time >= c.reach_from OR %(at)s::time <= c.reach_to END)
    ORDER BY i.call_at NULLS LAST, md5(s.seed || ':' || i.customer_id), i.id
"""


def _values(wave: Wave, by: Person, now: datetime) -> dict:
    return {"wave": wave.pk, "now": now, "by": by.pk, "at": timezone.localtime(now).time()}


def next_ones(wave: Wave, by: Person, now: datetime, number: int = 10) -> list[Invitation]:
    """Whom this person would be given, in their order, to be looked at alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT i.id {_WAITS} LIMIT %(number)s", _values(wave, by, now) | {"number": number})
        ids = [pk for (pk,) in cursor.fetchall()]
    found = Invitation.objects.select_related("customer").in_bulk(ids)
    return [found[pk] for pk in ids]


@transaction.atomic
def take_next(wave: Wave, *, by: Person, now: datetime) -> Invitation | None:
    """The next call, for half an hour nobody else's; the one already taken, if there is one. None: nobody is to be called now."""
    if not takes_answers(wave, now):
        raise NotPossibleNow(_("The wave is closed; it takes no more answers."))
    sample = Sample.objects.filter(wave=wave).first()
    if sample is None or sample.stopped_at:
        raise NotPossibleNow(_("Nobody is to be called for this wave at the moment."))
    mine = wave.invitations.filter(held_by=by, held_until__gt=now, is_answered=False).first()
    if mine is not None:
        return mine
    full = full_strata([sample]) if sample.quotas else set()
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT i.id {_WAITS} LIMIT 1 FOR NO KEY UPDATE OF i SKIP LOCKED", _values(wave, by, now)
            )
            found = cursor.fetchone()
        if found is None:
            return None
        invitation = Invitation.objects.select_related("wave", "customer").get(pk=found[0])
        if reason := _why_not(invitation, full):
            _end(invitation, State.NOT_SENT, reason)
            continue
        return _hold(invitation, by, now)


def _why_not(invitation: Invitation, full: set[tuple[int, str]]) -> str:
    customer = invitation.customer
    if customer is None or not consenting.may_contact(customer, Purpose.SURVEY, Reach.PHONE):
        return Reason.CONSENT
    if (invitation.wave_id, invitation.stratum) in full:
        return Reason.QUOTA
    known = Identity.objects.filter(customer=customer, kind=IdentityKind.PHONE).exists()
    return "" if known else Reason.ADDRESS


def _hold(invitation: Invitation, by: Person, now: datetime) -> Invitation:
    invitation.held_by, invitation.held_until = by, now + HOLD
    invitation.save(update_fields=["held_by", "held_until"])
    return invitation


@transaction.atomic
def for_follow_up(follow_up: FollowUp, *, by: Person, now: datetime) -> Invitation:
    """The call that is the follow-up of a case, by the questionnaire the firm asks then. Who was mailed it already may say the
    answers; it stays one response."""
    if follow_up.state != FollowUp.State.PLANNED:
        raise NotPossibleNow(_("The outcome of this follow-up is already recorded."))
    plan = follow_up_plan()
    if plan is None:
        raise NotPossibleNow(_("No questionnaire is set up as the follow-up."))
    key = f"case:{follow_up.case_id}:{follow_up.generation}"
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(wave__plan=plan, key=key)
        .select_related("wave")
        .first()
    )
    if found is None:
        found = Invitation.objects.create(
            wave=_wave(plan, now), customer_id=follow_up.case.customer_id, case=follow_up.case,
            made_at=now, state=State.TO_CALL, key=key,
        )  # fmt: skip
    elif found.state in (State.WAITING, State.NOT_SENT):
        found.state, found.reason, found.next_at = State.TO_CALL, "", None  # no mail as well
        found.save(update_fields=["state", "reason", "next_at"])
    answering.check_open(found, now)
    if found.held_by_id not in (None, by.pk) and found.held_until and found.held_until > now:
        raise CannotCall(_("Somebody else is calling them now."))
    return _hold(found, by, now)


def _wave(plan: WavePlan, now: datetime) -> Wave:
    take_turns()
    return standing.wave_of_the_quarter(plan, now)


def follow_up_plan() -> WavePlan | None:
    plans = WavePlan.objects.filter(is_follow_up=True, withdrawn_at=None)
    return plans.select_related("questionnaire", "owner").order_by("pk").first()


# -- the call ------------------------------------------------------------------------------------------------------


def _held(invitation: Invitation, by: Person, now: datetime) -> Invitation:
    mine = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("wave__sample", "wave__version__questionnaire", "customer")
        .get(pk=invitation.pk)
    )
    if mine.held_by_id != by.pk or not mine.held_until or mine.held_until <= now:
        raise CannotCall(_("This call is not yours any more. Take the next one."))
    return mine


def said_so_far(invitation: Invitation) -> dict[str, str]:
    return answering.answers_of(answering.begun(invitation, _token(invitation)))


def _token(invitation: Invitation) -> str:
    """The one the mail would carry: whoever answered half of it by the link goes on by phone."""
    return token_of(invitation, Sample.objects.get(wave=invitation.wave_id).seal)


@transaction.atomic
def answer(
    invitation: Invitation, page: int, given: dict[str, str], *, language: str, by: Person, now: datetime
) -> bool:
    """What was said to the questions of one page; with the last one the call is made. Raises CannotAnswer, LinkEnded, CannotCall."""
    mine = _held(invitation, by, now)
    is_last = answering.answer_page(mine, _token(mine), page, given, language=language, now=now, taken_by=by)
    if is_last:
        _end(mine, State.CALLED, "", now)
        _log(mine, Contact.Outcome.GOOD, _("Answered the questions."), by, now)
    else:
        _hold(mine, by, now)
    return is_last


@transaction.atomic
def end(
    invitation: Invitation,
    ended: str,
    *,
    by: Person,
    now: datetime,
    at: datetime | None = None,
    note: str = "",
) -> None:
    """No answers this time. Nobody answered three times: not tried any more. A no is kept, and holds for every survey."""
    mine = _held(invitation, by, now)
    words = note.strip() or str(Ended(ended).label) if ended in Ended.values else ""
    if not words:
        raise CannotCall(_("Say what came of the call."))
    mine.tries += 1
    if ended == Ended.AGAIN:
        if at is None or not now < at <= now + LATEST:
            raise CannotCall(_("Say when to call again, within the next 60 days."))
        _later(mine, at, now)
    elif ended == Ended.NO_ANSWER and mine.tries < TRIES:
        _later(mine, now + AGAIN_AFTER, now)
    elif ended == Ended.NO_ANSWER:
        _end(mine, State.CALLED, Reason.NO_ANSWER, now)
    elif ended == Ended.REFUSED:
        _end(mine, State.CALLED, Reason.REFUSED, now)
        if mine.customer:
            consenting.withdraw(
                mine.customer, Purpose.SURVEY, by=by, now=now, evidence=_("By phone, when asked for “%s”") % mine.wave.name
            )  # fmt: skip
    else:
        _end(mine, State.NOT_SENT, Reason.WRONG_NUMBER, now)
    was_reached = ended in (Ended.AGAIN, Ended.REFUSED)
    _log(mine, Contact.Outcome.MIXED if was_reached else Contact.Outcome.NOT_REACHED, words, by, now)


@transaction.atomic
def give_back(invitation: Invitation, *, by: Person, now: datetime) -> None:
    """Not called after all: somebody else may. Twice does no harm."""
    Invitation.objects.filter(pk=invitation.pk, held_by=by).update(held_by=None, held_until=None)


def _later(invitation: Invitation, at: datetime, now: datetime) -> None:
    invitation.call_at, invitation.called_at = at, now
    invitation.held_by, invitation.held_until = None, None
    invitation.save(update_fields=["tries", "call_at", "called_at", "held_by", "held_until"])


def _end(invitation: Invitation, state: str, reason: str, now: datetime | None = None) -> None:
    """It is not called any more; `now`: it was called. One that was mailed stays mailed."""
    if invitation.state == State.TO_CALL:
        invitation.state, invitation.reason = state, reason
    if now:
        invitation.called_at = now
        invitation.sent_at = invitation.sent_at or now
    invitation.held_by, invitation.held_until, invitation.call_at = None, None, None
    invitation.save(
        update_fields=["state", "reason", "called_at", "sent_at", "held_by", "held_until", "call_at", "tries"]
    )


def _log(invitation: Invitation, outcome: str, notes: str, by: Person, now: datetime) -> None:
    if invitation.customer:
        contacting.log(
            invitation.customer, ContactKind.CALL, owner=by, by=by, now=now, outcome=outcome,
            subject=_("Survey “%s”") % invitation.wave.name, notes=notes,
        )  # fmt: skip


def how_far(wave: Wave, now: datetime) -> dict[str, int]:
    """How many are still to be called, how many of them later, how many were called, and how many of these answered."""
    waits = Q(state=State.TO_CALL, is_answered=False, withdrawn_at=None)
    return wave.invitations.aggregate(
        left=Count("pk", filter=waits),
        later=Count("pk", filter=waits & Q(call_at__gt=now)),
        called=Count("pk", filter=Q(called_at__isnull=False)),
        answered=Count("pk", filter=Q(called_at__isnull=False, is_answered=True)),
    )
