"""Every page for everybody: WCAG 2.2 AA by axe, and what axe cannot see."""

import json
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.browser.focus import unseen
from tests.browser.pages import NO_PAGE, OFFICER, PAGES, SUPERVISOR, Page, every_pattern
from tests.browser.visiting import PATIENCE, Visitor

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = {1440: 900, 768: 1024, 390: 844}
# The dark theme changes colours alone, so there only what depends on colours is asked again. A bar that sticks to an edge
# covers now one target and now another, each in full view once somebody scrolls; what has the focus is looked at by
# focus.py.
RUN = """async ([tags, rules]) => {
  for (const each of document.querySelectorAll("main *")) {
    if (getComputedStyle(each).position === "sticky") each.style.position = "relative";
  }
  const only = rules ? { type: "rule", values: rules } : { type: "tag", values: tags };
  const found = await axe.run(document, { runOnly: only, resultTypes: ["violations"], preload: false });
  return found.violations.flatMap(({ id, nodes }) => nodes.map((each) => `${id}: ${each.target.join(" ")} ${each.html.slice(0, 120)}`));
}"""
# Targets that are smaller than they must be: 24 px, and 44 px for what is pressed on a phone. Links inside a sentence
# may be as high as its line (2.5.8); a box is pressed by its label.
SMALL = """(phone) => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const wrong = [];
  for (const each of document.querySelectorAll(all)) {
    if (each.disabled || each.closest(".visually-hidden, .skip-link") || !each.checkVisibility({ visibilityProperty: true })) continue;
    const box = each.matches("[type=checkbox], [type=radio]");
    const { width, height } = ((box && (each.closest("label, td, th") ?? each.labels[0])) || each).getBoundingClientRect();
    const inline = each.matches("a") && getComputedStyle(each).display === "inline";
    const inText = inline && [...each.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const least = phone && each.matches("button, .button, input, select, textarea, summary, .rail-link, [role=option]") ? 44 : 24;
    if (!inText && (height < least - 0.5 || width < 23.5)) {
      wrong.push(`${each.outerHTML.slice(0, 90)} ${Math.round(width)}x${Math.round(height)}`);
    }
  }
  return wrong;
}"""
# What a page says of itself, which fields refuse to be pasted into, what shouts, and what goes on moving.
ABOUT = """() => {
  const fields = "input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=submit]), textarea";
  return {
    language: document.documentElement.lang,
    moving: document.getAnimations().filter((each) => (each.effect.getTiming().iterations ?? 1) > 1
      || each.effect.getComputedTiming().duration > 10).length,
    loud: [...document.querySelectorAll("[aria-live=assertive], [role=timer], [accesskey]")].map((each) => each.outerHTML.slice(0, 90)),
    prevented: [...document.querySelectorAll(fields)].filter((each) =>
      !each.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true }))).map((each) => each.name),
    help: [...document.querySelectorAll(".rail-foot > *")].findIndex((each) => each.matches(".rail-keys")),
  };
}"""
# What reaches beyond the window and is not in a frame that scrolls by itself.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1).map((each) => each.outerHTML.slice(0, 90)).slice(0, 5)
  .concat(`page is ${document.documentElement.scrollWidth} wide`)"""


class Tabs:
    """One tab for each person, kept open, since every page is looked at many times."""

    def __init__(self, browser, house, world):
        self.browser, self.house, self.world = browser, house, world
        self.open: dict[tuple[str, str], Tab] = {}

    def at(self, page: Page, language: str = "zh-CN") -> Tab:
        tab = self.open.get((page.as_, language)) or self._new(page.as_, language)
        answer = tab.goto(page.path.format(**self.world))
        assert answer.status == page.status, f"{page}: {answer.status}"
        return tab

    def _new(self, person: str, language: str) -> Tab:
        context = self.browser.new_context(
            base_url=self.house.address,
            locale=language,
            reduced_motion="reduce",
            viewport={"width": 1440, "height": 900},
            storage_state=Visitor(self.browser, self.house.address).signed_in(person) if person else None,
        )
        context.add_init_script(
            AXE
        )  # not a script of the page, so its content policy is in force all the same
        tab = self.open[person, language] = context.new_page()
        tab.set_default_timeout(PATIENCE)
        return tab


@pytest.fixture(scope="module")
def tabs(browser, the_house, world) -> Iterator[Tabs]:
    made = Tabs(browser, the_house, world)
    yield made
    for tab in made.open.values():
        tab.context.close()


def violations(tab: Tab) -> list[str]:
    """By axe, in both themes and three widths; the page stays as it is."""
    found = []
    for width, height in WIDTHS.items():
        tab.set_viewport_size({"width": width, "height": height})
        for theme, rules in (("light", None), ("dark", ["color-contrast"])):
            tab.emulate_media(color_scheme=theme)
            found += [f"{width} {theme} {each}" for each in tab.evaluate(RUN, [TAGS, rules])]
    _at_a_desk(tab)
    return found


def _at_a_desk(tab: Tab) -> None:
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.emulate_media(color_scheme="light")


class Seen:
    """What each page was found to be, opened once for all the questions asked of it."""

    def __init__(self, tabs: Tabs):
        self.tabs = tabs
        self.known: dict[Page, dict] = {}

    def __call__(self, page: Page) -> dict:
        if page not in self.known:
            tab = self.tabs.at(page)
            found = tab.evaluate(ABOUT)
            found["small"] = tab.evaluate(SMALL, False)
            tab.set_viewport_size({"width": 320, "height": 768})  # one of 1280 at 400 %
            found["too wide"] = tab.evaluate(TOO_WIDE)
            found["violations"] = violations(tab)
            self.known[page] = found
        return self.known[page]


@pytest.fixture(scope="module")
def seen(tabs) -> Seen:
    return Seen(tabs)


def address(page: Page) -> str:
    return f"{page.path} {page.as_}".strip()


ALL = [page for pages in PAGES.values() for page in pages]
ONE_EACH = [pages[0] for pages in PAGES.values()]
ONE_EACH_IDS = [*map(address, ONE_EACH)]


class TestTheListOfPages:
    def test_has_every_address(self):
        assert not every_pattern() - PAGES.keys() - NO_PAGE
        assert not (PAGES.keys() | NO_PAGE) - every_pattern()


class TestEveryPage:
    @pytest.mark.parametrize("page", ALL, ids=map(address, ALL))
    def test_has_no_violation(self, seen, page):
        assert seen(page)["violations"] == []

    @pytest.mark.parametrize("question", ["small", "too wide", "prevented", "loud", "moving"])
    def test_has_targets_reflows_takes_what_is_pasted_and_is_still(self, seen, question):
        """Targets one can hit, nothing beyond a narrow window, pasting allowed, nothing that shouts or moves."""
        wrong = {address(page): seen(page)[question] for page in ONE_EACH if seen(page)[question]}
        assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)

    def test_says_its_language(self, seen):
        assert {seen(page)["language"] for page in ONE_EACH} == {"zh-hans"}

    def test_has_targets_for_a_thumb_on_a_phone(self, browser, the_house, tabs, world):
        wrong = {}
        for person in {page.as_ for page in ONE_EACH}:
            signed_in = tabs.at(next(page for page in ONE_EACH if page.as_ == person)).context.storage_state()
            context = browser.new_context(
                base_url=the_house.address, locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True,
                is_mobile=True, storage_state=signed_in,
            )  # fmt: skip
            phone = context.new_page()
            for page in (each for each in ONE_EACH if each.as_ == person):
                phone.goto(page.path.format(**world))
                if found := phone.evaluate(SMALL, True):
                    wrong[address(page)] = found
            context.close()
        assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


DIALOGS = {
    "the palette": ("Control+k", "#palette"),
    "the list of keys": ("?", "#keys-help"),
    "the form of closing": ("e", "#act-closing"),
    "the form of another owner": ("a", "#act-owner"),
    "the form of departments": ("d", "#act-routings"),
    "the note": ("n", ".composer-note"),
    "the task": ("t", ".composer-task"),
}


class TestWhatOpensOnACase:
    @pytest.mark.parametrize("what", DIALOGS)
    def test_has_no_violation(self, tabs, what):
        key, shown = DIALOGS[what]
        tab = tabs.at(Page("/cases/{asking}", SUPERVISOR))
        tab.keyboard.press(key)
        expect(tab.locator(shown).first).to_be_visible()
        if what == "the palette":
            tab.keyboard.type("hl")  # 海蓝
            tab.locator("#palette-found [role=option]").first.wait_for()

        assert violations(tab) == []

    def test_has_no_violation_in_the_menu_of_templates(self, tabs):
        tab = tabs.at(Page("/cases/{case}", OFFICER))
        tab.keyboard.press("r")
        tab.keyboard.type("/")
        tab.locator("[data-menu] [role=option]").first.wait_for()

        assert violations(tab) == []

    def test_has_no_violation_when_it_is_refused(self, tabs):
        tab = tabs.at(Page("/cases/{case}", OFFICER))
        tab.keyboard.press("a")
        tab.locator("#act-owner select").first.wait_for()
        tab.locator("#act-owner button[type=submit]").click()
        tab.locator("[role=alert], .field-errors, [aria-invalid=true]").first.wait_for()

        assert violations(tab) == []


class TestARefusedForm:
    @pytest.mark.parametrize("path", ["/complain", "/sign-in"])
    def test_has_no_violation(self, tabs, path):
        tab = tabs.at(Page(path))
        tab.locator("main form[method=post]:has(input:not([type=hidden]))").first.evaluate(
            "form => { form.noValidate = true; form.requestSubmit(form.querySelector('[type=submit]')); }"
        )
        tab.locator("[aria-invalid=true], [role=alert]").first.wait_for()

        assert violations(tab) == []


MAIN = [
    Page("/", OFFICER), Page("/queues/all", SUPERVISOR), Page("/cases/{case}?in=/queues/mine", OFFICER),
    Page("/cases/new", OFFICER), Page("/now", SUPERVISOR), Page("/escalations", SUPERVISOR),
    Page("/settings", OFFICER), Page("/complain"), Page("/track/{case}/{token}"),
]  # fmt: skip


class TestTheFocus:
    @pytest.mark.parametrize("width", [1440, 390])
    @pytest.mark.parametrize("page", MAIN, ids=map(address, MAIN))
    def test_is_seen_wherever_it_goes(self, tabs, page, width):
        tab = tabs.at(page)
        tab.set_viewport_size({"width": width, "height": 700})
        wrong, steps = [], 0
        for key in ("Tab", "Shift+Tab"):
            for _step in range(70):
                tab.keyboard.press(key)
                steps += 1
                if why := unseen(tab):
                    wrong.append(f"{key}: {why}")
                if tab.evaluate("document.activeElement === document.body"):
                    break
        tab.set_viewport_size({"width": 1440, "height": 900})
        assert steps > 10
        assert wrong == []

    @pytest.mark.parametrize("page", MAIN, ids=map(address, MAIN))
    def test_skips_to_the_content_first(self, tabs, page):
        tab = tabs.at(page)
        if tab.evaluate("document.activeElement !== document.body"):
            pytest.skip("begins in its first field")
        tab.keyboard.press("Tab")
        expect(tab.locator(".skip-link")).to_be_focused()
        expect(tab.locator(".skip-link")).to_be_in_viewport()
        tab.keyboard.press("Enter")
        expect(tab.locator("#main")).to_be_focused()


class TestHelp:
    def test_stands_in_the_same_place_on_every_page(self, seen):
        """3.2.6: the list of keys, the same step from the end of the rail."""
        assert {seen(page)["help"] for page in ONE_EACH if page.as_} == {1}


LANGUAGES = {"zh-CN": "zh-hans", "zh-TW": "zh-hant", "en": "en"}


class TestTheLanguage:
    @pytest.mark.parametrize("locale", LANGUAGES)
    def test_is_said_and_is_what_the_reader_asked_for(self, browser, the_house, locale):
        context = browser.new_context(base_url=the_house.address, locale=locale)
        tab = context.new_page()
        for path in ("/complain", "/track", "/sign-in", "/standards", "/nothing-here"):
            tab.goto(path)
            assert tab.locator("html").get_attribute("lang") == LANGUAGES[locale]
        context.close()
