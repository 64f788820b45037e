"""What a recovery begins with: proposed by the firm's rules from severity, fault, what the failure did, and grade. Where no rule
fits, what repays in kind is proposed beside what no customer should go without."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Position
from guixin.recover.models import Fault, RecoveryRule, StepKind
from guixin.recover.models.recovery import IN_KIND
from guixin.recover.models.rule import rules_in_force
from guixin.serve.models import Case, Failure
from guixin.web import money
from guixin.web.languages import for_reader

# What no customer should go without, where the firm has no rule for the case.
WITHOUT_A_RULE: tuple[dict[str, str], ...] = (
    {"kind": StepKind.APOLOGY},
    {"kind": StepKind.LISTENING},
    {"kind": StepKind.EXPLANATION},
)


@dataclass(frozen=True)
class ProposedStep:
    """`amount` in minor units of `currency`, or None."""

    kind: str
    words: str
    owner_id: int
    amount: int | None = None
    currency: str = ""


@dataclass(frozen=True)
class Proposal:
    """`rule` is the one that proposes, None where none fits."""

    rule: RecoveryRule | None
    steps: Sequence[ProposedStep]


@dataclass(frozen=True, kw_only=True)
class Circumstance:
    """By what a plan is proposed; see Recovery."""

    fault: str
    failure: str = ""
    severity: int
    grade: str = ""


def rule_for(by: Circumstance) -> RecoveryRule | None:
    """Of the rules that fit, the one that says most about the case."""
    fitting = [
        rule
        for rule in rules_in_force()
        if rule.fits(severity=by.severity, fault=by.fault, grade=by.grade, failure=by.failure)
    ]
    return max(fitting, key=lambda rule: rule.precision, default=None)


def propose(case: Case, by: Circumstance, now: datetime, language: str = "zh-hans") -> Proposal:
    """The plan for this case, not saved. A step whose position nobody holds is its owner's."""
    rule = rule_for(by)
    return Proposal(
        rule,
        [
            ProposedStep(
                kind=each["kind"],
                words=for_reader(each.get("words", ""), language, each.get("words_en", "")),
                owner_id=who_does(each.get("position", ""), case, now),
                amount=money.minor_units(Decimal(each["amount"]), each["currency"]) if each.get("amount") else None,
                currency=each["currency"] if each.get("amount") else "",
            )
            for each in (rule.steps if rule else without_a_rule(by))
        ],
    )  # fmt: skip


def without_a_rule(by: Circumstance) -> Sequence[dict[str, str]]:
    """Listening and a word of regret always; what repays in kind unless it was not our fault."""
    kind = in_kind(by.failure)
    if kind is None or by.fault == Fault.THEIRS or any(each["kind"] == kind for each in WITHOUT_A_RULE):
        return WITHOUT_A_RULE
    return (*WITHOUT_A_RULE, {"kind": str(kind)})


def in_kind(failure: str) -> StepKind | None:
    """What repays this sort of failure in kind."""
    return IN_KIND[Failure(failure)] if failure else None


def who_does(position: str, case: Case, now: datetime) -> int:
    """Who holds the position now, or stands in for them; of several, whoever is there. Else the owner of the case."""
    if not position:
        return case.owner_id
    wanted, ladder = (
        Position.objects.filter(code=position).values_list("pk", flat=True).first(),
        Ladder.at(now),
    )
    holders = sorted(person_id for person_id, seat in ladder.everybody() if seat.position_id == wanted)
    there = [person_id for person_id in holders if ladder.is_present(person_id)]
    stand_ins = [deputy for person_id in holders if (deputy := ladder.stand_in(person_id)) is not None]
    return next(iter(there + stand_ins + holders), case.owner_id)
