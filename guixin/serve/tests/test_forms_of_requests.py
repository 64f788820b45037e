"""Forms the administrator builds: drafted, published in versions, fitting a case, filled in and corrected."""

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.models.versions import DraftChanged
from guixin.serve import building_forms, filling_in
from guixin.serve.form_fields import CannotAsk, read_fields
from guixin.serve.intake import Arrival
from guixin.serve.models import Case, CaseForm, FilledForm
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db
SAID = {
    "machine": "JUKI LU-1508",
    "where": "工厂",
    "gate": "安全鞋",
    "speed": "3,500",
    "contact": "老何 13800002233",
}


def request_case(**more) -> Case:
    make.standards()
    return make.case(kind="service_request", **more)


def filled(case: Case, said=SAID, **more) -> FilledForm:
    version = filling_in.form_to_fill_in(case)
    return filling_in.fill_in(case, version, said, by=make.wang(), now=make.NOON, **more)


class TestAForm:
    def test_refuses_in_words_what_it_cannot_ask(self):
        list_of_one = [{"key": "a", "label": "A", "kind": "choice", "choices": ["一"]}]
        with pytest.raises(CannotAsk, match="at least two words"):
            read_fields(list_of_one)
        twice = [{"key": "a", "label": "A"}, {"key": "a", "label": "B"}]
        with pytest.raises(CannotAsk, match="have the key"):
            read_fields(twice)
        later = [{"key": "a", "label": "A", "shown_if": "b", "shown_values": ["yes"]},
                 {"key": "b", "label": "B", "kind": "yes_no"}]  # fmt: skip
        with pytest.raises(CannotAsk, match="stands before it"):
            read_fields(later)

    def test_is_published_in_versions_and_answers_keep_theirs(self):
        form = make.form()
        first = filled(request_case())
        building_forms.put_field(
            form,
            {"label": "订单号", "required": True},
            by=make.wang(),
            now=make.NOON,
            read_at=form.draft_version,
        )
        second = building_forms.publish_form(form, by=make.wang(), now=make.NOON, note="要订单号")

        assert second.number == 2
        assert list(second.asked)[-1] == "dingdanhao"
        assert first.version.number == 1
        again = filling_in.fill_in(
            first.case, second, {"speed": "3600"}, by=make.wang(), now=make.NOON, read_at=1
        )
        assert again.version_id == first.version_id  # it answers what was asked then

    def test_is_edited_by_one_at_a_time(self):
        form = make.form()
        seen = form.draft_version
        building_forms.drop_field(form, "speed", by=make.wang(), now=make.NOON, read_at=seen)

        with pytest.raises(DraftChanged):
            building_forms.move_field(form, "contact", -1, by=make.he(), now=make.NOON, read_at=seen)

        form.refresh_from_db()
        assert [each.key for each in form.drafted] == ["machine", "where", "gate", "contact"]
        assert "speed" in form.in_force().asked  # a draft is not in force

    def test_fits_the_case_that_says_most(self):
        make.terms()
        make.form("any")
        make.form("colour", category="quality/colour")

        assert building_forms.form_for("service_request", "quality/colour").form.code == "colour"
        assert building_forms.form_for("service_request", "delivery").form.code == "any"
        assert building_forms.form_for("complaint", "quality/colour") is None

    def test_is_offered_no_more_once_withdrawn(self):
        form = make.form()
        case = request_case()
        filled(case)

        building_forms.withdraw_form(form, by=make.wang(), now=make.NOON)

        assert building_forms.forms_in_force() == ()
        assert filling_in.current_form(case).answers["machine"] == "JUKI LU-1508"
        changes = Entry.objects.filter(kind="serve.form_changed").order_by("pk")
        assert [each.facts["form_change"] for each in changes] == ["added", "withdrawn"]


