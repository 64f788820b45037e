"""Routing rules as a draft: edited in peace, tried on real cases, published together, and taken back.

A draft is the whole list of rules in the order they would be tried. What the firm's rules were at any instant
stands in their versions, so going back is a draft that holds the rules of that instant.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Person
from guixin.serve.models import Case, RoutingRule, RuleDraft
from guixin.serve.routing import CannotRoute, covers, rules_in_force
from guixin.serve.ruling import publish_rule, withdraw_rule
from guixin.web.refusals import Refused

CONDITIONS = (
    "for_kind",
    "for_category",
    "for_product",
    "for_channel",
    "for_grade",
    "for_severity",
    "for_words",
)
TRIED_AT_MOST = 10_000  # cases of each sort a draft is tried on; the newest
_SEEN = (
    "id",
    "number",
    "subject",
    "kind",
    "category",
    "product",
    "channel",
    "grade",
    "severity",
    "opened_at",
)


class DraftMoved(Refused):
    """Somebody else edited the draft meanwhile."""


def as_draft(rules: Sequence[RoutingRule]) -> list[dict]:
    """Rules as the draft keeps them."""
    return [
        {
            "code": rule.code,
            "name": rule.name,
            **{name: getattr(rule, name) for name in CONDITIONS},
            "steps": [
                {"department": s.department_id, "stage": s.stage, "instruction": s.instruction}
                for s in rule.steps.all()
            ],
        }
        for rule in rules
    ]


def rules_at(moment: datetime) -> list[RoutingRule]:
    """The rules that were in force at this instant, in order."""
    then = RoutingRule.objects.filter(published_at__lte=moment).filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=moment)
    )
    return list(then.order_by("position", "pk").prefetch_related("steps"))


def current_draft() -> RuleDraft | None:
    return RuleDraft.objects.select_related("changed_by").first()


@transaction.atomic
def begin_draft(*, by: Person, now: datetime, as_of: datetime | None = None) -> RuleDraft:
    """A draft of the rules in force, or of those at an earlier instant; a draft there is goes on."""
    rules = as_draft(rules_at(as_of) if as_of else rules_in_force())
    draft, made = RuleDraft.objects.select_for_update().get_or_create(
        only_one=True, defaults={"rules": rules, "begun_at": now, "changed_at": now, "changed_by": by}
    )
    return draft if made or not as_of else edit(draft, rules, by=by, now=now)


@transaction.atomic
def edit(draft: RuleDraft, rules: list[dict], *, by: Person, now: datetime) -> RuleDraft:
    """Replace the list; what was is kept for one step back. Refused if somebody else was faster."""
    changed = RuleDraft.objects.filter(pk=draft.pk, version=draft.version).update(
        rules=rules, before=draft.rules, version=draft.version + 1, changed_at=now, changed_by=by
    )
    if not changed:
        raise DraftMoved(_("Somebody else has just changed this draft. Look at it again."))
    draft.refresh_from_db()
    return draft


def put_rule(draft: RuleDraft, rule: dict, *, by: Person, now: datetime) -> RuleDraft:
    """Change the rule with this code, or add one at the end."""
    if not rule["name"].strip():
        raise CannotRoute(_("Give the rule a name."))
    if not rule["steps"]:
        raise CannotRoute(_("Name at least one department."))
    rules = [rule if each["code"] == rule["code"] else each for each in draft.rules]
    return edit(draft, rules if rule in rules else [*rules, rule], by=by, now=now)


def move_rule(draft: RuleDraft, code: str, by_places: int, *, by: Person, now: datetime) -> RuleDraft:
    """Try it earlier (-1) or later (1); at the end of the list nothing moves."""
    rules = list(draft.rules)
    at = next((place for place, each in enumerate(rules) if each["code"] == code), None)
    if at is None or not 0 <= at + by_places < len(rules):
        return draft
    rules.insert(at + by_places, rules.pop(at))
    return edit(draft, rules, by=by, now=now)


def drop_rule(draft: RuleDraft, code: str, *, by: Person, now: datetime) -> RuleDraft:
    return edit(draft, [each for each in draft.rules if each["code"] != code], by=by, now=now)


def step_back(draft: RuleDraft, *, by: Person, now: datetime) -> RuleDraft:
    """Undo the latest edit; doing it again redoes it."""
    return draft if draft.before is None else edit(draft, draft.before, by=by, now=now)


def discard(draft: RuleDraft) -> None:
    RuleDraft.objects.filter(pk=draft.pk).delete()


def differences(draft: RuleDraft) -> dict[str, list[str]]:
    """Codes of the rules that publishing would add, change, withdraw or move."""
    there = as_draft(rules_in_force())
    old, new = {rule["code"]: rule for rule in there}, {rule["code"]: rule for rule in draft.rules}
    kept_old = [code for code in old if code in new]
    kept_new = [code for code in new if code in old]
    staying = _longest_rise([kept_old.index(code) for code in kept_new])
    return {
        "added": [code for code in new if code not in old],
        "changed": [code for code in kept_new if old[code] != new[code]],
        "withdrawn": [code for code in old if code not in new],
        "moved": [code for place, code in enumerate(kept_new) if place not in staying],
    }


# -- trying it on cases ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A case that would have gone elsewhere. Departments in the order of their stages; none: to the coordinator."""

    case_id: int
    number: str
    subject: str
    opened_at: datetime
    old_rule: str
    new_rule: str
    old: tuple[int, ...]
    new: tuple[int, ...]


