"""Blueprints at the desk: drawn by forms alone, read by everybody, compared, and opened down to the cases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guixin.channels.api.tests.make import Program, administrator
from guixin.desks.blueprint_picture import folded, picture
from guixin.desks.tests.desk import noon, signed_in
from guixin.promise.blueprints import define, publish_drawing
from guixin.promise.drawing import Drawing
from guixin.promise.models import Blueprint
from guixin.serve.tests import make

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")


def call() -> Blueprint:
    """Published: a customer calls, we reply as the standard "reply" promises."""
    case = make.case()
    blueprint = define("call", name="来电", name_en="A call")
    drawing = Drawing().with_step("来电").with_step("答复")
    drawing = drawing.with_element(lane="customer", step="s1", name="拨打电话")
    drawing = drawing.with_element(
        lane="onstage", step="s2", name="正式答复", is_moment=True, standards=["reply"]
    )
    publish_drawing(blueprint, drawing, note="首版", by=None, now=make.NOON)
    blueprint.case = case
    return blueprint


class TestReadingABlueprint:
    def test_shows_the_drawing_and_the_same_in_words(self):
        call()
        said = signed_in(make.li()).get("/blueprints/call").content.decode()

        assert said.count("正式答复") >= 3  # box, moments, outline
        assert "Line of visibility" in said

    def test_shows_how_a_moment_is_kept_to_those_who_look_after_others(self):
        call()

        assert "0 ended" in signed_in(make.wang()).get("/blueprints/call").content.decode()
        assert "0 ended" not in signed_in(make.li()).get("/blueprints/call").content.decode()

    def test_opens_a_number_down_to_its_cases(self):
        number = call().case.number
        said = signed_in(make.wang()).get("/blueprints/call/elements/e2?which=running").content.decode()

        assert number in said

    def test_is_not_there_before_it_is_published(self):
        make.case()
        define("secret", name="草案")

        assert signed_in(make.li()).get("/blueprints/secret").status_code == 404
        assert "草案" not in signed_in(make.li()).get("/blueprints").content.decode()

    def test_asks_the_database_little(self):
        call()
        browser = signed_in(make.wang())
        browser.get("/blueprints/call")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.get("/blueprints/call")

        assert len(asked) <= 30

    @pytest.mark.parametrize(
        "address", ["elements/e9", "elements/e2?which=all", "elements/e2?which=ended&after=x", "?version=7"]
    )
    def test_knows_no_such_thing(self, address):
        call()

        assert signed_in(make.wang()).get(f"/blueprints/call/{address}".replace("/?", "?")).status_code == 404


class TestDrawing:
    def test_goes_from_nothing_to_a_published_blueprint_by_forms(self):
        browser = signed_in(administrator())
        make.standards()
        code = browser.post("/blueprints/new", {"name": "工厂参观"})["Location"].split("/")[2]
        here = f"/blueprints/{code}"
        assert browser.post(f"{here}/draft/steps", {"seen": 2, "name": "预约"}).status_code == 302
        element = {
            "seen": 3,
            "name": "接待",
            "lane": "onstage",
            "step": "s1",
            "is_moment": "on",
            "standards": "reply",
        }
        assert browser.post(f"{here}/draft/new-element", element).status_code == 302
        assert browser.post(f"{here}/draft/publication", {"seen": 4, "note": "首版"}).status_code == 302

        drawing = Blueprint.objects.get(code=code).in_force().drawn
        assert [(each.name, each.is_moment, each.standards) for each in drawing.elements] == [
            ("接待", True, ("reply",))
        ]

    def test_keeps_what_was_typed_when_it_is_refused(self):
        call()
        browser = signed_in(administrator())
        browser.post("/blueprints/call/draft")
        said = browser.post(
            "/blueprints/call/draft/new-element",
            {"seen": 2, "name": "", "name_en": "Kept", "lane": "onstage", "step": "s1"},
        )

        assert said.status_code == 422
        assert "Give it a name." in said.content.decode()
        assert 'value="Kept"' in said.content.decode()

    def test_tells_the_second_of_two_to_look_again(self):
        call()
        browser = signed_in(administrator())
        browser.post("/blueprints/call/draft")
        browser.post("/blueprints/call/draft/steps", {"seen": 2, "name": "回访"})
        said = browser.post("/blueprints/call/draft/steps", {"seen": 2, "name": "结算"})

        assert said.status_code == 422
        assert "Look at it again" in said.content.decode()

    def test_is_not_for_everybody(self):
        call()

        assert signed_in(make.li()).post("/blueprints/call/draft").status_code == 403
        assert Blueprint.objects.get(code="call").draft is None

    def test_compares_what_changed(self):
        blueprint = call()
        changed = blueprint.in_force().drawn.without_element("e1").with_step("回访")
        publish_drawing(blueprint, changed, by=None, now=make.NOON)
        said = signed_in(make.li()).get("/blueprints/call/comparison").content.decode()

        assert "taken out" in said
        assert "is-removed" in said


class TestAProgram:
    def test_reads_how_promises_are_kept_and_publishes(self):
        call()
        read = Program(make.wang()).call("GET", "/blueprints/call")
        assert read.said["elements"][1]["kept"] == {
            "ended": 0, "missed": 0, "median_seconds": None, "running": 1, "broken": 0,
        }  # fmt: skip
        assert Program(make.li()).call("GET", "/blueprints/call").said["elements"][1]["kept"] is None

        given = {name: read.said[name] for name in ("steps", "elements")}
        for each in given["elements"]:
            del each["kept"]
        given["steps"][0]["name"] = "来电与扫码"
        answer = Program(administrator()).call("POST", "/blueprints/call/versions", given)
        assert (answer.status_code, answer.said["number"]) == (201, 2)
        given["elements"][0]["step"] = "s9"
        refused = Program(administrator()).call("POST", "/blueprints/call/versions", given)
        assert refused.status_code == 422
        assert "not there" in refused.said["detail"]


class TestThePicture:
    def test_puts_every_box_in_its_lane_and_no_two_on_one_place(self):
        drawing = Drawing().with_step("一").with_step("二")
        for lane in ("customer", "customer", "onstage", "support"):
            for step in ("s1", "s2"):
                drawing = drawing.with_element(lane=lane, step=step, name="做")
        shown = picture(drawing, "zh-hans")
        bands = {band.lane: band for band in shown.bands}

        for box in shown.boxes:
            band = bands[box.element.lane]
            assert band.y <= box.y
            assert box.y + box.height <= band.y + band.height
        assert len({(box.x, box.y) for box in shown.boxes}) == 8
        for box in shown.boxes:
            for other in shown.boxes:
                if box.x == other.x and box.y < other.y:
                    assert box.y + box.height <= other.y

    @pytest.mark.parametrize(
        ("name", "lines"),
        [
            ("接听", ["接听"]),
            ("接听客户来电并完整登记", ["接听客户来电并完整登", "记"]),
            ("Answers and writes it down", ["Answers and writes", "it down"]),
        ],
    )
    def test_folds_names_into_two_lines(self, name, lines):
        assert folded(name) == lines

    def test_ends_what_does_not_fit_with_dots(self):
        assert folded("长" * 40)[-1].endswith("…")
        assert len(folded("长" * 40)) == 2
