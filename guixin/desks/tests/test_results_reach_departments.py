"""What a wave found reaches every department it concerns; its head confirms, and what nobody confirms climbs."""

import pytest

from guixin.channels.models import Notice
from guixin.desks.tests.desk import signed_in
from guixin.ledger.models import Entry
from guixin.listen import counting, sharing_results, taking_in, waves
from guixin.listen.department_results import of_department, said_to
from guixin.listen.taking_in import Given
from guixin.listen.tests.make import NOON, chen, he, li, published, wang, zhao
from guixin.listen.waves import NotPossibleNow
from guixin.organisation.tests import make as firm
from guixin.promise.keeping import fire_due
from guixin.promise.matters import matter_for
from guixin.promise.models import Clock, Escalation
from guixin.serve.tests import make
from guixin.understand import sharing
from guixin.understand.models import KnowledgeReading, KnowledgeShare

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
ASKS = {
    "questions": [
        {"code": "soon", "label": "回得快吗", "low": 1, "high": 5},
        {"code": "freight", "label": "送得好吗", "low": 1, "high": 5, "department": "logistics"},
        {"code": "overall", "label": "总体", "reads_as": "csat", "low": 1, "high": 5},
        {"code": "words", "label": "还有什么", "kind": "text"},
    ]
}


@pytest.fixture
def case():
    return make.case(departments=[make.quality().pk])


def counted(case, number=8, code="march", points=None, **more):
    asked = (
        published(ASKS).questionnaire if code == "march" else waves.Wave.objects.first().version.questionnaire
    )
    wave = waves.open_wave(asked, name=code, code=code, owner=he(), by=he(), now=NOON, **more)
    points = points or [1, 2, 4, 4, 5, 5, 4, 4, 3, 4, 4, 5]
    given = [
        Given(
            n, {"soon": str(points[n % 12]), "freight": "4", "overall": str(points[n % 12]), "words": f"等了{n}天，打13812345678没人接"},
            f"{code}-{n}", case_id=case.pk, customer_id=case.customer_id,
        )
        for n in range(number)
    ]  # fmt: skip
    taking_in.take_in(wave, given, source="file", by=he(), now=NOON)
    counting.count_next(NOON)
    wave.refresh_from_db()
    return wave


def shared(wave):
    sharing_results.share(wave, by=he(), now=NOON)
    wave.refresh_from_db()
    return sharing_results.item_of(wave)


class TestTheResults:
    def test_reach_whom_a_question_is_about_and_who_worked_for_five(self, case):
        wave = counted(case)
        assert {each.code for each in sharing_results.departments_concerned(wave, NOON)} == {
            "logistics",
            "quality",
        }

        item = shared(wave)
        assert set(item.shares.values_list("by_head", flat=True)) == {True}
        assert set(Notice.objects.values_list("person__login", flat=True)) >= {"wu", "li", "zhao"}

    def test_go_out_by_themselves_once_the_wave_is_over(self, case):
        wave = counted(case)
        assert not sharing_results.share_next(NOON)
        waves.close(wave, by=he(), now=NOON)
        assert not sharing_results.share_next(NOON)  # they are counted again first
        counting.count_next(NOON)

        assert sharing_results.share_next(NOON)
        assert not sharing_results.share_next(NOON)
        assert sharing_results.item_of(wave).shares.count() == 2

    def test_go_out_once(self, case):
        wave = counted(case)
        shared(wave)
        with pytest.raises(NotPossibleNow, match="shared already"):
            sharing_results.share(wave, by=he(), now=NOON)

    def test_of_our_own_people_reach_no_department(self, case):
        wave = counted(case)
        waves.Wave.objects.update(is_of_our_people=True, closed_at=NOON)

        assert not sharing_results.share_next(NOON)
        with pytest.raises(NotPossibleNow):
            sharing_results.share(wave, by=he(), now=NOON)

    def test_of_fewer_than_five_reach_nobody_by_their_work(self, case):
        assert [each.code for each in sharing_results.departments_concerned(counted(case, 4), NOON)] == [
            "logistics"
        ]

    def test_of_an_anonymous_wave_reach_whom_its_questions_name(self, case):
        wave = counted(case, is_anonymous=True)
        assert [each.code for each in sharing_results.departments_concerned(wave, NOON)] == ["logistics"]
        assert said_to(wave, firm.logistics(), he()) == []


