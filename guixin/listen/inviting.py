"""Invitations leave by mail: looked at once more, put into the post, sent, reminded once. Whatever dies in between, each leaves once.

A worker takes rows nobody else has, together with their customers. The outbox row is written in the transaction that marks the
invitation: a crash leaves both or neither, and a repeated try carries the same Message-ID and the same link. The token of a link
is made from our secret key and the seal of the sample when it is needed, and stands nowhere.
"""

import hmac
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from guixin.ledger import record
from guixin.ledger.models import Outgoing
from guixin.listen.events import CustomerAsked, SendingChanged
from guixin.listen.models import Invitation, Sample, Wave, asking_rules
from guixin.listen.waves import hashed, takes_answers
from guixin.organisation.models import Person
from guixin.promise.communication import hours_of, quiet_of
from guixin.understand.consenting import may_contact_all
from guixin.understand.models import Identity, Purpose, Reach
from guixin.understand.models.identity import IdentityKind
from guixin.worktime.quiet import NoHourLeft, next_allowed

CHANNEL = "survey_invitation"  # in the outbox
BATCH = 200
State, Reason = Invitation.State, Invitation.Reason

_CLAIM = """
    SELECT i.id FROM listen_invitation i JOIN understand_customer c ON c.id = i.customer_id
    WHERE i.next_at <= %s
      AND NOT EXISTS (SELECT FROM listen_sample s WHERE s.wave_id = i.wave_id AND s.stopped_at IS NOT NULL)
    ORDER BY i.next_at, i.id LIMIT %s FOR NO KEY UPDATE OF i, c SKIP LOCKED
"""


def token_of(invitation: Invitation, seal: str) -> str:
    """256 bits from our key, the seal and the invitation: the same again as long as there is a seal."""
    made = hmac.digest(settings.SECRET_KEY.encode(), f"survey:{seal}:{invitation.pk}".encode(), sha256)
    return urlsafe_b64encode(made).decode().rstrip("=")


@dataclass
class _Known:
    now: datetime
    samples: dict[int, Sample]  # by wave
    full: set[tuple[int, str]]  # (wave, stratum) whose quota is reached
    wanted: set[int]  # customers who may be asked by mail
    addressed: set[int]
    allowed: dict[tuple, datetime] = field(default_factory=dict)  # by the hours a customer likes


