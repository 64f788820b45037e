"""A draft that two people edit, its versions, and how the promises in it are kept."""

from datetime import timedelta

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.models.versions import DraftChanged
from guixin.organisation.tests import make as firm
from guixin.promise import blueprints
from guixin.promise.drawing import CannotDraw, Drawing
from guixin.promise.models import Blueprint
from guixin.promise.performance import performance, promises_behind
from guixin.promise.tests import make

pytestmark = pytest.mark.django_db


def drawn() -> Blueprint:
    """With a draft of one element, kept to by the standard of `make.version`."""
    firm.firm()
    blueprint = blueprints.define("call", name="来电")
    blueprints.begin_draft(blueprint, by=firm.chen(), now=make.NOON)
    drawing = Drawing().with_step("来电").with_element(lane="onstage", step="s1", name="接听")
    return blueprints.edit(blueprint, lambda _d: drawing, seen=2, by=firm.chen(), now=make.NOON)


class TestTheDraft:
    def test_is_not_overwritten_by_whoever_read_it_earlier(self):
        blueprint = drawn()

        with pytest.raises(DraftChanged, match="Look at it again"):
            blueprints.edit(blueprint, lambda d: d.with_step("答复"), seen=2, by=firm.li(), now=make.NOON)
        assert len(Blueprint.objects.get().drawn.steps) == 1

    def test_goes_back_edit_by_edit(self):
        blueprint = drawn()
        blueprints.edit(blueprint, lambda d: d.with_step("答复"), seen=3, by=firm.chen(), now=make.NOON)

        blueprints.step_back(blueprint, by=firm.chen(), now=make.NOON)
        assert [each.name for each in Blueprint.objects.get().drawn.steps] == ["来电"]
        blueprints.step_back(blueprint, by=firm.chen(), now=make.NOON)
        with pytest.raises(CannotDraw, match="no edit"):
            blueprints.step_back(blueprint, by=firm.chen(), now=make.NOON)

    def test_of_what_was_never_published_leaves_nothing(self):
        blueprints.discard(drawn())

        assert not Blueprint.objects.exists()

    def test_knows_only_standards_that_are_there(self):
        with pytest.raises(CannotDraw, match="no standard"):
            blueprints.edit(
                drawn(),
                lambda d: d.changed_element("e1", lane="onstage", step="s1", name="接听", standards=["x"]),
                seen=3, by=firm.chen(), now=make.NOON,
            )  # fmt: skip


class TestPublishing:
    def test_makes_a_version_and_says_so(self):
        blueprint = drawn()
        first = blueprints.publish(blueprint, seen=3, note="首版", by=firm.chen(), now=make.NOON)
        blueprints.begin_draft(blueprint, by=firm.chen(), now=make.NOON)
        blueprints.edit(blueprint, lambda d: d.with_step("答复"), seen=5, by=firm.chen(), now=make.NOON)
        second = blueprints.publish(blueprint, seen=6, by=firm.chen(), now=make.at("13:00"))

        first.refresh_from_db()
        assert (first.number, second.number, first.withdrawn_at) == (1, 2, make.at("13:00"))
        assert Entry.objects.filter(kind="promise.blueprint_published").count() == 2

    def test_refuses_an_empty_drawing_and_the_same_again(self):
        blueprint = drawn()
        blueprints.publish(blueprint, seen=3, by=firm.chen(), now=make.NOON)

        with pytest.raises(CannotDraw, match="nothing to publish"):
            blueprints.publish_drawing(blueprint, blueprint.in_force().drawn, by=None, now=make.NOON)
        with pytest.raises(CannotDraw, match="tells nobody"):
            blueprints.publish_drawing(blueprint, Drawing(), by=None, now=make.NOON)

    def test_is_for_the_steward_and_administrators(self):
        blueprint = drawn()
        assert not blueprints.may_draw(firm.li(), blueprint)
        Blueprint.objects.update(steward=firm.li())
        blueprint.refresh_from_db()
        assert blueprints.may_draw(firm.li(), blueprint)
        assert not blueprints.may_draw(firm.li())


class TestHowAMomentIsKept:
    def test_is_counted_from_its_promises_and_every_number_has_its_list(self):
        terms = make.version(60)
        code, later = terms.standard.code, make.at("16:00")
        for minutes in (10, 20, 30, 40):
            make.keep(make.clock(terms), make.NOON + timedelta(minutes=minutes))
        make.keep(make.clock(terms), make.NOON + timedelta(minutes=90))
        make.clock(terms, started_at=later)
        make.clock()  # of another standard

        found = performance({"e1": [code], "e2": []}, now=later)["e1"]

        assert (found.share.ended, found.share.missed, found.running, found.broken) == (5, 1, 1, 0)
        assert found.median == timedelta(minutes=30)
        for which, number in (("ended", 5), ("missed", 1), ("running", 1), ("broken", 0)):
            assert promises_behind([code], which, now=later).count() == number, which

    def test_turns_red_while_one_is_late_and_says_nothing_of_few(self):
        terms = make.version(60)
        clock = make.clock(terms)
        assert performance({"e1": [terms.standard.code]}, now=make.NOON)["e1"].look == "quiet"

        clock.breached_at = clock.due_at
        clock.save(update_fields=["breached_at"])
        assert performance({"e1": [terms.standard.code]}, now=make.at("14:00"))["e1"].look == "late"

    def test_is_that_of_the_departments_one_looks_after(self):
        terms = make.version(60)
        make.clock(terms)
        asked = {"e1": [terms.standard.code]}

        assert performance(asked, now=make.NOON, department_ids=[firm.quality().pk])["e1"].running == 1
        assert performance(asked, now=make.NOON, department_ids=[])["e1"].running == 0
