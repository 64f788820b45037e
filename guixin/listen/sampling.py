"""Who is asked (抽样): a plan for a wave, what it will reach, and the draw. Counted and drawn as sets, whatever their size.

The draw puts the people of each stratum into the order of md5(seed:customer) and takes the first so many: random, and the
same again with the same seed. Nobody is invited who does not want to be asked, and nobody twice within the days of the firm's
rule, whatever wave it was. Draws take turns, so that two of them never invite the same person.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.ledger.bulk import fetch_rows
from guixin.listen import frames
from guixin.listen.events import SampleDrawn
from guixin.listen.mail_words import checked_words
from guixin.listen.margins import allocated, answers_for, margin
from guixin.listen.models import Allocation, By, Invitation, Sample, Wave, Way, asking_rules
from guixin.listen.waves import CannotListen, NotPossibleNow, takes_answers
from guixin.organisation.models import Department, Person
from guixin.understand.models import Customer, Segment

LARGEST = 1_000_000
ASSUMED_RATE = 25  # per cent, where no earlier wave says better
ENOUGH_SENT = 30  # invitations of earlier waves before their rate is taken
WISHED = 0.05  # the margin whose price is told
_DRAWING = 0x73616D70  # advisory lock: one draw at a time
Reason = Invitation.Reason


class PlannedMeanwhile(NotPossibleNow):
    """It was drawn already; a plan that was drawn stays as it is."""


@dataclass(frozen=True)
class Stratum:
    code: str
    people: int  # in the frame
    free: int  # who may be asked
    asked: int = 0

    def shown(self, names: Mapping[str, str]) -> str:
        return names.get(self.code) or self.code or _("none of these")


@dataclass(frozen=True)
class Preview:
    """What a plan will do, before anything leaves.

    rate     per cent who will answer; rate_from: "said", "earlier" or "assumed"
    margin   ± (0 to 1) at 95 %; None where nobody is asked
    """

    frame: int
    left_out: dict[str, int]
    strata: list[Stratum]
    rate: int
    rate_from: str

    @property
    def free(self) -> int:
        return sum(each.free for each in self.strata)

    @property
    def asked(self) -> int:
        return sum(each.asked for each in self.strata)

    @property
    def answers(self) -> int:
        return round(self.asked * self.rate / 100)

    @property
    def margin(self) -> float | None:
        return margin(self.answers, self.frame)

    @property
    def to_ask(self) -> int:
        """Invitations for a margin of ± 5 points; more than there are people where no sample reaches it."""
        return -(-answers_for(WISHED, self.frame) * 100 // max(self.rate, 1))


# -- the plan ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What somebody says about a sample; see `Sample` for what each means."""

    frame: Mapping[str, Any]
    way: str = Way.EMAIL
    size: int | None = None
    by: str = By.NOTHING
    allocation: str = Allocation.PROPORTIONAL
    quotas: Mapping[str, int] = field(default_factory=dict)
    seed: int | None = None
    expected_rate: int | None = None
    asks_open_complaints: bool = False
    remind_after_days: int | None = None
    valid_days: int | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def keep_plan(wave: Wave, plan: Plan, *, by: Person | None, now: datetime) -> Sample:
    """A new plan, or another one in its place. What contradicts itself or the people there are is refused."""
    values = _checked(wave, plan, by)
    there = Sample.objects.select_for_update().filter(wave=wave).first()
    if there is not None and there.drawn_at:
        raise PlannedMeanwhile(_("The sample is drawn already. For other people open another wave."))
    seed = plan.seed if plan.seed is not None else there.seed if there else secrets.randbelow(1_000_000)
    sample = there or Sample(wave=wave)
    for name, value in {**values, "seed": seed, "planned_at": now, "planned_by": by}.items():
        setattr(sample, name, value)
    preview(sample, now)  # refuses quotas that cannot be
    sample.save()
    return sample


