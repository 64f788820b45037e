from datetime import date, timedelta

import pytest

from guixin.serve import causes
from guixin.serve.causes import Asked, BadSpan
from guixin.serve.closing import reopen
from guixin.serve.models import Case, Closing
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db
DAY = make.NOON.date()


def asked(**more) -> Asked:
    return Asked(**{"by": "quality_point", "first": DAY - timedelta(days=13), "last": DAY} | more)


def closed(quality_point: str, severity: int = 2, days_ago: int = 0, **more) -> Case:
    pattern = make.case(**more) if not Case.objects.exists() else Case.objects.order_by("pk").first()
    copy = Case.objects.get(pk=pattern.pk)
    if Closing.objects.filter(case=pattern).exists():
        copy.pk, copy.number = None, f"2026-9{Case.objects.count():05}"
    copy.state, copy.closed_at, copy.severity = "closed", make.NOON, severity
    copy.opened_at = make.NOON - timedelta(days=days_ago)
    copy.save()
    Closing.objects.create(
        case=copy,
        generation=1,
        at=make.NOON,
        department=make.quality(),
        quality_point=quality_point,
        cause="material",
    )
    return copy


class TestThePareto:
    def test_puts_the_heaviest_first_and_adds_up(self):
        for point in ("packing", "colour", "colour", "colour"):
            closed(point)

        seen = causes.pareto(asked(), make.sun())

        assert [(bar.value, bar.cases, bar.together) for bar in seen.bars] == [
            ("colour", 3, 0.75),
            ("packing", 1, 1.0),
        ]
        assert seen.bars[0].words == "颜色"
        assert seen.few == 2

    def test_may_turn_round_when_severity_counts(self):
        for severity in (1, 1, 1):
            closed("colour", severity)
        closed("packing", 4)

        assert [bar.value for bar in causes.pareto(asked(weight="severity"), make.sun()).bars] == [
            "packing",
            "colour",
        ]

    def test_counts_what_is_not_classified_as_such(self):
        closed("colour")
        Case.objects.filter(pk=make.case(category="delivery", customer=None).pk).update(opened_at=make.NOON)

        seen = causes.pareto(asked(), make.sun())

        assert (seen.total, seen.unclassified.cases) == (2, 1)
        assert sum(bar.share for bar in seen.bars) == 1

    @pytest.mark.parametrize("by", list(causes.BY))
    def test_opens_exactly_the_cases_it_counts(self, by):
        for point, days_ago in (("colour", 0), ("packing", 3), ("colour", 13), ("colour", 14)):
            closed(point, days_ago=days_ago)

        seen = causes.pareto(asked(by=by), make.sun())

        every = [*seen.bars, *([seen.unclassified] if seen.unclassified else [])]
        assert sum(bar.cases for bar in every) == seen.total == 3
        for bar in every:
            assert causes.cases_behind(asked(by=by), bar.value, make.sun()).count() == bar.cases

    def test_goes_by_the_last_closing(self):
        case = closed("colour")
        reopen(case, "还是不对", now=make.NOON, by=make.wang())
        Closing.objects.create(case=case, generation=2, at=make.NOON, quality_point="packing")

        assert [bar.value for bar in causes.pareto(asked(), make.sun()).bars] == ["packing"]

    def test_shows_the_weeks_from_monday(self):
        for days_ago in (0, 1, 7):
            closed("colour", days_ago=days_ago)

        seen = causes.pareto(asked(), make.sun())

        assert seen.weeks == [date(2026, 2, 16), date(2026, 2, 23), date(2026, 3, 2)]
        assert seen.trend == {"colour": [0, 1, 2]}

    def test_holds_only_what_the_reader_may_see(self):
        closed("colour", departments=[make.quality().pk])

        assert causes.pareto(asked(), make.zhao()).total == 0


class TestTheDays:
    @pytest.mark.parametrize(
        "said",
        [
            {"first": "gestern"},
            {"first": "2026-03-05", "last": "2026-03-04"},
            {"first": "2020-01-01"},
            {"by": "name"},
        ],
    )
    def test_are_refused_in_words(self, said):
        with pytest.raises(BadSpan):
            Asked.read(make.NOON, **said)

    def test_are_twelve_weeks_unless_said(self):
        assert Asked.read(make.NOON).days() == 84