class TestTheHead:
    def test_confirms_for_the_department_with_a_word(self, case):
        wave = counted(case)
        item = shared(wave)
        sharing.read(item, by=li(), now=NOON)
        share = item.shares.get(department=firm.quality())
        assert share.over_at is None  # Li is not its head

        sharing.read(item, words="每天下午回访", by=firm.wu(), now=NOON)
        share.refresh_from_db()
        assert share.all_saw_it
        assert Clock.objects.of(KnowledgeShare.ABOUT, share.pk).get().state == Clock.State.MET
        assert "每天下午回访" not in str(Entry.objects.filter(kind="understand.knowledge_read").last().facts)
        told = {each.department.code: each for each in sharing_results.confirmations(wave, NOON)}
        assert (told["quality"].said.words, told["quality"].read) == ("每天下午回访", 2)
        assert told["logistics"].said is None
        assert KnowledgeReading.objects.waiting_for(firm.qian().pk).exists()  # she still reads it

    def test_hears_and_then_the_next_authority_if_nobody_confirms(self, case):
        shared(counted(case))
        share = KnowledgeShare.objects.get(department=firm.quality())
        clock = Clock.objects.of(KnowledgeShare.ABOUT, share.pk).get()
        assert clock.holder == firm.wu()

        fire_due(clock.due_at)
        assert Escalation.objects.raised().filter(clock=clock).get().to_person == chen()
        matter = matter_for(chen(), (KnowledgeShare.ABOUT, share.pk))
        assert matter.address == "/surveys/march/departments/quality"

    def test_may_be_whoever_came_to_head_it_since(self, case):
        item = shared(counted(case))
        share = item.shares.get(department=firm.quality())
        share.readings.filter(person=firm.wu()).delete()
        assert sharing.must_read(item, firm.wu(), NOON)

        assert sharing.read(item, by=firm.wu(), now=NOON) == 1
        share.refresh_from_db()
        assert share.all_saw_it


class TestThePageOfADepartment:
    def test_says_its_figures_with_what_changed(self, case):
        counted(case, 12, points=[2] * 12)
        later = counted(case, 12, code="june", points=[5] * 12)
        waves.Wave.objects.filter(code="june").update(opened_at=NOON.replace(month=6))
        later.refresh_from_db()
        waves.counts_anew(later)
        counting.count_next(NOON)

        found = of_department(waves.Wave.objects.get(code="june"), firm.quality(), "en")
        told = {each.code: each for each in found.figures}
        assert (found.responses, told["overall"].here[0], found.since.code) == (12, 5, "march")
        assert told["overall"].change.words == "rose"
        freight = {each.code: each for each in of_department(later, firm.logistics(), "en").figures}
        assert list(freight) == ["freight"]
        assert freight["freight"].is_ours

    def test_shows_low_scores_and_masked_words_of_cases_one_may_see(self, case):
        wave = counted(case)
        said = said_to(wave, firm.quality(), li())
        assert [each.point for each in said[:2]] == [2, 1]
        assert said[0].is_low
        assert "138****5678" in said[0].words[0]
        assert said_to(wave, firm.quality(), zhao()) == []

    def test_opens_for_the_department_once_it_is_shared(self, case, django_assert_max_num_queries):
        wave, here = counted(case), "/surveys/march/departments/quality"
        assert signed_in(li()).get(here).status_code == 404
        item = shared(wave)

        with django_assert_max_num_queries(40):
            shown = signed_in(firm.wu()).get(here).content.decode()
        assert f'action="/knowledge/{item.pk}/reading"' in shown
        assert here in signed_in(firm.wu()).get("/").content.decode()
        assert signed_in(zhao()).get(here).status_code == 404
        assert signed_in(wang()).get(here).status_code == 200

        done = signed_in(firm.wu()).post(f"/knowledge/{item.pk}/reading", {"words": "改用短信"})
        assert done.headers["Location"] == here
        assert "改用短信" in signed_in(he()).get("/surveys/march").content.decode()

    def test_is_handed_out_from_the_page_of_the_wave(self, case):
        counted(case)
        assert signed_in(he()).post("/surveys/march/sharing").status_code == 302
        assert "logistics" in signed_in(he()).get("/surveys/march").content.decode()
