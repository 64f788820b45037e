"""What the classification of a case will probably be, as far as closed cases teach it. A person decides.

One query fetches the weights of the words that stand in the case; a few hundred multiplications make probabilities of
them. No library is loaded, no model is held in memory, and every web process suggests the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guixin.ledger.bulk import fetch_rows
from guixin.organisation.revisions import cached_until_changed
from guixin.serve.models import Case, Classifier
from guixin.serve.text_features import features, probabilities
from guixin.web.intervals import wilson

TOP = 3
SURE = 0.6  # below this probability nothing is suggested
LEAST_CASES = 100  # classified closings, or nothing is suggested
FIELDS = tuple(Classifier.Field.values)


@dataclass(frozen=True)
class Suggestion:
    """For one field: the likeliest codes with their probabilities, the first at least `SURE`; none: not sure enough.

    `why_not`: "" · few (closed cases) · no_better (than the commonest answer) · unsure
    """

    field: str
    options: tuple[tuple[str, float], ...]
    why_not: str
    cases: int  # learnt from
    right: int = 0  # of `held_out` later cases, where it was sure enough to say something
    held_out: int = 0

    @property
    def accuracy(self) -> float | None:
        return self.right / self.held_out if self.held_out else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.right, self.held_out) if self.held_out else None


def suggest(case: Case) -> dict[str, Suggestion]:
    """A suggestion for each field. `case` may be one that is not saved yet."""
    found = features(case.subject, case.story, kind=case.kind, category=case.category, product=case.product)
    models = newest()
    offered = {each.pk: each for each in models.values() if each.is_offered}
    weights: dict[int, dict[str, tuple[float, list[float]]]] = {pk: {} for pk in offered}
    if offered:
        for pk, word, idf, values in fetch_rows(_WEIGHTS, [list(offered), list(found)]):
            weights[pk][word] = (idf, values)
    return {field: _suggestion(field, models.get(field), found, weights) for field in FIELDS}


@cached_until_changed("suggestions")
def newest() -> dict[str, Classifier]:
    """The latest round of learning for each field; nobody changes one of them."""
    return {each.field: each for each in Classifier.objects.order_by("field", "-pk").distinct("field")}


_WEIGHTS = """
    SELECT w.classifier_id, w.word, w.idf, w.weights FROM serve_classifierweight w
    WHERE w.classifier_id = ANY(%s::bigint[]) AND w.word = ANY(%s::text[])
"""


def _suggestion(
    field: str, model: Classifier | None, found: Mapping[str, int], weights: Mapping[int, Mapping[str, Any]]
) -> Suggestion:
    if model is None or not model.is_offered:
        learnt = model.cases if model else 0
        enough = bool(model and model.classes)
        return Suggestion(field, (), "no_better" if enough else "few", learnt)
    measured = model.measured
    about = {"cases": model.cases, "right": measured["said_right"], "held_out": measured["said"]}
    ranked = probabilities(found, weights[model.pk], model.classes, model.intercepts)
    knows_something = any(not word.startswith("kind=") for word in weights[model.pk])
    if not knows_something or ranked[0][1] < SURE:
        return Suggestion(field, (), "unsure", **about)
    return Suggestion(field, tuple((code, round(p, 3)) for code, p in ranked[:TOP]), "", **about)


# -- what people made of it ------------------------------------------------------------------------------------------


def noted(case: Case) -> dict[str, list[Any]]:
    """What would have been suggested, to stand beside what a person chose: field -> [code, probability]."""
    return {field: list(each.options[0]) for field, each in suggest(case).items() if each.options}


@dataclass(frozen=True)
class Taken:
    """How often people chose what was suggested, in one field."""

    field: str
    suggested: int
    accepted: int

    @property
    def share(self) -> float | None:
        return self.accepted / self.suggested if self.suggested else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.accepted, self.suggested) if self.suggested else None


def taken() -> dict[str, Taken]:
    """Of the closings that had a suggestion, how many agree with it, by field."""
    found = {field: Taken(field, 0, 0) for field in FIELDS}
    for field, suggested, accepted in fetch_rows(_TAKEN, [list(FIELDS)]):
        found[field] = Taken(field, suggested, accepted)
    return found


_TAKEN = """
    SELECT f.field, count(*)::int, count(*) FILTER (WHERE l.suggested -> f.field ->> 0 = CASE f.field
        WHEN 'department' THEN d.code WHEN 'cause' THEN l.cause ELSE l.quality_point END)::int
    FROM serve_closing l LEFT JOIN organisation_department d ON d.id = l.department_id,
        unnest(%s::text[]) AS f (field)
    WHERE l.suggested ? f.field GROUP BY 1
"""
