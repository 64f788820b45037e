"""How visitors are received: what they come for, which grade of reception that proposes, what a grade may cost.

A firm that has said nothing has `USUAL`. What it says is one record, published as a whole and kept in versions: a visit
is judged by the one it was graded by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.organisation.revisions import cached_until_changed
from guixin.serve.models import VisitRules
from guixin.serve.visit_events import VisitRulesPublished
from guixin.web import money
from guixin.web.languages import for_reader
from guixin.web.refusals import Refused

CODE, NAME, WORDS = 20, 60, 2000
FOLLOW_UPS = (1, 3, 6)  # months after the visit
MOST = 500  # visitors at once; beyond that it is no visit


class CannotReceive(Refused):
    """The rules for visits cannot be like this, and why."""

    about_input = True


class PublishedMeanwhile(Refused):
    """Somebody else published other rules."""


@dataclass(frozen=True)
class Purpose:
    code: str
    name: str
    name_en: str = ""

    def shown(self, language: str) -> str:
        return for_reader(self.name, language, self.name_en)


@dataclass(frozen=True)
class Reception:
    """A grade of reception: who receives, with what, and what it may cost in minor units of the rules' currency."""

    code: str
    name: str
    budget: int
    name_en: str = ""
    host: str = ""
    meal: str = ""
    gift: str = ""

    def shown(self, language: str) -> str:
        return for_reader(self.name, language, self.name_en)


@dataclass(frozen=True)
class Proposing:
    """One rule: all of what it names must hold. Blank names nothing."""

    grade: str
    purposes: tuple[str, ...] = ()
    customer_grades: tuple[str, ...] = ()
    people: int = 0

    def covers(self, purpose: str, customer_grade: str, people: int) -> bool:
        return (
            (not self.purposes or purpose in self.purposes)
            and (not self.customer_grades or customer_grade in self.customer_grades)
            and people >= self.people
        )


@dataclass(frozen=True)
class Rules:
    """`days_ahead`: at least so many days before the visit a customer applies; `places`: where visitors are received."""

    purposes: tuple[Purpose, ...]
    grades: tuple[Reception, ...]  # the highest first
    rules: tuple[Proposing, ...]
    most_people: int = 30
    days_ahead: int = 2
    currency: str = ""
    places: tuple[str, ...] = ()
    safety: str = ""
    safety_en: str = ""
    follow_ups: tuple[int, ...] = FOLLOW_UPS  # after so many months
    survey: str = ""  # the code of the wave visitors are asked in afterwards
    pk: int | None = None

    def purpose(self, code: str) -> Purpose:
        return next((each for each in self.purposes if each.code == code), Purpose(code, code))

    def grade(self, code: str) -> Reception | None:
        return next((each for each in self.grades if each.code == code), None)

    def safety_in(self, language: str) -> str:
        return self.safety_en if language == "en" and self.safety_en else self.safety

    def propose(self, purpose: str, customer_grade: str, people: int) -> tuple[Reception, int | None]:
        """The grade of the first rule that covers the visit, and its number from 1; else the lowest grade."""
        for number, rule in enumerate(self.rules, start=1):
            grade = self.grade(rule.grade)
            if grade and rule.covers(purpose, customer_grade, people):
                return grade, number
        return self.grades[-1], None


USUAL: dict[str, Any] = {
    "purposes": [
        {"code": "tour", "name": "参观工厂", "name_en": "Factory tour"},
        {"code": "audit", "name": "验厂审核", "name_en": "Audit"},
        {"code": "acceptance", "name": "验货验收", "name_en": "Acceptance"},
        {"code": "training", "name": "培训交流", "name_en": "Training"},
        {"code": "meeting", "name": "商务洽谈", "name_en": "Business talks"},
        {"code": "other", "name": "其他", "name_en": "Something else"},
    ],
    "grades": [
        {"code": "A", "name": "高层接待", "name_en": "Received by the management", "budget": "5000"},
        {"code": "B", "name": "部门接待", "name_en": "Received by the department", "budget": "1500"},
        {"code": "C", "name": "一般接待", "name_en": "Received by the desk", "budget": "300"},
    ],
    "rules": [
        {"customer_grades": ["A"], "grade": "A"},
        {"purposes": ["audit"], "grade": "B"},
        {"customer_grades": ["B"], "grade": "B"},
        {"people": 10, "grade": "B"},
    ],
}