def _checked(wave: Wave, plan: Plan, by: Person | None) -> dict[str, Any]:
    frame = frames.checked(plan.frame, by)
    if plan.way not in Way.values or plan.by not in By.values or plan.allocation not in Allocation.values:
        raise CannotListen(_("Say how they are asked, and what tells the strata apart."))
    if plan.size is not None and not 1 <= plan.size <= LARGEST:
        raise CannotListen(_("Ask between 1 and %s people, or leave it blank for everybody.") % LARGEST)
    if plan.by == By.DEPARTMENT and frame["from"] != frames.CASES:
        raise CannotListen(_("Only people who come from cases can be told apart by department."))
    if plan.seed is not None and not 0 <= plan.seed < 2**31:
        raise CannotListen(_("The seed is a whole number from 0 on."))
    for value, low, high, words in (
        (plan.expected_rate, 1, 100, _("Between 1 and 100 per cent answer.")),
        (plan.remind_after_days, 1, 60, _("Remind after 1 to 60 days.")),
        (plan.valid_days, 1, 366, _("A link is good for 1 to 366 days.")),
    ):
        if value is not None and not low <= value <= high:
            raise CannotListen(words)
    if plan.way == Way.PHONE and wave.is_anonymous:
        raise CannotListen(
            _("An anonymous wave cannot be asked by phone: whoever types the answers knows whose they are.")
        )
    if plan.remind_after_days is not None and wave.is_anonymous:
        raise CannotListen(
            _(
                "An anonymous wave reminds nobody: to write again we would have to keep what leads from the mail to the answer."
            )
        )
    return {
        "frame": frame, "way": plan.way, "size": plan.size, "by": plan.by, "allocation": plan.allocation,
        "quotas": _checked_quotas(plan), "expected_rate": plan.expected_rate,
        "asks_open_complaints": plan.asks_open_complaints, "remind_after_days": plan.remind_after_days,
        "valid_days": plan.valid_days, "words": checked_words(plan.words),
    }  # fmt: skip


def _checked_quotas(plan: Plan) -> dict[str, int]:
    quotas = {stratum.strip(): number for stratum, number in plan.quotas.items()}
    if not quotas:
        return {}
    if plan.by == By.NOTHING:
        raise CannotListen(_("Quotas need strata: say what tells them apart."))
    if any(not isinstance(number, int) or number < 1 for number in quotas.values()):
        raise CannotListen(_("A quota is a whole number of answers, at least 1."))
    if plan.size is not None and sum(quotas.values()) > plan.size:
        raise CannotListen(
            _("The quotas ask for %(quotas)s answers in all, but only %(size)s people are asked.")
            % {"quotas": sum(quotas.values()), "size": plan.size}
        )
    return quotas


@transaction.atomic
def forget_plan(wave: Wave, *, by: Person | None, now: datetime) -> None:
    """Nobody is drawn by it. One that was drawn stays."""
    if Sample.objects.filter(wave=wave, drawn_at__isnull=False).exists():
        raise PlannedMeanwhile(_("The sample is drawn already. For other people open another wave."))
    Sample.objects.filter(wave=wave).delete()


# -- what it will do -----------------------------------------------------------------------------------------------


def preview(sample: Sample, now: datetime) -> Preview:
    """Counted now; between now and the draw people may come and go. Raises CannotListen for quotas that cannot be."""
    strata, left_out = _census(sample, now)
    _check_quotas(sample, strata)
    asked = _allocated(sample, strata)
    rate, rate_from = _rate(sample)
    return Preview(
        frame=sum(each.people for each in strata),
        left_out=left_out,
        strata=[Stratum(each.code, each.people, each.free, asked[each.code]) for each in strata],
        rate=rate,
        rate_from=rate_from,
    )


def _check_quotas(sample: Sample, strata: list[Stratum]) -> None:
    free, names = {each.code: each.free for each in strata}, names_of(sample.by)
    for code, number in sample.quotas.items():
        said = names.get(code) or code
        if code not in free:
            raise CannotListen(
                _("Nobody of “%s” is among those who could be asked, but it has a quota.") % said
            )
        if number > free[code]:
            raise CannotListen(
                _(
                    "“%(stratum)s” has a quota of %(quota)s answers, but only %(people)s people who may be asked."
                )
                % {"stratum": said, "quota": number, "people": free[code]}
            )


