"""The rules of grading: one draft at most, previewed, then published as the next version for good."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand.grade_events import GradeRulesPublished
from guixin.understand.models import GradeRules, Grading
from guixin.web.refusals import Refused

WEIGHTS = ("recency", "frequency", "money", "lifetime")
EDITABLE = (
    "method", "value", "weights", "cuts", "least_orders", "steady_periods", "period", "horizon_months",
    "margin_percent", "discount_percent",
)  # fmt: skip
FIRST = {
    "weights": {"recency": 1, "frequency": 2, "money": 2, "lifetime": 3},
    "cuts": [["A", 20], ["B", 50], ["C", 100]],
}


class CannotGradeSo(Refused):
    """These rules cannot be used, and why."""

    about_input = True


def rules_in_force(now: datetime) -> GradeRules:
    """The latest published version; the first one is ours and holds until somebody writes a better one."""
    rules = GradeRules.objects.exclude(number=None).order_by("-number").first()
    return (
        rules
        or GradeRules.objects.get_or_create(
            number=1, defaults={**FIRST, "written_at": now, "published_at": now}
        )[0]
    )


def draft(now: datetime) -> GradeRules:
    """The draft somebody is working on, or a copy of what is in force, not saved."""
    found = GradeRules.objects.filter(number=None).order_by("-pk").first()
    if found:
        return found
    current = GradeRules.objects.exclude(number=None).order_by("-number").first() or GradeRules(**FIRST)
    return GradeRules(written_at=now, **{name: getattr(current, name) for name in EDITABLE})


@transaction.atomic
def write_draft(changes: Mapping[str, Any], *, by: Person, now: datetime) -> GradeRules:
    """Keep a draft; nobody is graded by it."""
    rules = draft(now)
    for name in EDITABLE:
        if name in changes:
            setattr(rules, name, changes[name])
    rules.written_by, rules.written_at = by, now
    check(rules)
    rules.save()
    return rules


def check(rules: GradeRules) -> None:
    """Refuse rules that cannot tell anybody apart."""
    weights = [rules.weights.get(name, 0) for name in WEIGHTS]
    if any(weight < 0 for weight in weights) or not any(weights):
        raise CannotGradeSo(_("At least one weight must be above zero, and none below."))
    letters = [letter for letter, _share in rules.cuts]
    shares = [share for _letter, share in rules.cuts]
    if (
        not 2 <= len(letters) <= 6
        or len(set(letters)) < len(letters)
        or any(len(each) != 1 for each in letters)
    ):
        raise CannotGradeSo(_("There are two to six grades, each a letter of its own."))
    if shares != sorted(set(shares)) or not shares[0] > 0 or shares[-1] != 100:
        raise CannotGradeSo(_("The shares must rise from grade to grade; the last grade takes the rest."))
    if not 1 <= rules.horizon_months <= 60:
        raise CannotGradeSo(_("The lifetime value looks 1 to 60 months ahead."))
    if not 0 < rules.margin_percent <= 100 or not 0 <= rules.discount_percent < 100:
        raise CannotGradeSo(_("Margin and discount are percentages."))
    if not 1 <= rules.steady_periods <= 6:
        raise CannotGradeSo(_("A new grade must hold for one to six periods."))


@transaction.atomic
def publish(*, by: Person, now: datetime) -> GradeRules:
    """The draft becomes the next version; a worker grades by it."""
    rules = GradeRules.objects.select_for_update(of=("self",)).filter(number=None).order_by("-pk").first()
    if rules is None:
        raise CannotGradeSo(_("There is no draft to publish."))
    check(rules)
    rules_in_force(now)
    rules.number = (GradeRules.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    rules.published_at, rules.published_by = now, by
    rules.save(update_fields=["number", "published_at", "published_by"])
    record(
        GradeRulesPublished(
            happened_at=now, actor_id=by.pk, about=("grade_rules", rules.pk), number=rules.number
        )
    )
    return rules


@transaction.atomic
def drop_draft() -> None:
    GradeRules.objects.filter(number=None).delete()


def preview(rules: GradeRules) -> dict[str, Any]:
    """Who would change: {"customers", "changed", "moves": [(from, to, how many)], "letters"}.

    One statement over the figures of the last grading; a new horizon, margin or discount moves the values themselves
    only when everybody is graded.
    """
    last = Grading.objects.exclude(ended_at=None).order_by("-pk").first()
    if last is None:
        return {"customers": 0, "changed": 0, "moves": [], "letters": {}}
    check(rules)
    source = "SELECT customer_id, orders, net, r, f, m, lifetime_value, grade FROM understand_customerworth"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH figures AS ({source}), {lettered(rules)}"  # noqa: S608
            " SELECT f.grade, l.letter, count(*) FROM lettered l JOIN figures f USING (customer_id) GROUP BY 1, 2"
            " ORDER BY 1, 2",
            letter_terms(rules, last.cut_points.get("lifetime_value")),
        )
        rows = cursor.fetchall()
    letters: dict[str, int] = {}
    for _before, letter, number in rows:
        letters[letter] = letters.get(letter, 0) + number
    moves = [(before, letter, number) for before, letter, number in rows if before != letter]
    return {
        "customers": sum(number for *_letters, number in rows),
        "changed": sum(number for *_letters, number in moves),
        "moves": moves,
        "letters": letters,
    }


def lettered(rules: GradeRules) -> str:
    """From `figures` (customer_id, orders, net, r, f, m, lifetime_value) the letter each customer's figures point to.

    A share is that of customers (method score) or of the value (method abc) that stands before this customer.
    """
    return _LETTERED.replace("{share}", _SHARES[GradeRules.Method(rules.method)])


# Only the one that is asked for: each is a sort of everybody.
_SHARES = {
    GradeRules.Method.SCORE: """
        (rank() OVER (ORDER BY (net > 0) DESC, score DESC, value DESC) - 1)::float8 / count(*) OVER ()""",
    GradeRules.Method.ABC: """
        coalesce((sum(greatest(value, 0)) OVER (ORDER BY value DESC, customer_id) - greatest(value, 0))::float8
                 / nullif(sum(greatest(value, 0)) OVER (), 0)::float8, 0)""",
}
_LETTERED = """
    weighed AS (
        SELECT customer_id, orders, net,
               (r * %(recency)s + f * %(frequency)s + m * %(money)s
                + coalesce((1 + (%(l1)s < lifetime_value)::int + (%(l2)s < lifetime_value)::int
                              + (%(l3)s < lifetime_value)::int + (%(l4)s < lifetime_value)::int) * %(lifetime)s, 0))
               ::numeric AS score,
               CASE WHEN %(by_lifetime)s THEN coalesce(lifetime_value, net) ELSE net END AS value
        FROM figures),
    placed AS (
        SELECT *, percent_rank() OVER (ORDER BY value) AS percentile,
               {share} AS share
        FROM weighed),
    lettered AS (
        SELECT customer_id, percentile, share,
               CASE WHEN net <= 0 THEN (%(letters)s::text[])[array_length(%(letters)s::text[], 1)]
                    WHEN orders < %(least_orders)s AND share < (%(shares)s::float8[])[1] THEN (%(letters)s::text[])[2]
                    ELSE (%(letters)s::text[])[1 + width_bucket(share, %(inner)s::float8[])]
               END AS letter,
               CASE WHEN net <= 0 THEN 'net_not_positive'
                    WHEN orders < %(least_orders)s AND share < (%(shares)s::float8[])[1] THEN 'few_orders' END AS capped
        FROM placed)
"""


def letter_terms(rules: GradeRules, lifetime_cuts: list | None) -> dict[str, Any]:
    """The parameters of `lettered`. Without cut points the lifetime value was not told, and its weight falls away."""
    cuts = lifetime_cuts or [None] * 4
    shares = [share / 100 for _letter, share in rules.cuts]
    return {
        **{name: rules.weights.get(name, 0) for name in WEIGHTS},
        **{f"l{n}": cut for n, cut in enumerate(cuts, 1)},
        "by_lifetime": rules.value == GradeRules.Value.LIFETIME and lifetime_cuts is not None,
        "letters": [letter for letter, _share in rules.cuts],
        "shares": shares,
        "inner": shares[:-1],
        "least_orders": rules.least_orders,
    }