def read(said: Mapping[str, Any]) -> Rules:
    """The rules as they work. Raises CannotReceive with what is wrong."""
    known = {
        "purposes", "grades", "rules", "most_people", "days_ahead", "currency", "places", "safety", "safety_en", "survey",
        "follow_ups",
    }  # fmt: skip
    _known("", said, known)
    currency = _currency(said.get("currency"))
    purposes = tuple(_purpose(each) for each in _rows(said, "purposes"))
    grades = tuple(_grade(each, currency) for each in _rows(said, "grades"))
    if not purposes or not grades:
        raise CannotReceive(_("Name at least one purpose and one grade of reception."))
    _once([each.code for each in purposes])
    _once([each.code for each in grades])
    codes, names = {each.code for each in grades}, {each.code for each in purposes}
    rules = tuple(_rule(each, codes, names) for each in _rows(said, "rules"))
    return Rules(
        purposes=purposes,
        grades=grades,
        rules=rules,
        most_people=_whole(said, "most_people", 30, 1, MOST),
        days_ahead=_whole(said, "days_ahead", 2, 0, 90),
        currency=currency,
        places=tuple(_words(each, NAME) for each in _list(said, "places")),
        safety=_words(said.get("safety", ""), WORDS),
        safety_en=_words(said.get("safety_en", ""), WORDS),
        survey=_words(said.get("survey", ""), 40),
        follow_ups=_months(said),
    )


def written(rules: Rules) -> dict[str, Any]:
    """The rules as a firm file says them, which `read` reads."""
    plain = ("most_people", "days_ahead", "currency", "safety", "safety_en", "survey")
    return {name: getattr(rules, name) for name in plain} | {
        "places": list(rules.places),
        "follow_ups": list(rules.follow_ups),
        "purposes": [vars(each) for each in rules.purposes],
        "grades": [
            vars(each) | {"budget": money.written(each.budget, rules.currency)} for each in rules.grades
        ],
        "rules": [
            {name: list(value) if isinstance(value, tuple) else value for name, value in vars(each).items()}
            for each in rules.rules
        ],
    }


@cached_until_changed("serving")
def rules_in_force() -> Rules:
    row = VisitRules.objects.order_by("-number").first()
    return _of(row)


@cached_until_changed("serving")
def rules_of(pk: int | None) -> Rules:
    """Those a visit was graded by."""
    return _of(VisitRules.objects.filter(pk=pk).first() if pk else None)


def _of(row: VisitRules | None) -> Rules:
    if row is None:
        return read(USUAL)
    return Rules(**{**vars(read(row.said)), "pk": row.pk})