@transaction.atomic
def post_due(now: datetime, limit: int = BATCH) -> int:
    """Deal with every invitation whose time has come, `limit` at once. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now, limit])
        ids = [pk for (pk,) in cursor.fetchall()]
    if not ids:
        return 0
    due = list(
        Invitation.objects.filter(pk__in=ids).select_related("wave", "customer").order_by("next_at", "pk")
    )
    known, outgoing = _look_up(due, now), []
    for invitation in due:
        is_reminder = invitation.state == State.SENT
        reason = _why_not(invitation, known)
        if reason:
            invitation.next_at = None
            if not is_reminder:
                invitation.state, invitation.reason = State.NOT_SENT, reason
            continue
        allowed = _allowed_at(invitation, known)
        if allowed > now:
            invitation.next_at = allowed
            continue
        invitation.next_at = None
        if is_reminder:
            invitation.reminded_at = now
        else:
            invitation.state = State.POSTED
            invitation.token_hash = hashed(token_of(invitation, known.samples[invitation.wave_id].seal))
        outgoing.append(
            Outgoing(
                channel=CHANNEL, lane=f"customer:{invitation.customer_id}", next_try_at=now,
                payload={"invitation": invitation.pk, "is_reminder": is_reminder},
            )
        )  # fmt: skip
    Invitation.objects.bulk_update(due, ["state", "reason", "next_at", "reminded_at", "token_hash"])
    Outgoing.objects.bulk_create(outgoing)
    _forget_seals({each.wave_id for each in due if each.state == State.NOT_SENT})
    return len(due)


def _why_not(invitation: Invitation, known: _Known) -> str:
    """Blank, or why it is not sent. A reminder to whoever has answered is not worth a word."""
    sample = known.samples.get(invitation.wave_id)
    if (
        sample is None
        or invitation.withdrawn_at
        or invitation.is_answered
        or not takes_answers(invitation.wave, known.now)
    ):
        return Reason.CLOSED
    if invitation.expires_at and invitation.expires_at <= known.now:
        return Reason.CLOSED
    if (invitation.wave_id, invitation.stratum) in known.full:
        return Reason.QUOTA
    if invitation.customer_id not in known.addressed:
        return Reason.ADDRESS
    return "" if invitation.customer_id in known.wanted else Reason.CONSENT


def _allowed_at(invitation: Invitation, known: _Known) -> datetime:
    """The first instant the firm's hours, its quiet hours and the customer's own wish allow; a wish that leaves no hour gives way."""
    customer, rules = invitation.customer, asking_rules()
    assert customer is not None  # the claim joins customers
    likes = customer.reach_from, customer.reach_to
    if likes not in known.allowed:
        hours, zone = hours_of(None), timezone.get_default_timezone()
        quiet = quiet_of(rules.quiet_from, rules.quiet_to)
        try:
            found = next_allowed(
                known.now, hours, [*quiet, *quiet_of(customer.reach_to, customer.reach_from)], zone
            )
        except NoHourLeft:
            try:
                found = next_allowed(known.now, hours, quiet, zone)
            except NoHourLeft:  # the calendar was changed; tomorrow somebody may have seen it
                found = known.now + timedelta(days=1)
        known.allowed[likes] = found
    return known.allowed[likes]


def _look_up(due: Sequence[Invitation], now: datetime) -> _Known:
    customers = sorted({each.customer_id for each in due if each.customer_id})
    samples = {each.wave_id: each for each in Sample.objects.filter(wave__in={each.wave_id for each in due})}
    return _Known(
        now=now,
        samples=samples,
        full=full_strata([each for each in samples.values() if each.quotas]),
        wanted=may_contact_all(customers, Purpose.SURVEY, Reach.EMAIL),
        addressed=set(
            Identity.objects.filter(customer__in=customers, kind=IdentityKind.EMAIL).values_list(
                "customer_id", flat=True
            )
        ),
    )


def full_strata(samples: Sequence[Sample]) -> set[tuple[int, str]]:
    """(wave, stratum) where as many have answered as the quota asks for."""
    if not samples:
        return set()
    answered = Counter[tuple[int, str]]()
    rows = Invitation.objects.filter(wave__in=[each.wave_id for each in samples], is_answered=True)
    for wave_id, stratum, number in (
        rows.values_list("wave_id", "stratum").annotate(number=Count("pk")).order_by()
    ):
        answered[wave_id, stratum] = number
    return {
        (each.wave_id, stratum)
        for each in samples
        for stratum, quota in each.quotas.items()
        if answered[each.wave_id, stratum] >= quota
    }


# -- what becomes of it --------------------------------------------------------------------------------------------


def still_wanted(invitation: Invitation, now: datetime) -> str:
    """Asked in the moment it leaves: blank, or the reason why not. Days may lie between post and here."""
    if invitation.withdrawn_at or invitation.is_answered or not takes_answers(invitation.wave, now):
        return Reason.CLOSED
    if not invitation.customer_id or not may_contact_all(
        [invitation.customer_id], Purpose.SURVEY, Reach.EMAIL
    ):
        return Reason.CONSENT
    return ""


@transaction.atomic
def sent(invitation: Invitation, *, is_reminder: bool, now: datetime) -> None:
    """It left. The reminder is planned, once; an anonymous wave forgets its seal with the last one."""
    sample = Sample.objects.get(wave=invitation.wave_id)
    if not is_reminder:
        days = sample.remind_after_days
        invitation.state, invitation.reason, invitation.sent_at = State.SENT, "", now
        invitation.next_at = now + timedelta(days=days) if days else None
        invitation.save(update_fields=["state", "reason", "sent_at", "next_at"])
        _forget_seals({invitation.wave_id})
    record(
        CustomerAsked(
            happened_at=now, about=("customer", invitation.customer_id or 0), case_id=None if invitation.wave.is_anonymous else invitation.case_id,
            wave=invitation.wave.code, again=is_reminder,
        )
    )  # fmt: skip


@transaction.atomic
def not_sent(invitation: Invitation, reason: str) -> None:
    """It came back, or it is no longer wanted. A reminder that failed leaves the invitation as it was."""
    Invitation.objects.filter(pk=invitation.pk, state=State.POSTED).update(
        state=State.NOT_SENT, reason=reason, next_at=None
    )
    _forget_seals({invitation.wave_id})


def _forget_seals(waves: set[int]) -> None:
    """Of anonymous waves from which nothing more will leave: after this nobody can work out a token again."""
    leaving = Invitation.objects.filter(wave=OuterRef("wave"), state__in=[State.WAITING, State.POSTED])
    Sample.objects.filter(wave__in=waves, wave__is_anonymous=True).exclude(Exists(leaving)).exclude(
        seal=""
    ).update(seal="")


# -- stopped, and going on -----------------------------------------------------------------------------------------


@transaction.atomic
def stop(wave: Wave, *, by: Person | None, now: datetime) -> None:
    """Nothing more leaves, what is on its way excepted. Twice does no harm."""
    if Sample.objects.filter(wave=wave, stopped_at=None).update(stopped_at=now):
        _sending(wave, "stopped", by, now)


@transaction.atomic
def go_on(wave: Wave, *, by: Person | None, now: datetime) -> None:
    if Sample.objects.filter(wave=wave, stopped_at__isnull=False).update(stopped_at=None):
        _sending(wave, "went on", by, now)


def _sending(wave: Wave, change: str, by: Person | None, now: datetime) -> None:
    record(
        SendingChanged(
            happened_at=now, actor_id=by.pk if by else None, about=wave.about, wave=wave.code, sending_change=change
        )
    )  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """How far the sending came: people by state, and why some were not sent."""

    by_state: dict[str, int]
    not_sent: dict[str, int]
    reminded: int

    @property
    def is_done(self) -> bool:
        return not (self.by_state.get(State.WAITING) or self.by_state.get(State.POSTED))


def progress(wave: Wave) -> Progress:
    rows = wave.invitations.exclude(state="").values_list("state", "reason").annotate(
        number=Count("pk"), reminded=Count("pk", filter=Q(reminded_at__isnull=False))
    ).order_by()  # fmt: skip
    by_state, why, reminded = Counter[str](), Counter[str](), 0
    for state, reason, number, again in rows:
        by_state[state] += number
        reminded += again
        if state == State.NOT_SENT:
            why[reason] += number
    return Progress(dict(by_state), dict(why), reminded)
