"""Writing Chinese with an input method: Enter commits the word and sends nothing, and no key of ours hears anything.

An input method speaks to a page as Chromium does on each system: the letters stand in the field as a composition; the
key that commits them comes as "Process" with the code 229 (Windows, Linux) or as itself, while the event says that a
word is being composed (macOS). Then the word is inserted.
"""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.tasks import made

OFFICER = "顾盼"
AS_MARKED = {
    "marked by its code": {"key": "Process", "windowsVirtualKeyCode": 229},
    "marked by the composition": {"key": "Enter", "windowsVirtualKeyCode": 13},
}
SILENT = re.compile(r"/(draft|presence|beside|suggestions)$")  # posts that send nothing to anybody


class InputMethod:
    def __init__(self, page: Page):
        self.wire = page.context.new_cdp_session(page)

    def compose(self, letters: str) -> None:
        """Each letter is swallowed by the input method and stands under the cursor."""
        for end in range(1, len(letters) + 1):
            self.key(f"Key{letters[end - 1].upper()}", key="Process", windowsVirtualKeyCode=229)
            self.wire.send(
                "Input.imeSetComposition",
                {"text": letters[:end], "selectionStart": end, "selectionEnd": end},
            )

    def commit(self, word: str, marked: dict) -> None:
        self.key("Enter", **marked)
        self.wire.send("Input.insertText", {"text": word})

    def key(self, code: str, **more) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            self.wire.send("Input.dispatchKeyEvent", {"type": kind, "code": code, **more})


@dataclass(frozen=True)
class Field:
    """Where one writes: the address, the keys that lead there, the field, and what stands in it before."""

    path: str
    field: str
    keys: tuple[str, ...] = ()
    before: str = ""
    as_: str = OFFICER


FIELDS = {
    "the reply": Field("/cases/{case}", ".composer-reply [data-words]", ("r",)),
    "the note": Field("/cases/{case}", ".composer-note [data-words]", ("n",)),
    "the task": Field("/cases/{case}", ".composer-task [name=instruction]", ("t",)),
    "the menu of templates": Field("/cases/{case}", ".composer-reply [data-words]", ("r",), "/"),
    "the palette": Field("/cases/{case}", "#palette-input", ("Control+k",)),
    "the reason of an act": Field("/cases/{case}", "#act-routings [name=reason]", ("d",)),
    "the subject of a new case": Field("/cases/new", "#id_subject"),
    "the story of a new case": Field("/cases/new", "#id_story"),
    "the customer of a new case": Field("/cases/new", "#find-customer"),
    "what is looked for beside a case": Field("/cases/{case}?side=handbook", "#suggest-q"),
    "the filters of a list": Field("/queues/all", "#filters input:not([type=checkbox], [type=hidden], [type=date])", ("f",)),
    "the number of a list": Field("/queues/all", "#go-to"),
    "the search of customers": Field("/customers", "main input[name=q]"),
    "the words of a customer": Field("/track/{case}/{token}", "#addition", as_=""),
    "the story of a complaint": Field("/complain", "textarea", as_=""),
}  # fmt: skip


@pytest.fixture
def writing(visit, world):
    """writing("the note"): the page with the cursor in that field, and the posts that would send something."""

    def begin(what: str, **other) -> tuple[Page, list[str]]:
        where = FIELDS[what]
        page, sent = visit(where.path.format(**world | other), as_=where.as_), []
        for key in where.keys:
            page.keyboard.press(key)
        field = page.locator(where.field).first
        field.wait_for()
        field.focus()
        field.fill("")  # without the draft that an earlier test left
        page.keyboard.type(where.before)
        if where.before:
            page.locator("[data-menu] [role=option]:visible").first.wait_for()
        page.on(
            "request",
            lambda asked: asked.method == "POST" and not SILENT.search(asked.url) and sent.append(asked.url),
        )
        return page, sent

    return begin


class TestAWordThatIsComposed:
    @pytest.mark.parametrize("marked", AS_MARKED)
    @pytest.mark.parametrize("what", FIELDS)
    def test_is_committed_by_enter_and_nothing_is_sent(self, writing, what, marked):
        page, sent = writing(what)
        was, method = page.url, InputMethod(page)

        method.compose("jing")
        method.commit("经理", AS_MARKED[marked])

        field = page.locator(FIELDS[what].field).first
        expect(field).to_have_value(f"{FIELDS[what].before}经理")  # without a line of its own
        expect(field).to_be_focused()
        page.wait_for_timeout(150)
        assert sent == []
        assert page.url == was

    def test_leaves_the_keys_of_the_page_dead(self, writing):
        page, _sent = writing("the note")
        method = InputMethod(page)

        method.compose("exjkdat")
        for code in ("KeyE", "Slash", "Escape", "ArrowDown", "Digit1"):
            method.key(code, key="Process", windowsVirtualKeyCode=229)
        method.commit("好", AS_MARKED["marked by its code"])

        expect(page.locator(FIELDS["the note"].field)).to_have_value("好")
        expect(page.locator("[id^=act-][open]:not(#act-more)")).to_have_count(0)
        expect(page.locator("dialog[open]")).to_have_count(0)

    def test_opens_nothing_where_no_field_has_the_focus(self, visit, world):
        page = visit(f"/cases/{world['case']}", as_=OFFICER)
        method = InputMethod(page)

        for code in ("KeyE", "Slash", "KeyR", "KeyC"):
            method.key(code, key="Process", windowsVirtualKeyCode=229)

        expect(page.locator("[id^=act-][open]:not(#act-more)")).to_have_count(0)
        expect(page.locator("dialog[open]")).to_have_count(0)
        assert page.url.endswith(world["case"])


class TestCtrlEnterAfterwards:
    @pytest.mark.parametrize("what", ["the reply", "the note", "the task"])
    def test_sends_what_was_composed(self, writing, the_house, what):
        # A case of its own: what an earlier test sent leaves that of the world when its seconds are over, just now.
        case = made(
            the_house,
            'print(json.dumps(opened("色差", category="quality/colour", customer=customer("林女士", "13966660000")).number))',
        )
        page, sent = writing(what, case=case)
        if what == "the task":
            page.locator(".composer-task [name=department]").select_option(label="售后服务部")
            page.locator(FIELDS[what].field).focus()
        method = InputMethod(page)
        method.compose("hao")
        method.commit("好的", AS_MARKED["marked by its code"])
        assert sent == []

        page.keyboard.press("Control+Enter")

        if what == "the task":  # what a department is asked stands in the task
            expect(page.locator(".case-head")).to_contain_text("售后服务部")
        else:
            expect(page.locator("#case")).to_contain_text("好的")
        expect(page.locator(FIELDS[what].field)).to_have_value("")
        assert len(sent) == 1

    def test_takes_a_template_by_enter_once_nothing_is_composed(self, writing):
        page, sent = writing("the menu of templates")
        method = InputMethod(page)
        method.compose("ganxie")
        method.commit("感谢", AS_MARKED["marked by its code"])
        page.locator("[data-menu] [aria-selected=true]:visible").wait_for()

        page.keyboard.press("Enter")

        expect(page.locator(FIELDS["the reply"].field)).not_to_have_value("/感谢")
        expect(page.locator("[data-menu]:visible")).to_have_count(0)
        assert sent == []
