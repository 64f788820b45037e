"""A handler on a phone: how many taps the acts of a task take, and what fits a thumb."""

import io
import re

import pytest
from PIL import Image

A_TASK = """
from guixin.ledger.clock import database_now
from guixin.organisation.models import Person
from guixin.serve import intake
from guixin.serve.models import Task
from guixin.organisation.ladder import Ladder
now = database_now()
li = Person.objects.get(login="{login}")
department = Ladder.at(now).seats_of(li.pk)[0].department_id
case = intake.open_case(intake.Arrival(kind="complaint", subject="{subject}", channel="phone", story="客户说拉链头一拉就掉。",
                        departments=(department,)), now=now, by=Person.objects.get(name="顾盼"))
print(Task.objects.get(case=case).pk)
"""
HANDLER = """
from guixin.organisation.models import Post
print(*Post.objects.filter(until__isnull=True, position__department__code="{department}").order_by("position__rank")
      .values_list("person__login", "person__name").first())
"""


def photo() -> dict:
    out = io.BytesIO()
    Image.effect_noise((1600, 1600), 90).convert("RGB").save(out, "PNG")  # over 2 MB, as a phone's photo is
    return {"name": "现场.png", "mimeType": "image/png", "buffer": out.getvalue()}


class Thumb:
    """Taps and counts. Typing is no tap; choosing a photo is one more, in the picker of the phone."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, target) -> None:
        target.tap()
        self.taps += 1

    def choose_photo(self, file: dict) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.tap(self.page.locator("input[type=file]").first)
        chooser.value.set_files([file])
        self.taps += 1


@pytest.fixture(scope="module")
def handler(the_house) -> tuple[str, str]:
    login, name = the_house.run(HANDLER.format(department="quality")).split()
    return login, name


@pytest.fixture
def on_the_task(visit, the_house, handler):
    def open_task(subject: str):
        task = the_house.run(A_TASK.format(login=handler[0], subject=subject))
        page = visit(f"/tasks/{task}", as_=handler[1], size="phone")
        return page, Thumb(page)

    return open_task


def bar(page, words: str):
    return page.locator(".task-bar").get_by_text(words, exact=True)


class TestATaskOnAPhone:
    def test_is_accepted_and_answered_with_a_photo_in_six_taps(self, on_the_task):
        page, thumb = on_the_task("拉链头脱落")

        thumb.tap(page.locator(".task-bar button"))
        words = page.locator("textarea[name=result]")
        words.wait_for()
        if not words.evaluate("field => field === document.activeElement"):
            thumb.tap(words)
        page.keyboard.type("更换拉链头，已寄出。")
        thumb.choose_photo(photo())
        page.locator("[data-attach-chosen]", has_text=".jpg").wait_for()  # made smaller by the browser
        thumb.tap(page.locator("#task-form button[type=submit]"))

        page.locator(".attachment-picture img").first.wait_for()
        assert thumb.taps <= 6

    def test_lets_ask_in_three_taps(self, on_the_task):
        page, thumb = on_the_task("咨询一批次")

        thumb.tap(bar(page, "询问"))
        words = page.locator("textarea[name=body]")
        words.wait_for()
        if not words.evaluate("field => field === document.activeElement"):
            thumb.tap(words)
        page.keyboard.type("是哪一批？")
        thumb.tap(page.locator("#task-form button[type=submit]"))

        page.get_by_text("是哪一批？").first.wait_for()
        assert thumb.taps <= 3

    def test_lets_ask_for_more_time_in_three_taps(self, on_the_task):
        page, thumb = on_the_task("请求延期的单")

        thumb.tap(bar(page, "延期"))
        page.locator("input[name=suggested]:checked").wait_for()
        thumb.tap(page.locator("label.check", has_text="检测尚未完成"))
        thumb.tap(page.locator("#task-form button[type=submit]"))

        page.locator(".messages .notice").wait_for()
        assert thumb.taps <= 3

    def test_lets_pass_on_in_three_taps(self, on_the_task):
        page, thumb = on_the_task("转派的单")

        thumb.tap(bar(page, "转派"))
        where = page.locator("select[name=department]")
        where.wait_for()
        elsewhere = where.locator("option", has_text="财务").first.get_attribute("value")
        where.select_option(elsewhere)
        thumb.taps += 1
        thumb.tap(page.locator("#task-form button[type=submit]"))

        page.wait_for_url("**/queues/tasks")
        assert thumb.taps <= 3

    def test_lets_send_back_in_three_taps(self, on_the_task):
        page, thumb = on_the_task("退回的单")

        thumb.tap(bar(page, "退回"))
        thumb.tap(page.locator("label.check", has_text="不属于我部门职责"))
        thumb.tap(page.locator("#task-form button[type=submit]"))

        page.wait_for_url("**/queues/tasks")
        assert thumb.taps <= 3

    def test_has_targets_for_a_thumb_within_its_reach(self, on_the_task):
        page, _thumb = on_the_task("大按钮")
        page.locator(".task-bar").wait_for()

        for each in page.locator(".task-bar a, .task-bar button").all():
            box = each.bounding_box()
            assert box["height"] >= 44
            assert box["width"] >= 44
            assert box["y"] > 844 / 2
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

    def test_is_reached_from_a_notice_after_signing_in(self, visit, the_house, handler):
        task = the_house.run(A_TASK.format(login=handler[0], subject="通知里的单"))
        page = visit(f"/tasks/{task}", size="phone")
        assert "/sign-in" in page.url

        page.locator("button", has_text=handler[1]).first.tap()

        page.wait_for_url(re.compile(rf"/tasks/{task}$"))


class TestTheListOfTasks:
    def test_is_a_stack_of_cards(self, on_the_task, visit, handler):
        on_the_task("卡片")
        page = visit("/queues/tasks", as_=handler[1], size="phone")

        card = page.locator(".task-row").first.bounding_box()
        assert card["width"] > 330
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
