"""What each scenario of the demonstration shows, from its figures and its pages."""

import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from guixin.desks.suggesting import suggestions
from guixin.handbook.models import Question
from guixin.ledger.clock import set_virtual_clock
from guixin.listen.comparing import is_noise
from guixin.promise.models import Clock, Escalation, PlanMessage
from guixin.recover.models import Recovery
from guixin.serve.models import (
    Attachment,
    BulkChange,
    Case,
    CaseLink,
    FollowUp,
    Goodwill,
    Task,
    Visit,
)
from guixin.understand.models import Customer, CustomerWorth, Membership, Segment
from guixin.understand.price_results import results
from tests.demonstration.told import WEDNESDAY, Pages, Teller


class TestTheScenarios:
    def test_a_repeat_question_is_answered_at_once_with_the_article(self, a_firm_of_old):
        from demo import the_repeat_question as story

        teller = Teller(a_firm_of_old)
        [place, *_others] = story.places(a_firm_of_old, WEDNESDAY)
        teller.tell([place], story.answered(teller.told, story.CONTACTS[0], place, teller.customers))
        story.tell_of_the_handbook(a_firm_of_old, WEDNESDAY)

        case = Case.objects.get()
        assert (case.state, case.first_contact.article.code) == ("closed", "stuck-slider")
        assert case.messages.get(kind="reply").body.startswith("多半是布边或线头夹进了拉头")
        assert set(Clock.objects.of("case", case.pk).values_list("state", flat=True)) == {"met"}
        assert FollowUp.objects.get().outcome == "satisfied"
        [handbook, *_others] = suggestions(a_firm_of_old.people["gu"], "客户说拉链卡住，拉不动")
        assert (handbook.kind.name, handbook.rows[0].found.key) == ("article", case.first_contact.article_id)
        assert [each.words for each in Question.objects.unmet(WEDNESDAY.date())][:1] == ["防水拉链 清洗"]

    def test_the_recall_overloads_quality_climbs_and_is_shared_out_anew(self, a_firm_of_old):
        from demo import the_colour_recall

        teller = Teller(a_firm_of_old)
        planned = the_colour_recall.complaints(a_firm_of_old, WEDNESDAY, 72)
        single, left = the_colour_recall.divided(planned)
        left = left[:5]
        left[4].customer = left[0].customer
        teller.tell(left, the_colour_recall.the_overload(teller.told, left, teller.customers))

        assert len(single) + 16 == 80
        assert Case.objects.filter(state="merged").count() == 1
        assert Case.objects.filter(state="closed").count() == 4
        assert max(Case.objects.values_list("level", flat=True)) >= 3
        assert BulkChange.objects.filter(act="owner", state="done").count() == 2

    def test_a_price_study_shows_a_range_and_what_a_rise_did_to_sales(self, a_firm_of_old):
        from demo import what_it_may_cost as story

        study = story.tell(a_firm_of_old, Teller(a_firm_of_old).customers, WEDNESDAY)
        found = results(study)

        assert (found.used, found.inconsistent > 0) == (story.ASKED - found.inconsistent, True)
        assert found.points.pmc < found.points.opp < found.points.pme
        assert found.intervals
        assert study.observations.count() == len(story.SOLD)

    def test_a_quarterly_wave_names_being_told_when_it_comes_as_the_short_plank(self, a_firm_of_old):
        from demo import the_quarterly_survey as story

        story.tell(a_firm_of_old, Teller(a_firm_of_old).customers, WEDNESDAY)
        story.let_it_be_counted(WEDNESDAY)
        figures = story.this_wave().figures

        assert (figures["plank"]["worst"], figures["plank"]["is_sure"]) == ("tells-me-when", True)
        changed = {code: told for code, told in figures["change"]["questions"].items() if not is_noise(told)}
        assert list(changed) == ["tells-me-when"]
        assert changed["tells-me-when"]["change"][2] < 0
        told = story.this_wave().evidence["gaps"]  # nobody here thought that it matters so much
        beliefs = {each["code"]: each["belief"] for each in told["questions"]}
        assert [code for code, each in beliefs.items() if each and not each["is_noise"]] == ["tells-me-when"]
        assert told["5"]["mean"][2] < 0

    def test_a_two_out_of_ten_opens_its_case_is_made_good_and_ends_with_an_eight(self, a_firm_of_old):
        from demo import the_books, the_quarterly_survey
        from demo import two_out_of_ten as story

        teller = Teller(a_firm_of_old)
        the_books.tell(teller.customers, [], WEDNESDAY)
        the_quarterly_survey.tell(a_firm_of_old, teller.customers, WEDNESDAY)
        place = story.answered(a_firm_of_old, WEDNESDAY)
        teller.tell([place], story.the_story(teller.told, place, list(Customer.objects.all())))

        case, recovery = Case.objects.get(), Recovery.objects.get()
        set_virtual_clock(WEDNESDAY)
        said = Pages(case).read("gu", f"/cases/{case.number}")
        assert "Key accounts package" in said  # as its segment is promised
        assert "告诉我什么时候到：1/10" in said
        told = ["was opened", *story.TELLS, "这次的处理，您打几分？ 8/10"]
        places = [said.rfind(words) for words in told]  # newest first
        assert places == sorted(places, reverse=True)
        assert places[-1] > 0
        assert (recovery.rule.code, recovery.failure_from) == ("service-ours", "category:delivery")
        assert {step.justice for step in recovery.steps.filter(state="done")} == {
            "outcome",
            "procedure",
            "manner",
        }
        [given] = Goodwill.objects.all()
        assert (given.state, given.use.decided_by.login, given.use.grant.rank) == ("given", "xu", 2)
        assert (case.state, recovery.state, FollowUp.objects.get().outcome) == (
            "closed",
            "finished",
            "satisfied",
        )

    def test_key_accounts_are_told_by_plan_and_what_is_not_said_has_its_reason(self, a_firm_of_old):
        from demo import what_they_are_told as story

        customer = Teller(a_firm_of_old).customers[0]
        segment = Segment.objects.get(code=story.SEGMENT)
        story.begin(a_firm_of_old, WEDNESDAY)
        Membership.objects.create(customer=customer, segment=segment, since=WEDNESDAY - timedelta(days=9))
        story.let_it_run(WEDNESDAY)

        [welcome] = PlanMessage.objects.filter(customer=customer)
        assert (welcome.occasion, welcome.entry.code, welcome.contact is not None) == (
            "entered",
            "welcome",
            True,
        )
        assert welcome.contact.state == "made"
        assert not PlanMessage.objects.filter(state="posted").exists()

    def test_complaints_of_the_recall_are_linked_with_the_first(self, a_firm_of_old):
        from demo import the_colour_recall

        for number in (1, 2):
            teller = Teller(a_firm_of_old)
            plan = the_colour_recall.complaints(a_firm_of_old, WEDNESDAY, 72)[number]
            first = Case.objects.first()
            thread = the_colour_recall.a_complaint(teller.told, plan, teller.customers, first)
            plan.place.number = number
            teller.told.begin(plan.place.at, thread)
            from demo.telling import count_numbers_here

            count_numbers_here()
            teller.told.run()

        assert CaseLink.objects.filter(kind="related").count() == 1

    def test_six_departments_prepare_the_visit_in_their_order(self, a_firm_of_old):
        from demo import the_books, the_factory_visit

        teller = Teller(a_firm_of_old)
        the_books.tell(teller.customers, [], WEDNESDAY)
        as_they_are = Customer.objects.in_bulk()
        teller.customers = [as_they_are[each.pk] for each in teller.customers]
        plan = the_factory_visit.asked(a_firm_of_old, WEDNESDAY)
        teller.tell([plan], the_factory_visit.the_visit(teller.told, plan, teller.customers))

        promised = [what for _code, what in the_factory_visit.PROMISED]
        ended = Task.objects.exclude(instruction__in=promised).order_by("stage", "ended_at")
        assert Task.objects.filter(instruction__in=promised, state="done").count() == 2
        assert [task.stage for task in ended] == [1, 2, 2, 2, 3, 3]
        assert all(earlier.ended_at <= later.ended_at for earlier, later in pairwise(ended))
        assert Case.objects.get().state == "closed"

        visit = Visit.objects.get()
        assert (visit.state, visit.grade, visit.use.decided_by.login) == ("held", "A", "luo")
        [first, *later] = visit.follow_ups.order_by("months").select_related("contact")
        assert first.contact.state == "planned"
        assert timedelta(0) < first.contact.due_at - WEDNESDAY < timedelta(days=9)
        assert [each.months for each in later] == [3, 6]
        set_virtual_clock(WEDNESDAY)
        said = Pages(visit.case).read("ye", f"/visits/{visit.pk}")
        assert "希望报告加零下60度" in said  # what the visitors said of it

    def test_the_ladder_passes_over_the_director_on_leave(self, a_firm_of_old):
        from demo import the_director_on_leave as leave

        teller = Teller(a_firm_of_old)
        planned = leave.cases(a_firm_of_old, WEDNESDAY)
        teller.tell(planned, leave.the_leave(teller.told, planned, teller.customers, a_firm_of_old))

        director = a_firm_of_old.people[leave.DIRECTOR]
        assert Escalation.objects.filter(acted_by=director, acted_how="took_over").count() == 3
        assert not Case.objects.filter(owner=director).exists()
        skipped = [one for each in Escalation.objects.filter(level=3) for one in each.skipped]
        assert director.pk in {one["person_id"] for one in skipped}
        assert Case.objects.filter(state="closed").count() == 6

    def test_a_photo_is_drawn_and_kept(self, a_firm_of_old):
        from demo import photos

        teller = Teller(a_firm_of_old)
        from demo import the_factory_visit

        plan = the_factory_visit.asked(a_firm_of_old, WEDNESDAY)
        teller.tell([plan], the_factory_visit.the_visit(teller.told, plan, teller.customers))
        for category in ("quality/shade", "quality/teeth", "delivery/short"):
            photos.attach_to(Case.objects.get(), category, now=WEDNESDAY, colour="大红")

        assert list(Attachment.objects.values_list("state", flat=True)) == ["picture"] * 3


