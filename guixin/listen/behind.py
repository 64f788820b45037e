"""From a figure of a wave to the responses it was counted from. Of an anonymous wave there is no such list."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from guixin.listen.groups import MOMENT
from guixin.listen.models import Answer, PriceRefusal, Response, Wave
from guixin.listen.questions import PRICES, SCALE
from guixin.listen.weakest import LOW
from guixin.organisation.models import Post
from guixin.serve.models import Task
from guixin.web.refusals import Refused

DISSATISFIED = "dissatisfied"
REFUSED = "refused"  # of four prices: its study did not take the answer
WORKED = ("given", "accepted", "done")  # as matrix._DEPARTMENTS counts them


class NotToBeTold(Refused):
    """Which responses these are is told to nobody."""


@dataclass(frozen=True)
class Which:
    """`question` with `value` (a point, a word, DISSATISFIED or REFUSED), of the group `key` that is told apart `by`; or one `response`
    by its number. All blank: all."""

    question: str = ""
    value: str = ""
    by: str = ""
    key: str = ""
    response: str = ""


def responses_behind(wave: Wave, which: Which) -> "QuerySet[Response]":
    """Exactly those a figure counts. Nothing for what the wave does not ask; raises NotToBeTold for an anonymous wave."""
    if wave.is_anonymous:
        raise NotToBeTold(
            _("The wave is anonymous: no answer leads to a person, not even to the other answers.")
        )
    found = wave.responses.counted()
    if which.response:
        found = found.filter(pk=which.response) if _is_number(which.response) else found.none()
    if which.by == MOMENT:
        for each in wave.version.sheet.moments.get(which.key, ()):
            here = Answer.objects.filter(response=OuterRef("pk"), question__code=each.code)
            found = found.filter(Exists(here))
    elif which.by:
        found = found.filter(_in_group(which.by, which.key))
    one = wave.version.sheet.by_code.get(which.question)
    if not which.question:
        return found
    if one is None:
        return found.none()
    # By the ids of questions, so that the planner knows how rare an answer is.
    ids = dict(wave.version.questionnaire.questions.values_list("code", "pk"))
    given = Answer.objects.filter(response=OuterRef("pk"), question=ids[one.code])
    if one.kind == PRICES and which.value == REFUSED:
        refused = PriceRefusal.objects.filter(response=OuterRef("pk"), question=ids[one.code])
        return found.filter(Exists(refused))
    if one.kind != SCALE:
        return found.filter(Exists(given.filter(words=which.value) if which.value else given))
    if which.value == DISSATISFIED:
        expected = next(
            (each for each in wave.version.sheet.questions if each.expectation_of == one.code), None
        )
        if expected is None:
            return found.filter(Exists(given.filter(value__lt=one.low + LOW * (one.high - one.low))))
        hoped = Answer.objects.filter(
            response=OuterRef("response"), question=ids[expected.code], value__gt=OuterRef("value")
        )
        return found.filter(Exists(given.filter(Exists(hoped))))
    if which.value:
        return (
            found.filter(Exists(given.filter(value=int(which.value))))
            if one.holds(which.value)
            else found.none()
        )
    return found.filter(Exists(given))


def _in_group(by: str, key: str) -> Q:
    if by.startswith("answer:"):
        given = Answer.objects.filter(
            response=OuterRef("pk"), question__code=by.removeprefix("answer:"), words=key
        )
        return Q(Exists(given))
    if by == "grade":
        of_case = Q(case__grade=key)
        return of_case | (Q(case=None) | Q(case__grade="")) & Q(customer__grade=key)
    if not _is_number(key):
        return Q(pk__in=[])
    if by == "segment":
        return Q(case__segment=key) | Q(case__segment=None, customer__segment=key)
    if by == "place":
        return Q(place=key)
    if by == "department":
        tasks = Task.objects.filter(case=OuterRef("case"), state__in=WORKED)
        visits = Post.objects.filter(
            Q(until=None) | Q(until__gt=OuterRef("contact__made_at__date")), person=OuterRef("contact__owner"),
            is_main=True, since__lte=OuterRef("contact__made_at__date"), position__department=int(key),
        )  # fmt: skip
        return (
            Q(Exists(tasks.filter(department=int(key))))
            | Q(~Exists(tasks), case__department=key)
            | Q(place__point__department=key)
            | Q(Exists(visits), contact__isnull=False)
        )
    return Q(pk__in=[])


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdecimal() and len(written) < 19


def how_many(wave: Wave, which: Which, rows: "QuerySet[Response]") -> int:
    """How many `rows` there are: what the figure says that leads to them, where it is up to date; counted otherwise.

    rows   responses_behind(wave, which)
    """
    said = _said(wave, which) if wave.answers_seen == wave.figures_of else None
    return rows.count() if said is None else said


def _said(wave: Wave, which: Which) -> int | None:
    figures = wave.figures or {}
    if which.response:
        return None
    if not which.question:
        if which.by:
            group = wave.groups.filter(by=which.by, key=which.key).values_list("responses", flat=True)
            return group.first()
        said = figures.get("responses")
    elif which.by:
        return None
    elif which.value == DISSATISFIED:
        points = (figures.get("plank") or {}).get("points", ())
        share = next((each for each in points if each["code"] == which.question), None)
        said = round(share["dissatisfied"][0] * share["n"]) if share and share["dissatisfied"] else None
    else:
        question = figures.get("questions", {}).get(which.question, {})
        said = question.get("counts", {}).get(which.value) if which.value else question.get("n")
    return int(said) if said is not None else None


def newest_first(responses: "QuerySet[Response]") -> "QuerySet[Response]":
    return responses.select_related("customer", "case", "place__point", "taken_by").order_by(F("pk").desc())
