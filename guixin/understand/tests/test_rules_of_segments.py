from datetime import timedelta

import pytest
from django.utils import translation

from guixin.understand import measuring, rules, segmenting
from guixin.understand.measuring import Fact, Kind
from guixin.understand.models import Customer
from guixin.understand.rules import CannotFollow, checked, in_words
from guixin.understand.selecting import Selection
from guixin.understand.tests.make import NOON
from guixin.understand.tests.make_segments import all_of, any_of, asks, customer, segment

pytestmark = pytest.mark.django_db


def matching(rule: dict) -> set[str]:
    selection = Selection(NOON)
    condition = selection.condition(checked(rule))
    rows = Customer.objects.raw(
        f"SELECT c.id FROM {selection.tables()} WHERE {selection.where()} AND {condition}",
        selection.parameters,
    )
    return {each.name for each in rows}


class TestARule:
    @pytest.fixture(autouse=True)
    def three_customers(self):
        customer("大户", net=80_000, grade="A", market="reseller", returned=20_000)
        customer("小户", net=300, grade="C", market="consumer", recency_days=200)
        customer("未购")  # never bought, never graded

    @pytest.mark.parametrize(
        ("part", "expected"),
        [
            (asks("net", "at_least", 80_000), {"大户"}),
            (asks("net", "more", 80_000), set()),
            (asks("net", "less", 300), {"未购"}),
            (asks("net", "between", 300, 400), {"小户"}),
            (asks("net", "is", "80,000"), {"大户"}),
            (asks("orders", "is", 0), {"未购"}),
            (asks("recency_days", "at_least", 100), {"小户"}),
            (asks("recency_days", "unknown"), {"未购"}),
            (asks("recency_days", "known"), {"大户", "小户"}),
            (asks("grade", "in", ["A", "B"]), {"大户"}),
            (asks("grade", "not_in", ["A"]), {"小户", "未购"}),
            (asks("market", "in", ["reseller"]), {"大户"}),
            (asks("return_share", "at_least", 20), {"大户"}),
            (asks("last_bought_at", "within", 1), {"大户", "小户"}),
            (asks("last_bought_at", "longer_ago", 1), set()),
            (asks("created_at", "since", "2026-03-04"), {"大户", "小户", "未购"}),
            (asks("created_at", "before", "2026-03-04"), set()),
            (asks("has_owner", "yes"), set()),
            (asks("has_owner", "no"), {"大户", "小户", "未购"}),
            (asks("organisation", "contains", "电器"), set()),
            (asks("organisation", "is_not", "电器"), {"大户", "小户", "未购"}),
        ],
        ids=lambda part: f"{part['fact']}-{part['asks']}" if isinstance(part, dict) else "",
    )  # fmt: skip
    def test_finds_whom_it_asks_for(self, part, expected):
        assert matching(all_of(part)) == expected

    def test_of_any_takes_whoever_matches_one(self):
        assert matching(any_of(asks("grade", "in", ["A"]), asks("orders", "is", 0))) == {"大户", "未购"}

    def test_may_hold_a_group(self):
        rule = all_of(
            asks("net", "more", 0), any_of(asks("grade", "in", ["C"]), asks("market", "in", ["consumer"]))
        )

        assert matching(rule) == {"小户"}

    def test_asks_for_another_segment(self):
        segment("resellers", asks("market", "in", ["reseller"]))

        assert matching(all_of(asks("segment", "in", ["resellers"]))) == {"大户"}
        assert matching(all_of(asks("segment", "not_in", ["resellers"]))) == {"小户", "未购"}

    def test_leaves_out_who_was_merged_into_another(self):
        first, second = Customer.objects.order_by("pk")[:2]
        Customer.objects.filter(pk=first.pk).update(merged_into=second)

        assert matching(all_of(asks("net", "at_least", 0))) == {"小户", "未购"}


