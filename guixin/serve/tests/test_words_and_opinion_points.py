"""The firm's lists of words, its policy and its opinion points, as an administrator keeps them."""

import pytest

from guixin.ledger.models import Entry
from guixin.serve import opinion_points, ruling, terms
from guixin.serve.models import OpinionPoint, Term
from guixin.serve.models.policy import policy
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db


def add(name: str, **more) -> Term:
    make.terms()
    return terms.add_term("category", name, by=make.wang(), now=make.NOON, **more)


class TestAWord:
    def test_gets_its_code_from_its_name_and_place(self):
        assert add("起毛", name_en="Pilling", under="quality").code == "quality/pilling"
        assert add("包装").code.isascii()

    def test_stands_once_in_its_place(self):
        with pytest.raises(terms.CannotName, match="already"):
            add("色差", under="quality")

    def test_is_renamed_everywhere(self):
        term = add("起毛", under="quality")

        terms.rename_term(term, name="起球", name_en="Pilling", by=make.wang(), now=make.NOON)

        assert Term.objects.get(pk=term.pk).name == "起球"
        assert Entry.objects.filter(kind="serve.term_changed").count() == 2

    def test_is_retired_with_what_stands_below_and_comes_back_with_it(self):
        make.terms()
        quality = Term.objects.get(list="category", code="quality")

        assert terms.retire_term(quality, by=make.wang(), now=make.NOON) == 2

        quality.refresh_from_db()
        terms.bring_back_term(quality, by=make.wang(), now=make.NOON)
        assert not Term.objects.exclude(retired_at=None).exists()


class TestThePolicy:
    def test_tells_what_it_was(self):
        make.firm()
        before = ruling.change_policy({"repeat_within_days": 60}, by=make.wang(), now=make.NOON)

        assert before["repeat_within_days"] == 30
        assert policy().repeat_within_days == 60
        assert Entry.objects.get(kind="serve.policy_changed").facts["after"]["repeat_within_days"] == 60


class TestAnOpinionPoint:
    def point(self, **more) -> OpinionPoint:
        about = {"name": "一楼大厅", "kind": "place", "department": make.front()} | more
        return opinion_points.add_point(by=make.wang(), now=make.NOON, **about)

    def test_has_an_address_that_can_be_typed(self):
        assert opinion_points.address_of(self.point(code="lobby-1")).endswith("/complain/lobby-1")
        assert len(self.point(name="二楼").code) == 6

    @pytest.mark.parametrize("code", ["大厅", "a", "-x", "a/b"])
    def test_refuses_a_code_that_is_no_address(self, code):
        with pytest.raises(opinion_points.CannotHangUp):
            self.point(code=code)

    def test_refuses_a_code_that_is_taken(self):
        self.point(code="lobby-1")

        with pytest.raises(opinion_points.CannotHangUp, match="taken"):
            self.point(code="lobby-1")

    def test_is_closed_and_opened(self):
        point = self.point()

        opinion_points.change_point(point, by=make.wang(), now=make.NOON, is_active=False)

        assert Entry.objects.order_by("-id").first().facts["what"] == "closed"

    def test_is_kept_on_the_case_that_came_by_it(self):
        point = self.point()

        assert make.case(channel="qr", opinion_point_id=point.pk).opinion_point == point
