"""Everything held about a customer, wherever it lies: what the right of access (PIPL 45) is answered with.

A package says in its `data_held.py` which of its tables hold something about customers and how a row leads to one:
`belongs("serve.Message", by="case", to="serve.Case")`. A table with a foreign key to a customer is held without saying
anything, so that a package that forgets this file hands out too much rather than too little. A table that leads to
something held and tells nothing of a customer is named with the reason (`tells_nothing`). tests/test_customers_data.py
fails for a table that is neither.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Model, Q
from django.utils.module_loading import autodiscover_modules

from guixin.ledger.models import Entry, Private
from guixin.organisation.access import scope_of
from guixin.organisation.models import Duty
from guixin.understand.models import Customer

CUSTOMER = "understand.customer"
LEDGER = "ledger.entry"
AT_ONCE = 2_000

Files = Callable[[Sequence[int]], Iterable["File"]]


@dataclass(frozen=True)
class File:
    """A file that is held: `open` gives its bytes; FileNotFoundError when they are gone."""

    name: str
    size: int
    open: Callable[[], Any]


@dataclass(frozen=True)
class Belonging:
    """A table, its column `by` with the id of a row of `to`, and the columns that are not handed out."""

    model: str
    by: str
    to: str = CUSTOMER
    without: frozenset[str] = frozenset()
    files: Files | None = None

    @property
    def table(self) -> type[Model]:
        return apps.get_model(self.model)


_said: list[Belonging] = []
_silent: dict[str, str] = {}


def belongs(
    model: str, *, by: str, to: str = CUSTOMER, without: Iterable[str] = (), files: Files | None = None
) -> None:
    """Rows of `model` are a customer's: their column `by` is the id of a row of `to`, which is a customer's.

    without    columns that are nobody's data: keys of a search, secrets of ours
    files      from the ids of rows to the files that lie beside them
    """
    _said.append(Belonging(model.lower(), by, to.lower(), frozenset(without), files))


def tells_nothing(model: str, why: str) -> None:
    """Rows of `model` lead to something held, and tell nothing of the customer."""
    _silent[model.lower()] = why


def silent() -> dict[str, str]:
    """The tables that are left out, with the reason."""
    autodiscover_modules("data_held")
    return dict(_silent)


belongs(
    "understand.Knowledge", by="customer_id", without=["terms", "topic_folded"]
)  # its words again, for the search
belongs("understand.KnowledgeVersion", by="knowledge_id", to="understand.Knowledge")
tells_nothing("understand.KnowledgeUse", "Which of our people made use of what is known, and for what work.")
tells_nothing("understand.KnowledgeShare", "Which of our departments must know it.")
tells_nothing("understand.KnowledgeReading", "Which of our people have read it.")


def belongings() -> list[Belonging]:
    """All of them, each after what it leads to."""
    autodiscover_modules("data_held")
    named = {each.model for each in _said} | set(_silent) | {CUSTOMER}
    left = _said + [
        Belonging(model._meta.label_lower, field.attname)
        for model in apps.get_models()
        if model._meta.label_lower not in named
        for field in model._meta.concrete_fields
        if field.related_model is Customer
    ]
    ordered: list[Belonging] = []
    while left:
        unknown = {each.model for each in left}
        ready = [each for each in left if each.to not in unknown]
        if not ready:
            raise LookupError(f"These lead in a circle: {', '.join(sorted(unknown))}")
        ordered += ready
        left = [each for each in left if each not in ready]
    return ordered


def may_hand_out(person: Any) -> bool:
    """Whoever answers for the front desk: the coordinator, and who sees everything."""
    scope = scope_of(person)
    return scope.sees_everything or scope.has_duty(Duty.COORDINATOR)


@dataclass
class Part:
    """The rows of one table, in the order they were written, each as column -> value."""

    name: str
    table: type[Model] | None
    rows: Callable[[], Iterator[dict[str, Any]]]


@dataclass
class Held:
    parts: list[Part]
    files: list[File]


def held_about(customer: Customer) -> Held:
    """What is held about the customer, those merged into them included. Rows are read when they are asked for."""
    ids: dict[str, set[Any]] = defaultdict(set)
    ids[CUSTOMER] = _with_merged(customer.pk)
    without: dict[str, frozenset[str]] = {CUSTOMER: _SPELLED}
    givers: dict[str, Files] = {}
    for each in belongings():
        if parents := ids[each.to]:
            rows = each.table._base_manager.filter(**{f"{each.by}__in": sorted(parents)})
            ids[each.model].update(rows.values_list("pk", flat=True))
        without[each.model] = without.get(each.model, frozenset()) | each.without
        if each.files:
            givers[each.model] = each.files
    files = [file for model, give in givers.items() if ids[model] for file in give(sorted(ids[model]))]
    parts = [_part(model, sorted(ids[model]), without[model]) for model in without]
    return Held([*parts, _ledger_of(ids)], files)


_SPELLED = frozenset({"name_folded", "name_pinyin", "name_initials"})  # the name again, for the search


def _with_merged(pk: int) -> set[int]:
    found, newest = {pk}, {pk}
    while newest:
        newest = set(Customer.objects.filter(merged_into_id__in=newest).values_list("pk", flat=True)) - found
        found |= newest
    return found


def _part(model: str, ids: list[int], without: frozenset[str]) -> Part:
    table = apps.get_model(model)
    columns = [
        each.attname
        for each in table._meta.concrete_fields
        if each.name not in without and not isinstance(each, BinaryField)
    ]

    def rows() -> Iterator[dict[str, Any]]:
        for start in range(0, len(ids), AT_ONCE):
            some = table._base_manager.filter(pk__in=ids[start : start + AT_ONCE])
            yield from some.order_by("pk").values(*columns)

    return Part(model, table, rows)


def _ledger_of(ids: dict[str, set[Any]]) -> Part:
    """What was recorded about anything held, each entry with the personal part that is kept beside it."""
    wanted = Q(case_id__in=sorted(ids.get("serve.case", ())))
    for model, held in ids.items():
        whole = sorted(pk for pk in held if isinstance(pk, int))
        if whole:
            name = apps.get_model(model)._meta.model_name
            wanted |= Q(about_kind=name, about_id__in=whole, case_id__isnull=True)

    def rows() -> Iterator[dict[str, Any]]:
        entries = list(Entry.objects.filter(wanted).order_by("id").values_list("pk", flat=True))
        for start in range(0, len(entries), AT_ONCE):
            some = entries[start : start + AT_ONCE]
            personal = dict(Private.objects.filter(entry_id__in=some).values_list("entry_id", "payload"))
            for entry in Entry.objects.filter(pk__in=some).order_by("id"):
                yield {
                    "id": entry.pk,
                    "happened_at": entry.happened_at,
                    "kind": entry.kind,
                    "sentence": entry.in_words(),
                    "about_kind": entry.about_kind,
                    "about_id": entry.about_id,
                    "case_id": entry.case_id,
                    "actor_id": entry.actor_id,
                    "facts": entry.facts,
                    "personal": personal.get(entry.pk),
                }

    return Part(LEDGER, Entry, rows)
