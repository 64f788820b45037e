"""A drawing by itself: what it may be, how it is edited, what two of them differ in."""

import pytest

from guixin.promise.drawing import LONGEST_NAME, MOST_STEPS, CannotDraw, Drawing, differences


def call() -> Drawing:
    """A customer calls (e1), we answer (e2), in one step."""
    drawing = Drawing().with_step("来电", "Calling")
    drawing = drawing.with_element(lane="customer", step="s1", name="拨打电话")
    return drawing.with_element(lane="onstage", step="s1", name="接听", is_moment=True, standards=["reply"])


class TestADrawing:
    def test_comes_back_as_it_was_written(self):
        assert Drawing.read(call().written()) == call()

    def test_gives_keys_nobody_has(self):
        drawing = call().without_element("e1").with_element(lane="support", step="s1", name="电话系统")

        assert sorted(each.key for each in drawing.elements) == ["e1", "e2"]

    def test_takes_arrows_out_with_the_element_they_point_at(self):
        drawing = call().changed_element("e1", lane="customer", step="s1", name="拨打电话", leads_to=["e2"])

        assert drawing.without_element("e2").element("e1").leads_to == ()

    def test_keeps_a_step_that_still_holds_something(self):
        with pytest.raises(CannotDraw, match="still holds"):
            call().without_step("s1")

    def test_moves_steps_no_further_than_the_ends(self):
        drawing = call().with_step("答复")

        assert [each.key for each in drawing.moved_step("s2", -1).steps] == ["s2", "s1"]
        assert drawing.moved_step("s1", -1) == drawing

    def test_moves_elements_within_their_cell(self):
        drawing = call().with_element(lane="onstage", step="s1", name="登记")

        assert [each.key for each in drawing.moved_element("e3", -1).in_cell("onstage", "s1")] == ["e3", "e2"]
        assert drawing.moved_element("e2", -1) == drawing

    @pytest.mark.parametrize(
        ("about", "why"),
        [
            ({"lane": "attic"}, "no lane"),
            ({"step": "s9"}, "step that is not there"),
            ({"name": "  "}, "Give it a name"),
            ({"name": "长" * (LONGEST_NAME + 1)}, "does not fit"),
            ({"leads_to": ["e9"]}, "which is not there"),
            ({"leads_to": ["e3"]}, "itself says nothing"),
        ],
    )
    def test_refuses_what_cannot_be_drawn(self, about, why):
        drawing = call().with_element(lane="support", step="s1", name="电话系统")

        with pytest.raises(CannotDraw, match=why):
            drawing.changed_element("e3", **({"lane": "support", "step": "s1", "name": "电话系统"} | about))

    def test_refuses_more_steps_than_one_can_read(self):
        drawing = Drawing()
        for number in range(MOST_STEPS):
            drawing = drawing.with_step(f"第{number}步")

        with pytest.raises(CannotDraw, match="two blueprints"):
            drawing.with_step("再一步")

    @pytest.mark.parametrize(
        "written",
        [None, {}, {"steps": 1, "elements": []}, {"steps": [{"key": "s1"}], "elements": []}, [1],
         {"steps": [{"key": "s1", "name": 5}], "elements": []}],
    )  # fmt: skip
    def test_refuses_what_is_none(self, written):
        with pytest.raises(CannotDraw):
            Drawing.read(written)


class TestTwoDrawings:
    def test_differ_in_what_is_new_gone_and_changed(self):
        before = call()
        after = before.without_element("e1").with_step("答复").changed_element(
            "e2", lane="onstage", step="s1", name="接听并登记", is_moment=True, standards=["reply"]
        )  # fmt: skip
        found = differences(before, after)

        assert [each.key for each in found.added] == ["s2"]
        assert [each.key for each in found.removed] == ["e1"]
        assert [(new.name, names) for _old, new, names in found.changed] == [("接听并登记", ("name",))]

    def test_differ_in_nothing_when_they_are_the_same(self):
        assert not differences(call(), call())
