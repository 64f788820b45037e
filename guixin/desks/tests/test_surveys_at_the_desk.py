"""Surveys at the desk and on a customer's phone: the page behind a link, and the page of a wave."""

import gzip
from collections import Counter

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.listen import counting, evidence, sampling, waves
from guixin.listen.models import Questionnaire, Response, Wave, WavePlan, asking_rules
from guixin.listen.tests.make import ASKS, NOON, chen, he, li, people, published, questionnaire
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def wave():
    asked = published(begin_from="quarterly").questionnaire
    return waves.open_wave(asked, name="三月", code="march", owner=chen(), by=he(), now=NOON)


def address(wave) -> str:
    (link,) = waves.invite(wave, [waves.Invited(case=make.case())], by=he(), now=NOON)
    return "/a/" + link.rpartition("/")[2]


class TestTheLink:
    def test_stores_nothing_when_it_is_looked_at(self, client, wave):
        shown = client.get(address(wave))

        assert shown.status_code == 200
        assert len(gzip.compress(shown.content)) < 20_000
        assert len(shown.content) < 30_000
        assert client.head(shown.request["PATH_INFO"]).status_code == 200
        assert not Response.objects.exists()

    def test_is_answered_page_by_page(self, client, wave):
        place = address(wave)
        assert client.post(place, {"form-quality": "4"}).headers["Location"] == f"{place}?page=2"
        assert 'name="form-quality" value="4" checked' in client.get(f"{place}?page=1").content.decode()

        missing = client.post(f"{place}?page=2", {"form-recommend": "9"})
        assert missing.status_code == 422  # the overall question must be answered
        assert 'value="9" checked' in missing.content.decode()

        client.post(f"{place}?page=2", {"form-recommend": "9", "form-overall": "5"})
        assert Response.objects.get().completed_at
        assert client.get(place).status_code == 200
        assert client.post(place, {"form-quality": "1"}).status_code == 200
        assert Response.objects.get().answers.get(question__code="quality").value == 4

    def test_that_was_cut_off_or_taken_back_says_so(self, client, wave):
        place = address(wave)
        assert client.get(place[:-1]).status_code == 404
        waves.withdraw_links(wave, by=he(), now=NOON)
        assert client.get(place).status_code == 410


