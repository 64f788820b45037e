"""Answers to a price study: one or many at once, each landed once, each that does not land with its reason."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand import price_events as events
from guixin.understand.models import Customer, Identity, PriceAnswer, PriceStudy
from guixin.understand.pricing import HIGHEST, CannotStudy, NotPossibleNow, counts_anew, locked

MOST = 20_000  # answers a study; the curves are drawn from all of them whenever somebody looks
AT_ONCE = 5_000
LONGEST_KEY = 100
OUT_OF_ORDER = gettext_lazy(
    "The prices are not in order (too cheap, cheap, expensive, too expensive); the answer is kept and shown as"
    " inconsistent, and not counted."
)


@dataclass(frozen=True)
class Given:
    """One answer as it arrives: four prices in minor units, likelihoods 1 to 5 or None.

    line        where it stands in the file or list, from 1
    respondent  the source's own name for whoever answered; blank: told apart by what stands here
    """

    line: int
    prices: tuple[int, int, int, int]
    buys_cheap: int | None = None
    buys_expensive: int | None = None
    respondent: str = ""
    customer_id: int | None = None
    answered_on: date | None = None


@dataclass(frozen=True)
class Doubt:
    line: int
    reason: str
    sentence: Any
    landed: bool = False


@dataclass
class TakenIn:
    landed: int = 0
    already: int = 0
    doubts: list[Doubt] = field(default_factory=list)
    answers: list[PriceAnswer] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # of the answers, in their order

    @property
    def rejected(self) -> int:
        return sum(not doubt.landed for doubt in self.doubts)


@transaction.atomic
def take_in(
    study: PriceStudy, given: Sequence[Given], *, source: str, by: Person | None, now: datetime
) -> TakenIn:
    """Land what can land. The same again adds nothing; what contradicts an answer that stands is named, not swapped."""
    study = locked(study)
    if study.closed_at:
        raise NotPossibleNow(_("The study is closed; it takes no more answers."))
    done, standing = TakenIn(), _Standing(study)
    room = MOST - len(standing.by_key) - len(standing.struck)
    made: list[PriceAnswer] = []
    for each in given:
        doubt = _wrong(each) or standing.against(each)
        if doubt is not None:
            done.doubts.append(doubt)
        elif standing.holds(each):
            done.already += 1
        elif len(made) >= room:
            done.doubts.append(Doubt(each.line, "too_many", _("A study holds at most %s answers.") % MOST))
        else:
            made.append(standing.add(each, source=source, by=by, now=now))
            done.lines.append(each.line)
            if not made[-1].is_consistent:
                done.doubts.append(Doubt(each.line, "out_of_order", OUT_OF_ORDER, landed=True))
    PriceAnswer.objects.bulk_create(made, batch_size=2_000)
    done.answers, done.landed = made, len(made)
    if made:
        counts_anew(study)
        _tell(study, made, source, by, now)
    return done


def note(study: PriceStudy, given: Given, *, by: Person | None, now: datetime) -> PriceAnswer:
    """One answer typed in by somebody, who hears at once why it is refused. Two people may say the same."""
    known = study.answers.count()
    typed = Given(
        **{**vars(given), "respondent": given.respondent or f"typed-{known + 1}-{now.timestamp():.6f}"}
    )
    done = take_in(study, [typed], source=PriceAnswer.Source.ENTERED, by=by, now=now)
    if not done.answers:
        raise CannotStudy(str(done.doubts[0].sentence) if done.doubts else _("This answer is noted already."))
    return done.answers[0]


def _wrong(given: Given) -> Doubt | None:
    if any(not 0 <= price < HIGHEST for price in given.prices):
        return Doubt(given.line, "bad_price", _("A price is a sum from zero on."))
    for likely in (given.buys_cheap, given.buys_expensive):
        if likely is not None and not 1 <= likely <= 5:
            return Doubt(
                given.line, "bad_likelihood", _("How likely is a number from 1 (surely not) to 5 (surely).")
            )
    if (given.buys_cheap is None) != (given.buys_expensive is None):
        return Doubt(
            given.line, "half_a_likelihood", _("How likely is asked at both prices; one is missing.")
        )
    if len(given.respondent) > LONGEST_KEY:
        return Doubt(
            given.line,
            "bad_respondent",
            _("The respondent's number has at most %s characters.") % LONGEST_KEY,
        )
    return None


class _Standing:
    """The answers of a study while more arrive."""

    def __init__(self, study: PriceStudy):
        self.study = study
        rows = study.answers.values_list(
            "key", "too_cheap", "cheap", "expensive", "too_expensive", "buys_cheap", "buys_expensive", "customer_id",
            "struck_at",
        )  # fmt: skip
        self.by_key = {key: tuple(said) for key, *said, _customer, struck in rows if struck is None}
        self.struck = {(key, *said) for key, *said, _customer, struck in rows if struck is not None}
        self.customers = {row[7]: row[0] for row in rows if row[7] and row[8] is None}
        self.lines: dict[str, int] = {}
        self.seen: Counter[str] = Counter()
        self._keys: dict[int, str] = {}

    def key_of(self, given: Given) -> str:
        """The respondent's own, or made of what stands there and how many before it read the same: a second real copy is
        kept, a second reading of the file is not."""
        if given.line not in self._keys:
            key = f"r:{' '.join(given.respondent.split())}"
            if not given.respondent.strip():
                content = hashlib.sha256(
                    repr((_said(given), given.customer_id, given.answered_on)).encode()
                ).hexdigest()[:24]
                self.seen[content] += 1
                key = f"h:{content}:{self.seen[content]}"
            self._keys[given.line] = key
        return self._keys[given.line]

    def holds(self, given: Given) -> bool:
        """Whether it is here already; what was struck out does not come back with the next reading of the file."""
        key = self.key_of(given)
        return key in self.by_key or (key, *_said(given)) in self.struck

    def against(self, given: Given) -> Doubt | None:
        """Whoever answered already cannot answer otherwise, nor a customer twice."""
        key = self.key_of(given)
        before = self.by_key.get(key)
        if before is not None and before != _said(given):
            if line := self.lines.get(key):
                words = _("Respondent “%(who)s” stands in line %(line)s already, with another answer.")
                return Doubt(given.line, "duplicate", words % {"who": given.respondent, "line": line})
            words = _("Respondent “%(who)s” answered otherwise before; strike that answer out first.")
            return Doubt(given.line, "answered_otherwise", words % {"who": given.respondent})
        if given.customer_id and self.customers.get(given.customer_id, key) != key:
            return Doubt(
                given.line,
                "customer_twice",
                _("This customer answered already; strike that answer out first."),
            )
        return None

    def add(self, given: Given, *, source: str, by: Person | None, now: datetime) -> PriceAnswer:
        key = self.key_of(given)
        self.by_key[key], self.lines[key] = _said(given), given.line
        if given.customer_id:
            self.customers[given.customer_id] = key
        too_cheap, cheap, expensive, too_expensive = given.prices
        return PriceAnswer(
            study=self.study, customer_id=given.customer_id, key=key, too_cheap=too_cheap, cheap=cheap,
            expensive=expensive, too_expensive=too_expensive, buys_cheap=given.buys_cheap,
            buys_expensive=given.buys_expensive, source=source, answered_on=given.answered_on or timezone.localdate(now),
            noted_at=now, noted_by=by,
        )  # fmt: skip


def _said(given: Given) -> tuple:
    return (*given.prices, given.buys_cheap, given.buys_expensive)


@transaction.atomic
def strike_out(answer: PriceAnswer, why: str, *, by: Person, now: datetime) -> None:
    """It does not count: a slip, a joke, the wrong person. It stays to be read with the reason; twice does no harm."""
    if not why.strip():
        raise CannotStudy(_("Say why the answer does not count."))
    study = locked(answer.study)
    struck = PriceAnswer.objects.filter(pk=answer.pk, struck_at=None).update(
        struck_at=now, struck_why=why.strip()[:500], struck_by=by
    )
    if struck:
        counts_anew(study)
        record(
            events.PriceAnswerStruckOut(
                happened_at=now, actor_id=by.pk, about=("price_study", study.pk), study=study.code, answer_id=answer.pk
            )
        )  # fmt: skip


def _tell(study: PriceStudy, made: list[PriceAnswer], source: str, by: Person | None, now: datetime) -> None:
    actor = by.pk if by else None
    record(
        events.PriceAnswersTakenIn(
            happened_at=now, actor_id=actor, about=("price_study", study.pk), study=study.code, answers=len(made),
            source=source,
        ),
        *(
            events.PriceAnswerNoted(
                happened_at=now, actor_id=actor, about=("customer", each.customer_id), study=study.code,
                name=study.name, answer_id=each.pk,
            )
            for each in made
            if each.customer_id
        ),
    )  # fmt: skip


def customers_by_identity(wanted: set[tuple[str, str]], by: Person | None) -> dict[tuple[str, str], set[int]]:
    """(kind, normal form) -> the customers known by it, as far as this person may see them. One statement."""
    if not wanted:
        return {}
    customers = Customer.objects.filter(merged_into=None)
    customers = customers.visible_to(by) if by else customers
    rows = Identity.objects.filter(
        kind__in={kind for kind, _normal in wanted},
        normal__in={normal for _kind, normal in wanted},
        customer__in=customers,
    ).values_list("customer_id", "kind", "normal")
    found: dict[tuple[str, str], set[int]] = {}
    for pk, kind, normal in rows:
        found.setdefault((kind, normal), set()).add(pk)
    return {each: found[each] for each in wanted if each in found}