class TestAResellerThatGrows:
    """The six facts of its story, each read from the page that shows it."""

    @pytest.fixture
    def pages(self, a_firm_of_old):
        from demo import a_reseller_grows as story
        from demo import the_books

        set_virtual_clock(WEDNESDAY)
        teller = Teller(a_firm_of_old)
        reseller = story.the_reseller(a_firm_of_old, WEDNESDAY)
        the_books.tell(teller.customers, list(story.its_orders(reseller, WEDNESDAY)), WEDNESDAY)
        story.the_strategy(a_firm_of_old, WEDNESDAY)
        place = story.complained(a_firm_of_old, WEDNESDAY)
        teller.tell([place], story.the_complaint(teller.told, place, reseller))
        return Pages(Case.objects.get(), reseller)

    def test_is_told_from_its_purchases_to_the_strategy_that_learns_from_it(self, pages):
        # 1  it became an A by what it bought
        said = pages.read("xu", f"/customers/{pages.reseller.pk}")
        assert "Why A Among the best" in said
        assert "Grade B became A" in said
        assert "orders more" in said

        # 2  the A made it a key account
        assert "Key accounts" in said
        assert "顺达辅料商行" in pages.read("luo", "/segments/key-accounts/customers")

        # 3  its complaint carries the 48 hours, and the page says why
        said = pages.read("gu", f"/cases/{pages.case.number}")
        assert "Key accounts package" in said
        assert "48 h" in said

        # 4  they ran out, and the node of the blueprint is red
        drawn = pages.get("luo", "/blueprints/complaint").content.decode()
        node = re.search(r'<a href="(\S+)" aria-label="On-site service"><g class="([^"]*)"', drawn)
        assert "is-moment is-late" in node[2]
        assert pages.case.number in pages.read("luo", f"{node[1]}?which=broken")

        # 5  the review of the strategy has found it by itself
        review = pages.section("ye", "/strategies/key-accounts", "review")
        assert "On-site service" in review
        assert "1 of 1 broken" in review
        behind = re.search(r'href="(/strategies/key-accounts/broken[^"]*)"', review)[1].replace("&amp;", "&")
        assert pages.case.number in pages.read("ye", behind)

        # 6  and the next round begins with it
        pages.client("ye").post("/strategies/key-accounts/review/review", {"review-learnt": "浙中要有驻点"})
        carried = pages.section("ye", "/strategies/key-accounts", "carried")
        assert "浙中要有驻点" in carried
        assert "On-site service" in carried
        assert pages.case.number in pages.read("ye", behind)

    def test_leaves_other_customers_at_what_their_own_purchases_make_of_them(self, pages):
        from demo.ninety_days import customers_file

        named = {name for name, _phone, letter in customers_file()["companies"] if letter != "A"}
        letters = Counter(
            CustomerWorth.objects.filter(customer__name__in=named).values_list("grade", flat=True)
        )
        assert letters["C"] > letters["A"]
        assert CustomerWorth.objects.count() == len(customers_file()["companies"]) + 1
