"""Learning to suggest a classification from the firm's own closed cases. Only workers come here: numpy and scipy.

Multinomial logistic regression over TF-IDF pieces, fitted to its one optimum by L-BFGS; what scikit-learn's
LogisticRegression does, in the few lines it takes. How good it is is measured on the latest fifth of the cases, after
learning from the four fifths before them, never on what it has seen. See decision 21.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from math import log
from typing import Any

from django.db import connection, transaction

from guixin.ledger import record
from guixin.ledger.bulk import fetch_rows
from guixin.serve import cause_events as events
from guixin.serve.models import Classifier, Closing
from guixin.serve.suggesting import LEAST_CASES, SURE
from guixin.serve.text_features import features, probabilities, weighed

PEN = 0x6C72726E
LEAST_OF_CLASS = 5  # fewer teach nothing about a class
MOST_CASES = 20_000  # the newest are learnt from
MOST_PIECES = 20_000
LEAST_DOCUMENTS = 3  # a piece that stands in fewer cases may be a name
HELD_OUT = 0.2
STRENGTH = 10.0  # scikit-learn's C: how much the cases count against keeping weights small
ANEW_AFTER = 50  # new closings, or a tenth
NIGHTLY = timedelta(hours=24)


@dataclass(frozen=True)
class Closed:
    """One closed case: what it said and what it was called."""

    found: Mapping[str, int]
    code: str


@dataclass(frozen=True)
class Model:
    classes: list[str]
    intercepts: list[float]
    idf: dict[str, float]
    weights: dict[str, list[float]]


@dataclass(frozen=True)
class Measured:
    """On later cases it had not seen. `of_class`: code -> (how many there were, how many of them it found)."""

    learnt_from: int = 0
    held_out: int = 0
    right: int = 0  # first suggestion, whether it would have been shown or not
    among_three: int = 0
    said: int = 0  # sure enough to be shown
    said_right: int = 0
    commonest_right: int = 0  # always saying the commonest class
    brier: float = 0.0  # 0 best, 2 worst: squared distance of all probabilities from what was true
    of_class: Mapping[str, tuple[int, int]] | None = None


def learn_next(now: datetime) -> bool:
    """Learn again what has changed enough: a field with many new closings, or any after a night."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [PEN])
        if not cursor.fetchone()[0]:
            return False
        for field in Classifier.Field:
            if _is_due(field, now):
                learn(field, now)
                return True
    return False


def _is_due(field: str, now: datetime) -> bool:
    last = Classifier.objects.filter(field=field).order_by("-pk").first()
    new = Closing.objects.filter(pk__gt=last.last_closing_id if last else 0).exclude(**_EMPTY[field])
    number = new.count()
    if last is None:
        return number >= 1
    many = max(ANEW_AFTER, last.cases // 10)
    return number >= many or (number > 0 and now - last.learnt_at >= NIGHTLY)


_EMPTY: dict[str, dict[str, Any]] = {
    "department": {"department": None}, "quality_point": {"quality_point": ""}, "cause": {"cause": ""},
}  # fmt: skip


@transaction.atomic
def learn(field: str, now: datetime) -> Classifier:
    """One round for one field, from the newest closings, the oldest first."""
    last_id, cases = _closed(field)
    common = Counter(each.code for each in cases)
    usable = [each for each in cases if common[each.code] >= LEAST_OF_CLASS]
    enough = len(usable) >= LEAST_CASES and len({each.code for each in usable}) > 1
    measured, model = Measured(), None
    if enough:
        measured, model = measure(usable), fit(usable)
    is_offered = bool(model and measured.right > measured.commonest_right)
    Classifier.objects.filter(field=field, classes=[]).delete()  # it only said how many cases there were
    made = Classifier.objects.create(
        field=field, learnt_at=now, last_closing_id=last_id, cases=len(cases),
        classes=model.classes if model else [], intercepts=model.intercepts if model else [],
        is_offered=is_offered, measured=asdict(measured),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM serve_classifierweight w USING serve_classifier c WHERE c.id = w.classifier_id AND c.field = %s",
            [field],
        )
    if model is None:
        return made
    if is_offered:
        _keep(made.pk, model)
    record(
        events.SuggestionsLearnt(
            happened_at=now, about=("classifier", made.pk), field=str(field), cases=len(cases),
            held_out=measured.held_out, is_offered=is_offered,
            accuracy=round(measured.right / measured.held_out, 4),
        )
    )  # fmt: skip
    return made


def _keep(pk: int, model: Model) -> None:
    """Rows of arrays, which PostgreSQL's COPY takes as text."""
    rows = [
        (pk, piece, model.idf[piece], [round(w, 5) for w in weights])
        for piece, weights in model.weights.items()
    ]
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO serve_classifierweight (classifier_id, word, idf, weights) VALUES (%s, %s, %s, %s)",
            rows,
        )