@dataclass
class Trial:
    """`looked_at` cases were tried; `is_sample` when there are more than were looked at."""

    looked_at: int = 0
    is_sample: bool = False
    changes: list[Change] = field(default_factory=list)

    def flows(self) -> list[tuple[tuple[int, ...], tuple[int, ...], int]]:
        """(from departments, to departments, how many cases), the most first."""
        counted = Counter((change.old, change.new) for change in self.changes)
        return [(old, new, number) for (old, new), number in counted.most_common()]


def try_draft(draft: RuleDraft, *, days: int, now: datetime) -> Trial:
    """Which cases, open ones and those of the last days, these rules would send elsewhere than the rules in force.

    The same `covers` decides as for a case that arrives, so the trial cannot be wrong in another way. Bounded: at
    most TRIED_AT_MOST open cases and as many recent ones, the newest.
    """
    old_rules = [_tried(rule) for rule in as_draft(rules_in_force())]
    new_rules = [_tried(rule) for rule in draft.rules]
    columns = (*_SEEN, "story") if any(r.for_words for r, _to in (*old_rules, *new_rules)) else _SEEN
    cases = Case.objects.exclude(state=Case.State.MERGED)
    recent = cases.filter(opened_at__gte=now - timedelta(days=days)).order_by("-opened_at", "-id")
    sets = [
        list(asked.values(*columns)[: TRIED_AT_MOST + 1])
        for asked in (cases.filter(state__in=Case.OPEN).order_by("-opened_at", "-id"), recent)
    ]
    seen: dict[int, dict] = {}
    for row in chain.from_iterable(found[:TRIED_AT_MOST] for found in sets):
        seen.setdefault(row["id"], row)
    trial = Trial(len(seen), any(len(found) > TRIED_AT_MOST for found in sets))
    for row in seen.values():
        case: Any = SimpleNamespace(story="", **row) if "story" not in row else SimpleNamespace(**row)
        old_name, old = _goes_to(old_rules, case)
        new_name, new = _goes_to(new_rules, case)
        if old != new:
            trial.changes.append(
                Change(
                    row["id"], row["number"], row["subject"], row["opened_at"], old_name, new_name, old, new
                )
            )
    return trial


def _tried(rule: dict) -> tuple[RoutingRule, tuple[int, ...]]:
    unsaved = RoutingRule(code=rule["code"], name=rule["name"], **{name: rule[name] for name in CONDITIONS})
    steps = sorted(rule["steps"], key=lambda step: step["stage"])
    return unsaved, tuple(step["department"] for step in steps)


def _goes_to(rules: list[tuple[RoutingRule, tuple[int, ...]]], case: Any) -> tuple[str, tuple[int, ...]]:
    for rule, departments in rules:
        if covers(rule, case):
            return rule.name, departments
    return "", ()


# -- publishing --------------------------------------------------------------------------------------------


