"""Counting what a person does to get something done.

One action is one thing decided and done with the hand:

* a click, or a tap;
* a field filled, however long the words are, the way into it included;
* a choice made in a list, opening it included;
* a key, or keys held together (Ctrl+Enter). Where a task is counted in keys, every letter typed is one;
* a file chosen, opening the window of the system included.

Reading, scrolling and waiting are none. The seconds are those of the product and the machine: nobody thinks.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page


class Counter:
    """Does things on a page and counts them. `done` names each, in order."""

    def __init__(self, page: Page):
        self.page = page
        self.done: list[str] = []
        self.seconds = 0.0

    @property
    def count(self) -> int:
        return len(self.done)

    @contextmanager
    def timing(self) -> Iterator[None]:
        """Around what the person does and sees; not around what was there before."""
        begun = time.monotonic()
        yield
        self.seconds += time.monotonic() - begun

    def click(self, what: str | Locator) -> None:
        self._locator(what).click()
        self._did("click", what)

    def tap(self, what: str | Locator) -> None:
        self._locator(what).tap()
        self._did("tap", what)

    def fill(self, what: str | Locator, words: str) -> None:
        self._locator(what).fill(words)
        self._did("fill", what)

    def choose(self, what: str | Locator, **option: Any) -> None:
        """`label=` or `value=`."""
        self._locator(what).select_option(**option)
        self._did("choose", what)

    def press(self, key: str) -> None:
        self.page.wait_for_load_state()  # a key is heard once the scripts of the page are there; waiting is no action
        self.page.keyboard.press(key)
        self._did("press", key)

    def write(self, words: str) -> None:
        """Into what has the focus already; one action, like any field filled."""
        self.page.keyboard.type(words)
        self._did("write", words)

    def choose_file(self, what: str | Locator, file: Any) -> None:
        """`file`: a path, or a name, type and content, as Playwright takes them."""
        with self.page.expect_file_chooser() as chooser:
            where = self._locator(what)
            where.tap() if self.page.evaluate("navigator.maxTouchPoints") else where.click()
        chooser.value.set_files(file)
        self._did("file", what)

    def _locator(self, what: str | Locator) -> Locator:
        return self.page.locator(what).first if isinstance(what, str) else what

    def _did(self, act: str, what: str | Locator) -> None:
        self.done.append(f"{act} {what}")
