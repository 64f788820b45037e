"""Programs make standards, and decide how customers are graded, with the refusals of the pages."""

import pytest

from guixin.channels.api.tests import make
from guixin.ledger.clock import set_virtual_clock
from guixin.promise.models import Standard
from guixin.promise.publishing import in_force
from guixin.understand.models import GradeRules, Rate

pytestmark = pytest.mark.django_db
QUICK = {"code": "quick", "measure": "reply", "name": "快复", "budget_minutes": 60, "for_grade": "A"}


@pytest.fixture
def program(db):
    set_virtual_clock(make.NOON)
    make.standards()
    return make.program(make.administrator())


class TestAStandard:
    def test_is_made_with_its_first_terms(self, program):
        made = program.post("/standards", QUICK | {"owner": "quality", "reason": "试点"})

        assert (made.status_code, made.said["in_force"]["budget_minutes"]) == (201, 60)
        standard = Standard.objects.get(code="quick")
        assert (standard.owner.code, in_force(standard).reason) == ("quality", "试点")

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"code": "reply"}, "already"),
            ({"measure": "telepathy"}, "no measure"),
            ({"owner": "nowhere"}, "nowhere"),
            ({"ladder_minutes": [60, 30]}, "later than the one before"),
        ],
    )
    def test_is_refused_in_words_and_leaves_nothing(self, program, changes, words):
        answer = program.post("/standards", QUICK | changes)

        assert answer.status_code in (409, 422)
        assert words in answer.said["detail"]
        assert not Standard.objects.filter(code="quick").exists()

    def test_is_withdrawn_once(self, program):
        program.post("/standards", QUICK)

        assert program.call("DELETE", "/standards/quick").said["in_force"] is None
        assert program.call("DELETE", "/standards/quick").status_code == 409


class TestTheRulesOfGrading:
    def test_are_drafted_looked_at_and_published(self, program):
        cuts = [{"letter": "A", "share": 10}, {"letter": "B", "share": 100}]

        drafted = program.patch("/grade-rules/draft", {"cuts": cuts})

        assert (drafted.status_code, drafted.said["number"], drafted.said["cuts"]) == (200, None, cuts)
        assert program.get("/grade-rules/draft/preview").said["changed"] == 0
        assert program.post("/grade-rules/draft/publication").said["cuts"] == cuts
        assert program.get("/grade-rules").said[0]["cuts"] == cuts

    def test_are_refused_in_words(self, program):
        falling = [{"letter": "A", "share": 50}, {"letter": "B", "share": 20}]

        answer = program.patch("/grade-rules/draft", {"cuts": falling})

        assert (answer.status_code, "must rise" in answer.said["detail"]) == (422, True)
        assert not GradeRules.objects.filter(number=None).exists()

    def test_are_not_written_by_looking(self, program):
        for path in ("/grade-rules", "/grade-rules/draft", "/grade-rules/draft/preview"):
            assert program.get(path).status_code == 200

        assert not GradeRules.objects.exists()

    def test_that_were_dropped_are_gone(self, program):
        program.patch("/grade-rules/draft", {"least_orders": 5})

        assert program.call("DELETE", "/grade-rules/draft").status_code == 204
        assert program.post("/grade-rules/draft/publication").status_code == 422


class TestARate:
    def test_is_set_and_read(self, program):
        program.post("/rates", {"currency": "usd", "since": "2026-03-01", "rate": "7.1"})

        assert program.get("/rates").said == [{"currency": "USD", "since": "2026-03-01", "rate": "7.1"}]

    @pytest.mark.parametrize(
        ("currency", "rate", "words"),
        [("CNY", "1", "own currency"), ("USD", "0", "above zero"), ("XYZQ", "1", "")],
    )
    def test_is_refused_in_words(self, program, currency, rate, words):
        answer = program.post("/rates", {"currency": currency, "since": "2026-03-01", "rate": rate})

        assert (answer.status_code, words in answer.said["detail"]) == (422, True)
        assert not Rate.objects.exists()