@transaction.atomic
def publish_draft(draft: RuleDraft, *, by: Person, now: datetime) -> int:
    """Make the draft the rules in force; only what differs gets a new version. Returns how many rules changed."""
    locked = RuleDraft.objects.select_for_update().filter(pk=draft.pk, version=draft.version).first()
    if locked is None:
        raise DraftMoved(_("Somebody else has just changed this draft. Look at it again."))
    there = {rule.code: rule for rule in rules_in_force()}
    wanted = {rule["code"]: rule for rule in locked.rules}
    places = _places([there[code].position if code in there else None for code in wanted])
    changed = 0
    for code, rule in there.items():
        if code not in wanted:
            withdraw_rule(rule, by=by, now=now)
            changed += 1
    for place, (code, rule) in zip(places, wanted.items(), strict=True):
        known = there.get(code)
        if known and known.position == place and as_draft([known])[0] == rule:
            continue
        steps = [(step["department"], step["stage"], step["instruction"]) for step in rule["steps"]]
        conditions = {name: rule[name] for name in CONDITIONS}
        publish_rule(code, name=rule["name"], position=place, steps=steps, by=by, now=now, **conditions)
        changed += 1
    if not changed:
        raise CannotRoute(_("The draft says what is in force already; there is nothing to publish."))
    discard(locked)
    return changed


def _places(old: list[int | None]) -> list[int]:
    """Positions for rules in this order, leaving as many as possible where they were: they need no new version.

    >>> _places([10, None, 20, 30]), _places([30, 10, 20]), _places([10, None, 11])
    ([10, 15, 20, 30], [5, 10, 20], [10, 20, 30])
    """
    known = [(place, at) for place, at in enumerate(old) if at is not None]
    rise = _longest_rise([at for _place, at in known])
    stay = {known[each][0] for each in rise}
    places: list[int] = []
    for place, at in enumerate(old):
        if place in stay and at is not None:
            places.append(at)
            continue
        low = places[-1] if places else 0
        later = [old[other] for other in range(place + 1, len(old)) if other in stay]
        waiting = 1 + sum(
            1
            for other in range(place + 1, len(old))
            if other not in stay and not _stays_before(other, place, stay)
        )
        high = later[0] if later else None
        step = 10 if high is None else (high - low) // (waiting + 1)
        if step < 1:
            return [10 * number for number in range(1, len(old) + 1)]
        places.append(low + step)
    return places


def _stays_before(other: int, place: int, stay: set[int]) -> bool:
    """Whether a rule that stays stands between the two."""
    return any(place < each < other for each in stay)


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Places of the longest strictly rising part of the sequence (patience sorting)."""
    tails: list[int] = []  # for each length, the place of the smallest number it can end with
    before: list[int | None] = []
    for place, number in enumerate(numbers):
        at = bisect_left([numbers[tail] for tail in tails], number)
        before.append(tails[at - 1] if at else None)
        tails[at : at + 1] = [place]
    rise: set[int] = set()
    place_or_none = tails[-1] if tails else None
    while place_or_none is not None:
        rise.add(place_or_none)
        place_or_none = before[place_or_none]
    return rise


@dataclass(frozen=True)
class Edition:
    """One publication: when, by whom, and the rules that came and went with it."""

    at: datetime
    by: Person | None
    published: tuple[str, ...]
    withdrawn: tuple[str, ...]


def editions(limit: int = 30) -> list[Edition]:
    """What was published when, the newest first. A rule that only got a new version is not counted as withdrawn."""
    rows = RoutingRule.objects.select_related("published_by").order_by("-published_at", "position")[:500]
    moments: dict[datetime, dict[str, Any]] = {}
    for rule in rows:
        there = moments.setdefault(rule.published_at, {"by": None, "published": [], "withdrawn": []})
        there["by"] = there["by"] or rule.published_by
        there["published"].append(rule.code)
        if rule.withdrawn_at:
            gone = moments.setdefault(rule.withdrawn_at, {"by": None, "published": [], "withdrawn": []})
            gone["withdrawn"].append((rule.code, rule.name))
        there.setdefault("names", []).append(str(rule))
    return [
        Edition(
            at,
            said["by"],
            tuple(said.get("names", ())),
            tuple(name for code, name in said["withdrawn"] if code not in said["published"]),
        )
        for at, said in sorted(moments.items(), reverse=True)[:limit]
    ]