def _allocated(sample: Sample, strata: list[Stratum]) -> dict[str, int]:
    free = {each.code: each.free for each in strata}
    if sample.quotas:
        shares: dict[str, float] = {code: float(sample.quotas.get(code, 0)) for code in free}
    elif sample.allocation == Allocation.EQUAL:
        shares = dict.fromkeys(free, 1.0)
    else:
        shares = {each.code: float(each.people) for each in strata}
    return allocated(free, sample.size, shares)


def _rate(sample: Sample) -> tuple[int, str]:
    if sample.expected_rate is not None:
        return sample.expected_rate, "said"
    asked = Invitation.objects.filter(
        wave__version__questionnaire=sample.wave.version.questionnaire_id,
        state=Invitation.State.SENT,
        wave__is_of_our_people=False,
    ).exclude(wave=sample.wave_id)
    seen = asked.aggregate(sent=Count("pk"), answered=Count("pk", filter=Q(is_answered=True)))
    if seen["sent"] < ENOUGH_SENT or not seen["answered"]:
        return ASSUMED_RATE, "assumed"
    return max(1, round(100 * seen["answered"] / seen["sent"])), "earlier"


def _census(sample: Sample, now: datetime) -> tuple[list[Stratum], dict[str, int]]:
    statement, values = _told(sample, now)
    rows = fetch_rows(f"{statement} SELECT stratum, reason, count(*) FROM told GROUP BY 1, 2", values)  # noqa: S608  of this file
    strata: dict[str, list[int]] = {}
    left_out: dict[str, int] = {}
    for stratum, reason, number in rows:
        counted = strata.setdefault(stratum, [0, 0])
        counted[0] += number
        if reason:
            left_out[reason] = left_out.get(reason, 0) + number
        else:
            counted[1] += number
    return (
        [Stratum(code, *strata[code]) for code in sorted(strata)],
        {reason: left_out[reason] for reason in Reason.values if reason in left_out},
    )


_STRATUM = {
    By.NOTHING: "''",
    By.GRADE: "coalesce(c.grade, '')",
    By.SEGMENT: "coalesce((SELECT s.code FROM understand_segment s WHERE s.id = c.segment_id), '')",
    By.MARKET: "c.market",
    By.DEPARTMENT: "coalesce((SELECT d.code FROM organisation_department d WHERE d.id = f.department_id), '')",
}
# Whoever was invited to anything in the last days, by whatever wave. What never left does not count.
ASKED_LATELY = """EXISTS (
    SELECT FROM listen_invitation i WHERE i.customer_id = {customer} AND i.state <> 'not_sent'
      AND NOT (i.withdrawn_at IS NOT NULL AND i.state IN ('waiting', 'to_call'))
      AND coalesce(i.sent_at, i.made_at) > %(lately)s)"""
_IN_AN_OPEN_COMPLAINT = """EXISTS (
    SELECT FROM serve_case o WHERE o.customer_id = f.customer_id AND o.kind = 'complaint'
      AND o.state IN ('open', 'waiting', 'answered'))"""


def _told(sample: Sample, now: datetime) -> tuple[str, dict[str, Any]]:
    """The frame, each person with their stratum and why they are left out (blank: they may be asked)."""
    rows, values = frames.rows_of(sample.frame, now)
    values |= {
        "wave": sample.wave_id,
        "lately": now - timedelta(days=asking_rules().quiet_days),
        "channel": sample.way,
        "excepts": sample.asks_open_complaints and sample.frame["from"] == frames.CASES,
    }
    # `kind` of an identity and `channel` of a consent have the same words: email, phone.
    return (
        f"""WITH frame AS ({rows}), told AS (
            SELECT f.customer_id, f.case_id, f.contact_id, f.purchase_id, {_STRATUM[By(sample.by)]} AS stratum, CASE
                WHEN EXISTS (SELECT FROM listen_invitation i WHERE i.wave_id = %(wave)s AND i.customer_id = f.customer_id) THEN 'asked'
                WHEN NOT coalesce(said.stands, true) THEN 'consent'
                WHEN {ASKED_LATELY.format(customer="f.customer_id")}
                     AND NOT (%(excepts)s AND {_IN_AN_OPEN_COMPLAINT}) THEN 'fatigue'
                WHEN NOT EXISTS (SELECT FROM understand_identity n WHERE n.customer_id = f.customer_id AND n.kind = %(channel)s) THEN 'address'
                ELSE '' END AS reason
            FROM frame f JOIN understand_customer c ON c.id = f.customer_id AND c.merged_into_id IS NULL
            LEFT JOIN LATERAL (
                SELECT withdrawn_at IS NULL AS stands FROM understand_consent s
                WHERE s.customer_id = f.customer_id AND s.purpose = 'survey' AND s.channel IN ('', %(channel)s)
                ORDER BY greatest(s.given_at, s.withdrawn_at) DESC, s.id DESC LIMIT 1) AS said ON true)""",  # noqa: S608  of this file
        values,
    )


