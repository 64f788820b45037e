"""Every page for everybody: WCAG 2.2 AA by axe, and what axe cannot see."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.browser.axe import ALL_BUT_TARGETS, COLOURS, EVERY_RULE, OF_WIDTH, SCRIPT, Axe
from tests.browser.focus import unseen
from tests.browser.no_page import NO_PAGE
from tests.browser.pages import OFFICER, PAGES, SUPERVISOR, Page, every_pattern
from tests.browser.visiting import PATIENCE, Visitor

WIDTHS = {1440: 900, 390: 844, 768: 1024}
# Of a page, once it was asked everything at a desk: of the size of targets SMALL asks more than axe does.
RULES = {1440: EVERY_RULE, 390: ALL_BUT_TARGETS, 768: OF_WIDTH}
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
        self.axe = Axe()

    def at(self, page: Page, language: str = "zh-CN") -> Tab:
        tab = self.open.get((page.as_, language)) or self._new(page.as_, language)
        answer = tab.goto(page.path.format(**self.world))
        assert answer.status == page.status, f"{page}: {answer.status}"
        return tab

    def violations(self, tab: Tab) -> list[str]:
        """By axe, in both themes and three widths."""
        found = [each for width in WIDTHS for each in self.violations_at(width, tab, EVERY_RULE)]
        _at_a_desk(tab)
        return found

    def violations_at(self, width: int, tab: Tab, rules: dict) -> list[str]:
        """By these rules; the dark theme changes colours alone. The tab stays as wide."""
        tab.set_viewport_size({"width": width, "height": WIDTHS[width]})
        found = []
        for theme, asked in (("light", rules), ("dark", COLOURS)):
            tab.emulate_media(color_scheme=theme)
            found += [f"{width} {theme} {each}" for each in self.axe(tab, asked)]
        tab.emulate_media(color_scheme="light")
        return found

    def _new(self, person: str, language: str) -> Tab:
        context = self.browser.new_context(
            base_url=self.house.address,
            locale=language,
            reduced_motion="reduce",
            viewport={"width": 1440, "height": 900},
            storage_state=Visitor(self.browser, self.house.address).signed_in(person) if person else None,
        )
        # Not a script of the page, so its content policy is in force all the same.
        context.add_init_script(SCRIPT)
        tab = self.open[person, language] = context.new_page()
        tab.set_default_timeout(PATIENCE)
        return tab


@pytest.fixture(scope="module")
def tabs(browser, the_house, world) -> Iterator[Tabs]:
    made = Tabs(browser, the_house, world)
    yield made
    for tab in made.open.values():
        tab.context.close()


def _at_a_desk(tab: Tab) -> None:
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.emulate_media(color_scheme="light")


def small_for_a_thumb(tab: Tab) -> list[str]:
    """What is too small on a phone, which the tab of its width is meanwhile."""
    finger = tab.context.new_cdp_session(tab)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    assert tab.evaluate("matchMedia('(pointer: coarse) and (width: 390px)').matches")
    found = tab.evaluate(SMALL, True)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    finger.detach()
    return found


class Seen:
    """What each page was found to be, opened once for all the questions asked of it."""

    def __init__(self, tabs: Tabs):
        self.tabs = tabs
        self.known: dict[Page, dict] = {}

    def __call__(self, page: Page) -> dict:
        if page not in self.known:
            tab = self.tabs.at(page)
            found = tab.evaluate(ABOUT) | {"violations": []}
            for width, rules in RULES.items():
                found["violations"] += self.tabs.violations_at(width, tab, rules)
                found[f"small at {width}"] = (
                    small_for_a_thumb(tab) if width == 390 else tab.evaluate(SMALL, False)
                )
            tab.set_viewport_size({"width": 320, "height": 768})  # one of 1280 at 400 %
            found["too wide"] = tab.evaluate(TOO_WIDE)
            _at_a_desk(tab)
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

    @pytest.mark.parametrize(
        "question",
        [*(f"small at {width}" for width in RULES), "too wide", "prevented", "loud", "moving"],
    )
    def test_has_targets_reflows_takes_what_is_pasted_and_is_still(self, seen, question):
        """Targets one can hit, nothing beyond a narrow window, pasting allowed, nothing that shouts or moves."""
        wrong = {address(page): seen(page)[question] for page in ONE_EACH if seen(page)[question]}
        assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)

    def test_says_its_language(self, seen):
        assert {seen(page)["language"] for page in ONE_EACH} == {"zh-hans"}


class TestAColourThatWasSeenBefore:
    """axe.py asks of each set of colours once; whatever is not the same set must be asked."""

    @pytest.mark.parametrize(
        "fault",
        [
            "word.style.color = '#bbb'",
            "word.style.opacity = '0.3'",
            "word.parentElement.style.backgroundColor = '#555'",
            "word.style.backgroundColor = '#777'",
        ],
    )
    def test_is_looked_at_again_where_it_is_hard_to_read(self, tabs, fault):
        tab = tabs.at(Page("/cases/new", OFFICER))
        assert tabs.axe(tab, COLOURS) == []
        tab.evaluate(
            f"""() => {{ const word = document.querySelector("main h1"); {fault.replace("'", "`")} }}"""
        )

        assert any(each.startswith("color-contrast: ") for each in tabs.axe(tab, COLOURS))


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

        assert tabs.violations(tab) == []

    def test_has_no_violation_in_the_menu_of_templates(self, tabs):
        tab = tabs.at(Page("/cases/{case}", OFFICER))
        tab.keyboard.press("r")
        expect(tab.locator(".composer-reply [data-words]")).to_be_focused()
        tab.locator(":focus").fill("")  # without the draft that an earlier test left
        tab.keyboard.type("/")
        tab.locator("[data-menu] [role=option]").first.wait_for()

        assert tabs.violations(tab) == []

    def test_has_no_violation_when_it_is_refused(self, tabs):
        tab = tabs.at(Page("/cases/{case}", OFFICER))
        tab.keyboard.press("a")
        tab.locator("#act-owner select").first.wait_for()
        tab.locator("#act-owner button[type=submit]").click()
        tab.locator("[role=alert], .field-errors, [aria-invalid=true]").first.wait_for()

        assert tabs.violations(tab) == []


class TestARefusedForm:
    @pytest.mark.parametrize("path", ["/complain", "/sign-in"])
    def test_has_no_violation(self, tabs, path):
        tab = tabs.at(Page(path))
        tab.locator("main form[method=post]:has(input:not([type=hidden]))").first.evaluate(
            "form => { form.noValidate = true; form.requestSubmit(form.querySelector('[type=submit]')); }"
        )
        tab.locator("[aria-invalid=true], [role=alert]").first.wait_for()

        assert tabs.violations(tab) == []


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