class TestARuleIsRefused:
    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            (all_of(), "at least one condition"),
            (all_of(asks("shoe_size", "at_least", 1)), "Nothing is known of customers by the name “shoe_size”"),
            (all_of(asks("c.id; DROP TABLE x", "at_least", 1)), "Nothing is known"),
            (all_of(asks("net", "contains", "x")), "cannot be asked like this"),
            (all_of(asks("net", "at_least", "many")), "compared with a number"),
            (all_of(asks("net", "at_least", True)), "compared with a number"),
            (all_of(asks("net", "at_least", float("nan"))), "compared with a number"),
            (all_of(asks("net", "at_least")), "the value is missing"),
            (all_of(asks("net", "between", 5, 1)), "must not be smaller"),
            (all_of(asks("grade", "in", "A")), "a list of values"),
            (all_of(asks("grade", "in", ["Z"])), "cannot be “Z”"),
            (all_of(asks("created_at", "within", 1.5)), "whole number of days"),
            (all_of(asks("created_at", "since", "yesterday")), "compared with a day"),
            (all_of(asks("segment", "in", ["nobody-knows"])), "no segment “nobody-knows” in force"),
            (all_of(any_of(any_of(asks("net", "known")))), "too deep"),
            ({"match": "some", "parts": []}, "“match”"),
            (all_of(*[asks("net", "known")] * 31), "at most 30"),
            ("everybody", "“match”"),
        ],
    )  # fmt: skip
    def test_in_words(self, rule, words):
        with pytest.raises(CannotFollow, match=words):
            checked(rule)

    def test_with_the_place_of_the_condition(self):
        with pytest.raises(CannotFollow) as refusal:
            checked(all_of(asks("net", "known"), any_of(asks("net", "at_least", "x"))))

        assert refusal.value.part == 1

    def test_if_it_asks_for_its_own_segment(self):
        made = segment("key")

        with pytest.raises(CannotFollow, match="in a circle: key → key"):
            segmenting.publish(made, all_of(asks("segment", "in", ["key"])), by=None, now=NOON)

    def test_if_it_asks_for_itself_by_way_of_others(self):
        first = segment("first")
        segment("second", asks("segment", "in", ["first"]))
        segment("third", asks("segment", "not_in", ["second"]))

        with pytest.raises(CannotFollow, match="first → third → second → first"):
            segmenting.publish(first, all_of(asks("segment", "in", ["third"])), by=None, now=NOON)


class TestARuleInWords:
    RULE = all_of(
        asks("grade", "in", ["A", "B"]),
        any_of(asks("net", "at_least", 50_000), asks("last_bought_at", "within", 90)),
    )

    def test_is_a_sentence_in_english(self):
        assert in_words(self.RULE) == (
            "Customers: Grade is A or B and (Purchases, net at least CN¥50,000 or Last purchase within the last 90 days)."
        )

    def test_is_a_sentence_in_chinese(self):
        with translation.override("zh-hans"):
            assert (
                in_words(self.RULE)
                == "客户：等级为 A 或 B，且（净购买额不少于¥50,000，或最近一次购买在最近 90 天内）。"
            )

    def test_names_the_segments_it_asks_for(self):
        segment("key", name="重点客户")

        assert "重点客户" in in_words(all_of(asks("segment", "in", ["key"])))

    def test_says_of_a_fact_that_is_gone_that_it_is(self):
        assert "not known any more" in in_words(all_of(asks("shoe_size", "at_least", 1)))


class TestAFact:
    def test_of_a_package_above_is_offered_to_every_rule(self, monkeypatch):
        monkeypatch.setattr(measuring, "_facts", dict(measuring._facts))
        measuring.register(Fact("letters", "Letters", Kind.NUMBER, "length(c.name)"))
        customer("张三丰")

        assert matching(all_of(asks("letters", "is", 3))) == {"张三丰"}

    def test_name_belongs_to_one_for_good(self, monkeypatch):
        monkeypatch.setattr(measuring, "_facts", dict(measuring._facts))

        with pytest.raises(ValueError, match="net"):
            measuring.register(Fact("net", "Other", Kind.NUMBER, "1"))

    def test_questions_have_words_for_every_kind(self):
        assert set(rules.QUESTIONS) == set(Kind)

    def test_moves_with_time(self):
        customer("老客", net=10, last_bought_at=NOON - timedelta(days=5))

        assert matching(all_of(asks("last_bought_at", "longer_ago", 4))) == {"老客"}
        assert matching(all_of(asks("last_bought_at", "longer_ago", 6))) == set()