class TestFillingIn:
    def test_understands_each_kind_and_keeps_plain_values(self):
        make.form()

        answers = filled(request_case()).answers

        assert answers == SAID | {"speed": "3500"}
        entry = Entry.objects.get(kind="serve.form_filled_in")
        assert entry.facts["changed"] == ["contact", "gate", "machine", "speed", "where"]
        assert "老何" not in str(entry.facts)

    def test_says_at_each_field_what_is_missing(self):
        make.form()

        with pytest.raises(filling_in.CannotFillIn) as refusal:
            filled(request_case(), {"where": "工厂", "speed": "schnell"})

        assert set(refusal.value.errors) == {"machine", "gate", "speed"}
        assert "is not a number" in refusal.value.errors["speed"]

    def test_does_not_ask_what_depends_on_another_answer(self):
        make.form()

        answers = filled(
            request_case(), {"machine": "M", "where": "门店", "gate": "was typed before"}
        ).answers

        assert answers == {"machine": "M", "where": "门店"}

    def test_overwrites_nobody(self):
        make.form()
        case = request_case()
        filled(case)
        filled(case, {"speed": "3600"}, read_at=1)

        with pytest.raises(filling_in.FilledInMeanwhile) as refusal:
            filled(case, {"speed": "4000"}, read_at=1)

        assert refusal.value.current.answers["speed"] == "3600"
        assert list(case.filled_forms.order_by("number").values_list("answers__speed", flat=True)) == [
            "3500",
            "3600",
        ]
        assert filled(case, {"speed": "3600"}, read_at=2).number == 2  # nothing changed, nothing written

    def test_with_a_new_case_opens_nothing_if_refused_and_runs_the_clocks_if_not(self):
        version = make.form().in_force()
        make.standards()
        arrival = Arrival(kind="service_request", subject="缝纫机跳针", channel="phone")

        with pytest.raises(filling_in.CannotFillIn):
            filling_in.open_with_form(arrival, version, {}, now=make.NOON, by=make.wang())
        assert not Case.objects.exists()

        case = filling_in.open_with_form(arrival, version, SAID, now=make.NOON, by=make.wang())
        assert make.clock(case, "reply").state == "running"
        assert filling_in.current_form(case).number == 1

    def test_is_for_who_serves_the_case_and_the_departments_at_work(self):
        make.form()
        case = request_case(departments=[make.quality().pk])

        assert filling_in.may_fill_in(case, make.wang())
        assert filling_in.may_fill_in(case, make.li())
        assert not filling_in.may_fill_in(case, make.zhao())


class TestWhatStandsThere:
    def test_is_masked_where_it_is_personal_until_somebody_says_why(self):
        make.form()
        found = filled(request_case())

        shown = {each.key: each for each in filling_in.shown_form(found).answers}
        assert shown["contact"].is_masked
        assert "13800002233" not in shown["contact"].shown
        assert shown["speed"].shown == "3500 针/分"

        with pytest.raises(Exception, match="at least four"):
            filling_in.reveal_form(found, by=make.wang(), reason="x", now=make.NOON)
        full = filling_in.reveal_form(found, by=make.wang(), reason="派车前核对", now=make.NOON)
        assert next(each for each in full.answers if each.key == "contact").shown == SAID["contact"]
        assert Entry.objects.get(kind="serve.form_revealed").facts["reason"] == "派车前核对"


class TestTheFirmFile:
    def test_makes_and_changes_forms(self):
        from guixin.organisation.firm import load_written

        make.firm()
        asked = [{"key": "use", "label": "用途", "kind": "several", "choices": ["服装", "箱包"]}]
        written = {
            "forms": {"presale": {"name": "售前咨询", "kind": "enquiry", "public": True, "fields": asked}}
        }

        assert load_written(written, file="f.toml", now=make.NOON).created["CaseFormVersion"] == 1
        assert load_written(written, file="f.toml", now=make.NOON).changed_nothing
        asked[0]["choices"].append("帐篷")
        assert load_written(written, file="f.toml", now=make.NOON).changed["CaseFormVersion"] == 1
        assert CaseForm.objects.get().in_force().number == 2