class TestNoMore:
    def test_is_said_by_one_tap_and_stays_said(self, client, wave):
        place = f"{address(wave)}/no-more"
        assert client.get(place).status_code == 200
        assert sampling_of_cases(wave)["consent"] == 0

        assert client.post(place, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert sampling_of_cases(wave)["consent"] == 1
        assert client.get("/a/unknown/no-more").status_code == 404


def sampling_of_cases(wave) -> Counter:
    """Who is left out of another wave, and why."""
    other = waves.open_wave(
        wave.version.questionnaire,
        name="四月",
        code=f"w{Wave.objects.count()}",
        owner=chen(),
        by=he(),
        now=NOON,
    )
    sample = sampling.keep_plan(other, sampling.Plan({"from": "cases"}), by=he(), now=NOON)
    return Counter(sampling.preview(sample, NOON).left_out)


class TestWhoIsAsked:
    def test_is_planned_seen_and_drawn(self, wave, django_assert_max_num_queries):
        people("A", "A", "B")
        client = signed_in(he())
        said = {
            "source": "segment",
            "segment": "everybody",
            "way": "email",
            "by": "grade",
            "size": "2",
            "quotas": "A 2\nB 1",
        }

        refused = client.post("/surveys/march/people/plan", said)
        assert refused.status_code == 422
        assert "3 answers in all, but only 2" in refused.content.decode()
        client.post("/surveys/march/people/plan", said | {"size": "", "quotas": ""})
        with django_assert_max_num_queries(30):
            seen = client.get("/surveys/march/people").content.decode()
        assert "±" in seen
        assert client.post("/surveys/march/people/draw").status_code == 302
        assert wave.invitations.filter(state="waiting").count() == 3
        assert "To be sent" in client.get("/surveys/march/people").content.decode()
        assert client.get("/surveys/march").status_code == 200

    def test_is_kept_within_the_firms_rules(self):
        client = signed_in(he())
        wrong = client.post("/asking-rules", {"quiet_days": "60", "quiet_from": "20:00"})
        assert wrong.status_code == 422
        client.post("/asking-rules", {"quiet_days": "60", "quiet_from": "20:00", "quiet_to": "08:00"})
        assert asking_rules().quiet_days == 60
        assert signed_in(chen()).get("/asking-rules").status_code == 403


class TestTheWave:
    def test_hands_out_links_once_as_a_file(self, wave):
        client, case = signed_in(he()), make.case()

        file = client.post("/surveys/march/links", {"whom": case.number, "number": ""})
        assert case.number in file.content.decode("utf-8-sig")
        assert client.post("/surveys/march/links", {"whom": "2026-999999"}).status_code == 422
        assert wave.invitations.get().case == case

    def test_shows_what_came_back(self, client, wave, django_assert_max_num_queries):
        place = address(wave)
        client.post(place, {"form-quality": "4"})
        client.post(f"{place}?page=2", {"form-recommend": "9", "form-overall": "5"})
        assert counting.count_next(NOON)
        chens = signed_in(chen())

        with django_assert_max_num_queries(30):
            shown = chens.get("/surveys/march")
        assert shown.status_code == 200
        assert "100.0 %" in shown.content.decode()

    def test_shows_the_five_gaps_and_what_to_do_about_the_plank(self, django_assert_max_num_queries):
        asked = published(
            {"questions": [
                {"code": "fast", "label": "快", "low": 1, "high": 5, "moment": "call:e1"},
                {"code": "fast-hoped", "label": "期望", "expectation_of": "fast", "low": 1, "high": 5},
            ]}
        ).questionnaire  # fmt: skip
        made = waves.open_wave(asked, name="三月", code="pairs", owner=chen(), by=he(), now=NOON)
        counting.count_next(NOON)
        evidence.count_next(NOON)
        chens = signed_in(chen())
        with django_assert_max_num_queries(30):
            shown = chens.get("/surveys/pairs/gaps").content.decode()
        assert shown.count("Cannot be told") == 4
        assert "0 of 1 questions have a standard" in shown

        one = {
            "code": "fast",
            "moment": "call:e1",
            "standards": ["reply"],
            "segment": 0,
            "low": 15,
            "kept": 12,
            "difference": None,
        }
        kept = one | {"share": [0.8, 0.548, 0.93], "verdict": "unnoticed"}
        broken = one | {"share": [0.2, 0.07, 0.45], "kept": 3, "verdict": "really_low"}
        Wave.objects.filter(pk=made.pk).update(evidence=made.evidence or {
            "from": NOON.isoformat(), "to": NOON.isoformat(), "gaps": None, "leaving": None, "noticed": [kept, broken],
        })  # fmt: skip
        shown = chens.get("/surveys/pairs/plank").content.decode()
        assert "/communication" in shown
        assert "/proposals/new" in shown

    def test_of_our_own_people_has_no_gaps(self):
        asked = published(begin_from="servqual").questionnaire
        client = signed_in(he())
        said = {"questionnaire": asked.code, "name": "我们", "owner": chen().pk, "is_of_our_people": "on"}
        assert client.post("/surveys/new", said).status_code == 302
        made = Wave.objects.get()
        assert made.is_of_our_people
        assert client.get(f"/surveys/{made.code}/gaps").status_code == 404


class TestAStandingPlan:
    def test_is_seen_before_it_is_kept_then_changed_and_stopped(self, wave, django_assert_max_num_queries):
        (who,) = people("A")
        make.closed_case(customer=who, kind="complaint")
        client = signed_in(he())
        said = {
            "questionnaire": str(wave.version.questionnaire_id), "name": "办结后", "name_en": "After closing", "owner": str(chen().pk),
            "begins": "case_closed", "only_case_kinds": ["complaint"], "one_in": "1", "days": "90",
        }  # fmt: skip
        seen = client.post("/wave-plans/new", said | {"look": "1"})
        assert "if you keep it" in seen.content.decode()
        assert not WavePlan.objects.exists()

        assert client.post("/wave-plans/new", said)["Location"] == "/wave-plans/after-closing"
        plan = WavePlan.objects.get()
        assert plan.only == {"kinds": ["complaint"]}
        with django_assert_max_num_queries(30):
            assert "Only Complaint" in client.get("/wave-plans/after-closing").content.decode()
        wrong = client.post("/wave-plans/after-closing", said | {"begins": "months", "source": "segment"})
        assert wrong.status_code == 422
        client.post("/wave-plans/after-closing", said | {"one_in": "4"})
        client.post("/wave-plans/after-closing/stop")
        plan.refresh_from_db()
        assert (plan.one_in, plan.number, bool(plan.withdrawn_at)) == (4, 2, True)
        assert "stopped" in client.get("/surveys").content.decode()
        assert signed_in(li()).get("/wave-plans/after-closing").status_code == 404


def test_what_leads_to_what_is_said_line_by_line():
    asks = [{"code": code, "label": code, "dimension": name} for code, name in (("q", "质量"), ("s", "满意"))]
    code = questionnaire({"questions": asks}).code
    client, where = signed_in(he()), f"/questionnaires/{code}"
    assert "质量, 满意" in client.get(where).content.decode()
    said = {
        "draft_version": Questionnaire.objects.get(code=code).draft_version,
        "paths": "质量 → 满意\n",
        "gaps": "",
    }
    client.post(f"{where}/links", said)
    drafted = Questionnaire.objects.get(code=code)
    assert drafted.drafted.paths == (("质量", "满意"),)
    said |= {"draft_version": drafted.draft_version, "paths": "质量 > 价格"}
    assert "joins no two dimensions" in client.post(f"{where}/links", said, follow=True).content.decode()
    assert Questionnaire.objects.get(code=code).drafted.paths == (("质量", "满意"),)


class TestAskingOneThingMore:
    def test_begins_with_its_kind_and_shows_the_fields_of_that_kind(self):
        code = questionnaire(ASKS).code
        client, where = signed_in(he()), f"/questionnaires/{code}/questions/new"
        assert "?kind=ranking" in client.get(where).content.decode()

        form = client.get(f"{where}?kind=choice").content.decode()
        assert 'name="choices"' in form
        assert all(f'name="{name}"' not in form for name in ("low", "reads_as", "study", "opens_at", "kind"))
        version = Questionnaire.objects.get(code=code).draft_version
        said = {"draft_version": version, "label": "哪样最急？", "choices": "交期 | Delivery\n价格 | Price"}
        client.post(f"{where}?kind=choice", said)

        asked = Questionnaire.objects.get(code=code).drafted.questions[-1]
        assert (asked.kind, asked.choices, asked.choices_en) == (
            "choice",
            ("交期", "价格"),
            ("Delivery", "Price"),
        )

    def test_can_ask_within_how_long_a_standard_is_expected_to_be_kept(self):
        make.standards()
        code = questionnaire(ASKS).code
        client, where = signed_in(he()), f"/questionnaires/{code}/questions"
        said = {
            "draft_version": Questionnaire.objects.get(code=code).draft_version, "label": "多久答复？", "standard": "reply",
            "choices": "当天 | the same day | 4\n一天内 | within a day | 24",
        }  # fmt: skip
        client.post(f"{where}/new?kind=choice", said)

        asked = Questionnaire.objects.get(code=code).drafted.questions[-1]
        assert (asked.standard, asked.choices, asked.choice_hours) == ("reply", ("当天", "一天内"), (4, 24))
        assert asked.choices_en == ("the same day", "within a day")
        assert "当天 | the same day | 4" in client.get(f"{where}/{asked.code}").content.decode()

        said |= {
            "draft_version": Questionnaire.objects.get(code=code).draft_version,
            "choices": "当天\n一天内",
        }
        assert client.post(f"{where}/{asked.code}", said).status_code == 422  # hours are missing

    def test_keeps_what_the_form_of_its_kind_does_not_show(self):
        priced = {
            "code": "why",
            "label": "为什么？",
            "kind": "choice",
            "choices": ["慢", "贵"],
            "dimension": "price",
        }
        code = questionnaire({"questions": [priced]}).code
        client, version = signed_in(he()), Questionnaire.objects.get(code=code).draft_version
        said = {"draft_version": version, "label": "为什么呢？", "choices": "慢\n贵"}
        client.post(f"/questionnaires/{code}/questions/why", said)

        asked = Questionnaire.objects.get(code=code).drafted.questions[0]
        assert (asked.label, asked.dimension) == ("为什么呢？", "price")