@transaction.atomic
def publish(
    said: Mapping[str, Any], *, by: Person | None, now: datetime, read_at: int | None = None
) -> VisitRules | None:
    """The next version of the whole record. None if it says what is in force already. `read_at`: the number of the version it was
    written from, 0 where there was none; another published meanwhile is not overwritten."""
    read(said)
    last = VisitRules.objects.select_for_update().order_by("-number").first()
    if read_at is not None and read_at != (last.number if last else 0):
        raise PublishedMeanwhile(
            _(
                "Somebody published other rules while you were writing. Read them first; what you wrote is still here."
            )
        )
    if last is not None and last.said == said:
        return None
    number = (VisitRules.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    made = VisitRules.objects.create(number=number, said=dict(said), published_at=now, published_by=by)
    record(
        VisitRulesPublished(
            happened_at=now, actor_id=by.pk if by else None, about=("visit_rules", made.pk), number=number
        )
    )
    return made


# -- reading -----------------------------------------------------------------------------------------------------------


def _known(where: str, said: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(said) - known):
        raise CannotReceive(
            _("“%(key)s” is not understood here. Known are: %(known)s.")
            % {"key": f"{where}{unknown[0]}", "known": ", ".join(sorted(known))}
        )


def _rows(said: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    rows = said.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(each, Mapping) for each in rows):
        raise CannotReceive(_("“%s” is a list of tables.") % key)
    return rows


def _list(said: Mapping[str, Any], key: str) -> Sequence[Any]:
    rows = said.get(key, [])
    if not isinstance(rows, list):
        raise CannotReceive(_("“%s” is a list.") % key)
    return rows


def _words(said: Any, longest: int) -> str:
    words = str(said).strip()
    if len(words) > longest:
        raise CannotReceive(
            _("“%(words)s…” is too long; at most %(n)s characters.") % {"words": words[:12], "n": longest}
        )
    return words


def _code(said: Mapping[str, Any]) -> str:
    code = _words(said.get("code", ""), CODE)
    if not code or not all(each.isalnum() or each in "-_" for each in code):
        raise CannotReceive(_("Each purpose and grade has a code of letters, digits and “-”."))
    return code


def _name(said: Mapping[str, Any]) -> str:
    if not (name := _words(said.get("name", ""), NAME)):
        raise CannotReceive(_("Each purpose and grade has a name."))
    return name


def _purpose(said: Mapping[str, Any]) -> Purpose:
    _known("purposes.", said, {"code", "name", "name_en"})
    return Purpose(_code(said), _name(said), _words(said.get("name_en", ""), NAME))


def _grade(said: Mapping[str, Any], currency: str) -> Reception:
    _known("grades.", said, {"code", "name", "name_en", "host", "meal", "gift", "budget"})
    try:
        budget = money.minor_units(money.number(str(said.get("budget", ""))), currency)
    except money.NotMoney as why:
        raise CannotReceive(str(why)) from why
    if not 0 < budget < money.LARGEST:
        raise CannotReceive(
            _("What a reception may cost is more than nothing: whoever approves it decides over that sum.")
        )
    words = {name: _words(said.get(name, ""), NAME) for name in ("name_en", "host", "meal", "gift")}
    return Reception(code=_code(said), name=_name(said), budget=budget, **words)


def _rule(said: Mapping[str, Any], grades: set[str], purposes: set[str]) -> Proposing:
    _known("rules.", said, {"purposes", "customer_grades", "people", "grade"})
    rule = Proposing(
        grade=str(said.get("grade", "")),
        purposes=tuple(str(each) for each in _list(said, "purposes")),
        customer_grades=tuple(str(each) for each in _list(said, "customer_grades")),
        people=_whole(said, "people", 0, 0, MOST),
    )
    for code in {rule.grade} - grades | set(rule.purposes) - purposes:
        raise CannotReceive(_("A rule names “%s”, which is no purpose or grade here.") % code)
    return rule


def _whole(said: Mapping[str, Any], key: str, usual: int, least: int, most: int) -> int:
    value = said.get(key, usual)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise CannotReceive(
            _("“%(key)s” is a whole number from %(least)s to %(most)s.")
            % {"key": key, "least": least, "most": most}
        )
    return value


def _months(said: Mapping[str, Any]) -> tuple[int, ...]:
    months = _list(said, "follow_ups") if "follow_ups" in said else FOLLOW_UPS
    if (
        any(not isinstance(each, int) or isinstance(each, bool) or not 1 <= each <= 24 for each in months)
        or len(months) > 6
    ):
        raise CannotReceive(_("Visitors are followed up at most six times, after 1 to 24 months."))
    return tuple(sorted(set(months)))


def _currency(said: Any) -> str:
    try:
        return money.currency_code(str(said or money.firm_currency()))
    except money.NotMoney as why:
        raise CannotReceive(str(why)) from why


def _once(codes: Sequence[str]) -> None:
    if len(set(codes)) < len(codes):
        raise CannotReceive(_("Two purposes, or two grades, have the same code."))