def _closed(field: str) -> tuple[int, list[Closed]]:
    """The latest closing of each case that says something in this field, the oldest first."""
    rows = fetch_rows(_CLOSED.format(code=_CODE[field]), [MOST_CASES])
    found = [
        Closed(features(subject, story, kind=kind, category=category, product=product), code)
        for _id, code, subject, story, kind, category, product in reversed(rows)
    ]
    return max((row[0] for row in rows), default=0), found


_CODE = {
    "department": "coalesce(d.code, '')",
    "quality_point": "l.quality_point",
    "cause": "l.cause",
}
_CLOSED = """
    SELECT l.id, {code}, c.subject, c.story, c.kind, c.category, c.product
    FROM serve_closing l JOIN serve_case c ON c.id = l.case_id
    LEFT JOIN organisation_department d ON d.id = l.department_id
    WHERE {code} <> ''
      AND NOT EXISTS (SELECT FROM serve_closing n WHERE n.case_id = l.case_id AND n.generation > l.generation)
    ORDER BY l.at DESC, l.id DESC LIMIT %s
"""


# -- fitting ---------------------------------------------------------------------------------------------------------


def fit(cases: Sequence[Closed]) -> Model:
    """Learn from all of these."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    counts = Counter(each.code for each in cases)
    classes = sorted(counts, key=lambda code: (-counts[code], code))
    idf = _idf(cases)
    column = {piece: n for n, piece in enumerate(idf)}
    data, indices, ends = [], [], [0]
    for each in cases:
        for piece, value in weighed(each.found, idf).items():
            data.append(value)
            indices.append(column[piece])
        ends.append(len(data))
    x = csr_matrix((data, indices, ends), shape=(len(cases), len(idf)))
    place = {code: n for n, code in enumerate(classes)}
    truth = np.zeros((len(cases), len(classes)))
    truth[np.arange(len(cases)), [place[each.code] for each in cases]] = 1.0

    def loss(flat: Any) -> tuple[float, Any]:
        """(1/2C)|W|² minus the mean log likelihood times n, and its gradient; intercepts are not held small."""
        held = flat.reshape(len(idf) + 1, len(classes))
        scores = x @ held[:-1] + held[-1]
        scores -= scores.max(axis=1, keepdims=True)
        sums = np.exp(scores).sum(axis=1, keepdims=True)
        logs = scores - np.log(sums)
        off = np.exp(logs) - truth
        gradient = np.vstack([STRENGTH * (x.T @ off) + held[:-1], STRENGTH * off.sum(axis=0, keepdims=True)])
        return float(-STRENGTH * (logs * truth).sum() + 0.5 * (held[:-1] ** 2).sum()), gradient.ravel()

    begun = np.zeros((len(idf) + 1) * len(classes))
    held = minimize(loss, begun, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    held = held.reshape(len(idf) + 1, len(classes))
    weights = {piece: held[n].tolist() for piece, n in column.items()}
    return Model(classes, held[-1].tolist(), idf, weights)


def _idf(cases: Sequence[Closed]) -> dict[str, float]:
    """ln((1 + n) / (1 + documents)) + 1 of the commonest pieces."""
    documents: Counter[str] = Counter()
    for each in cases:
        documents.update(each.found.keys())
    often = [(piece, n) for piece, n in documents.most_common(MOST_PIECES) if n >= LEAST_DOCUMENTS]
    return {piece: log((1 + len(cases)) / (1 + n)) + 1 for piece, n in often}


def measure(cases: Sequence[Closed]) -> Measured:
    """Learn from the earlier ones, try on the later ones."""
    cut = round(len(cases) * (1 - HELD_OUT))
    earlier, later = cases[:cut], cases[cut:]
    if len({each.code for each in earlier}) < 2:
        return Measured(learnt_from=len(earlier), held_out=len(later))  # nothing to tell apart, nothing right
    model = fit(earlier)
    right = among_three = said = said_right = commonest = 0
    brier = 0.0
    of_class: dict[str, tuple[int, int]] = {}
    for each, ranked in _tried(model, later):
        first, chance = ranked[0]
        is_right = first == each.code
        right += is_right
        among_three += each.code in [code for code, _p in ranked[:3]]
        said += chance >= SURE
        said_right += chance >= SURE and is_right
        commonest += each.code == model.classes[0]
        brier += sum((p - (code == each.code)) ** 2 for code, p in ranked) + (each.code not in model.classes)
        there, found = of_class.get(each.code, (0, 0))
        of_class[each.code] = (there + 1, found + is_right)
    return Measured(
        len(earlier), len(later), right, among_three, said, said_right, commonest,
        round(brier / max(len(later), 1), 4), of_class,
    )  # fmt: skip


def _tried(model: Model, cases: Sequence[Closed]) -> Iterator[tuple[Closed, list]]:
    for each in cases:
        words = {
            piece: (model.idf[piece], model.weights[piece]) for piece in each.found if piece in model.idf
        }
        yield each, probabilities(each.found, words, model.classes, model.intercepts)
