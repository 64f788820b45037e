"""The keys of the console in a real browser, with a Chinese input method in between."""

import re

import pytest
from playwright.sync_api import Page, expect

TWO_CASES = """
from guixin.ledger.clock import database_now
from guixin.organisation.models import Person
from guixin.serve import intake
from guixin.understand.models import Customer
now = database_now()
customer, _new = Customer.objects.for_intake("person", "张三丰", [("phone", "13912345678")], now)
for subject in ("拉链卡顿", "少发一箱"):
    case = intake.open_case(intake.Arrival(kind="complaint", subject=subject, channel="phone", customer=customer), now=now,
                            by=Person.objects.get(name="顾盼"))
    print(case.number)
"""
ACT = "#act-closing[open]"


@pytest.fixture(scope="module")
def numbers(the_house) -> list[str]:
    return the_house.run(TWO_CASES).split()


@pytest.fixture
def case(visit, numbers) -> Page:
    return visit(f"/cases/{numbers[0]}?in=/queues/mine", as_="顾盼")


def compose(page: Page, letters: str, word: str) -> None:
    """Type as an input method does: the letters stand under the cursor, and Enter commits the word."""
    method = page.context.new_cdp_session(page)
    method.send(
        "Input.imeSetComposition", {"text": letters, "selectionStart": 0, "selectionEnd": len(letters)}
    )
    for kind in ("rawKeyDown", "keyUp"):
        method.send(
            "Input.dispatchKeyEvent",
            {"type": kind, "windowsVirtualKeyCode": 229, "code": "Enter", "key": "Process"},
        )
    method.send("Input.insertText", {"text": word})


class TestTheKeys:
    def test_walk_through_the_list_and_come_back(self, case, numbers):
        was = case.url
        case.locator("[data-list-pane] [aria-current]").wait_for()
        rows = case.locator("[data-list-pane] [data-number]")
        is_first = rows.first.get_attribute("aria-current") is not None

        case.keyboard.press("]" if is_first else "[")

        expect(case).not_to_have_url(was)
        expect(case.locator("#list-pane")).to_be_visible()
        case.go_back()
        expect(case).to_have_url(was)

    def test_open_an_act_at_its_first_field(self, case):
        case.keyboard.press("e")

        expect(case.locator(f"{ACT} select").first).to_be_focused()

    def test_open_at_its_first_field_what_is_too_long_for_the_screen(self, case):
        case.set_viewport_size({"width": 1440, "height": 480})
        case.keyboard.press("e")

        expect(case.locator(f"{ACT} select").first).to_be_focused()

    def test_are_dead_while_somebody_types(self, case):
        case.keyboard.press("r")
        case.locator(":focus").fill("")  # a draft may lie there
        case.keyboard.type("ejk?")

        expect(case.locator(":focus")).to_have_value("ejk?")
        expect(case.locator(ACT)).to_have_count(0)
        expect(case.locator("#keys-help")).to_be_hidden()

    def test_list_themselves(self, case):
        case.keyboard.press("?")

        shown = case.locator("#keys-help")
        expect(shown).to_be_visible()
        expect(shown.locator("dt", has_text=re.compile(r"^\s*e\s*$"))).to_have_count(1)
        case.keyboard.press("Escape")
        expect(shown).to_be_hidden()

    def test_hide_both_side_panes(self, case):
        case.keyboard.press("\\")

        expect(case.locator("#list-pane")).to_be_hidden()
        expect(case.locator("#side")).to_be_hidden()
        case.keyboard.press("\\")
        expect(case.locator("#side")).to_be_visible()

    def test_do_not_leave_behind_what_is_written(self, case):
        case.keyboard.press("r")
        case.keyboard.type("还没写完")
        was = case.url
        case.keyboard.press("Escape")
        case.keyboard.press("Escape")

        expect(case).to_have_url(was)

    def test_can_be_switched_off(self, visit):
        page = visit("/settings#keys", as_="沈嘉宁")
        page.locator("button[name=keys][value=off]").click()
        page.locator("button[name=keys][value=off][aria-pressed=true]").wait_for()
        page.keyboard.press("?")

        expect(page.locator("#keys-help")).to_be_hidden()


class TestThePalette:
    def test_finds_a_customer_by_initials_and_opens_the_first(self, case):
        case.keyboard.press("Control+k")
        case.keyboard.type("zsf")

        first = case.locator("#palette-found a[role=option]").first
        expect(first).to_be_visible()
        expect(case.locator("#palette-input")).to_have_attribute("aria-activedescendant", "palette-option-0")
        address = first.get_attribute("href")
        case.keyboard.press("Enter")
        expect(case).to_have_url(re.compile(re.escape(address)))

    def test_opens_nothing_while_a_word_is_composed(self, case):
        was = case.url
        case.keyboard.press("Control+k")
        compose(case, "zhang", "张")

        expect(case.locator("#palette-input")).to_have_value("张")
        expect(case.locator("#palette")).to_be_visible()
        expect(case).to_have_url(was)

    def test_does_what_the_page_offers(self, case):
        case.keyboard.press("Control+k")
        case.keyboard.type("办结")
        case.locator("#palette-found [role=option]", has_text="办结个案").click()

        expect(case.locator(ACT)).to_be_visible()