def names_of(by: str) -> dict[str, str]:
    """The strata as people call them, by code."""
    if by == By.SEGMENT:
        return dict(Segment.objects.values_list("code", "name"))
    if by == By.DEPARTMENT:
        return dict(Department.objects.values_list("code", "name"))
    return {str(code): str(words) for code, words in Customer.Market.choices} if by == By.MARKET else {}


# -- the draw ------------------------------------------------------------------------------------------------------

_DRAW = """, placed AS (
        SELECT told.*, row_number() OVER (PARTITION BY stratum ORDER BY md5(%(seed)s || ':' || customer_id), customer_id) AS place
        FROM told WHERE reason = '')
    INSERT INTO listen_invitation
        (wave_id, customer_id, case_id, contact_id, purchase_id, made_at, expires_at, is_answered, state, reason, key, stratum, next_at)
    SELECT %(wave)s, customer_id, case_id, contact_id, purchase_id, %(now)s, %(expires_at)s, false, %(state)s, '',
           'customer:' || customer_id, stratum, %(next_at)s
    FROM placed JOIN unnest(%(strata)s::text[], %(numbers)s::bigint[]) AS wanted (code, number) ON wanted.code = placed.stratum
    WHERE placed.place <= wanted.number
    ON CONFLICT (wave_id, key) DO NOTHING
"""


@transaction.atomic
def draw(wave: Wave, *, by: Person | None, now: datetime) -> Sample:
    """Draw those who are asked, and begin to send. Twice does no harm: the second time nobody is drawn."""
    take_turns()
    sample = (
        Sample.objects.select_for_update(of=("self",))
        .select_related("wave__version")
        .filter(wave=wave)
        .first()
    )
    if sample is None:
        raise NotPossibleNow(_("Say first who is to be asked."))
    if sample.drawn_at:
        raise PlannedMeanwhile(_("The sample is drawn already. For other people open another wave."))
    if not takes_answers(sample.wave, now):
        raise NotPossibleNow(_("The wave is closed; it takes no more answers."))
    seen = preview(sample, now)
    if not seen.asked:
        raise NotPossibleNow(_("Nobody is left who could be asked."))
    statement, values = _told(sample, now)
    by_mail = sample.way == Way.EMAIL
    values |= {
        "seed": str(sample.seed), "now": now, "next_at": now if by_mail else None,
        "state": Invitation.State.WAITING if by_mail else Invitation.State.TO_CALL,
        "expires_at": now + timedelta(days=sample.valid_days) if sample.valid_days else None,
        "strata": [each.code for each in seen.strata], "numbers": [each.asked for each in seen.strata],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement + _DRAW, values)
        drawn = cursor.rowcount
    sample.drawn_at, sample.drawn_by, sample.seal = now, by, secrets.token_hex(32)
    sample.drawn = {
        "frame": seen.frame, "left_out": seen.left_out, "asked": drawn, "rate": seen.rate, "rate_from": seen.rate_from,
        "strata": {each.code: {"people": each.people, "free": each.free, "asked": each.asked} for each in seen.strata},
    }  # fmt: skip
    sample.save(update_fields=["drawn_at", "drawn_by", "seal", "drawn"])
    record(
        SampleDrawn(
            happened_at=now, actor_id=by.pk if by else None, about=wave.about, wave=wave.code, frame=seen.frame, drawn=drawn,
            seed=sample.seed,
        )
    )  # fmt: skip
    return sample


def take_turns() -> None:
    """Until the end of the transaction nobody else decides whom to invite."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_DRAWING])
