"""Somebody who has no mouse: Tab, the keys of the console and the palette, and eyes that must find the focus each time."""

from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.focus import unseen

FURTHEST = 150  # steps of Tab before they give up


class Keyboard:
    """Presses keys on a page and looks for the focus after each. `lost` names where it could not be seen."""

    def __init__(self, page: Page):
        self.page = page
        self.lost: list[str] = []

    def press(self, key: str) -> None:
        self.page.wait_for_load_state()  # the keys of a page work once its scripts are there
        self.page.keyboard.press(key)
        self._look(key)

    def write(self, words: str) -> None:
        """Into what has the focus, which must be a field."""
        field = self.page.locator(":focus")
        expect(field).to_be_editable()
        self.page.keyboard.type(words)
        self._look(words)

    def go_to(self, what: str | Locator, key: str = "Tab") -> None:
        """With Tab (or another key) until it has the focus."""
        wanted = self._locator(what)
        expect(wanted).to_be_attached()
        self.page.wait_for_load_state()
        for _step in range(FURTHEST):
            if wanted.evaluate("each => each === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"{key} never comes to {what}")

    def activate(self, what: str | Locator) -> None:
        self.go_to(what)
        self.press("Enter")

    def choose(self, what: str | Locator, words: str) -> None:
        """With the arrows, in a list that stays closed."""
        self.go_to(what)
        field = self._locator(what)
        shown = "each => each.selectedOptions[0]?.textContent.trim() ?? ''"
        for key in ("ArrowDown", "ArrowUp"):
            before = None
            while (now := field.evaluate(shown)) != before:
                if words in now:
                    return
                before = now
                self.press(key)
        raise AssertionError(f"{what} does not offer {words}")

    def tick(self, what: str | Locator) -> None:
        """With the space bar."""
        self.go_to(what)
        self.press("Space")
        expect(self._locator(what)).to_be_checked()

    def _locator(self, what: str | Locator) -> Locator:
        return self.page.locator(what).first if isinstance(what, str) else what

    def _look(self, key: str) -> None:
        try:
            where = unseen(self.page)
        except Error:  # the page was left just now, and the next one is looked at with the next key
            return
        if where:
            self.lost.append(f"after {key!r} on {self.page.url}: {where}")
