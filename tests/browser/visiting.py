"""Opening a page of a house as one of its people, in a profile of its own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = next(
    filter(
        None,
        [
            os.environ.get("GUIXIN_CHROMIUM"),
            # The same engine without the browser around it, which costs as much again and draws nothing of ours.
            *map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")),
        ],
    ),
    None,
)
PATIENCE = 60_000  # ms for anything to appear: a machine may have much else to do, and a fault is a fault after a minute too
SIZES = {"phone": (390, 844), "tablet": (768, 1024), "desk": (1440, 900)}


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # As root, as in CI, Chromium starts only without its sandbox.
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield started
        started.close()


_signed_in: dict[tuple[str, str], Any] = {}  # address and person: the cookies they have after signing in


class Visitor:
    """visitor("/queues/mine", as_="顾盼", size="phone"): a page in a fresh profile, signed in as one of the cast.

    Each person signs in once a house; what is kept of it is the cookie alone."""

    def __init__(self, browser: Browser, address: str):
        self.browser, self.address = browser, address
        self.contexts: list[BrowserContext] = []

    def __call__(
        self,
        path: str = "/",
        *,
        as_: str = "",
        size: str = "desk",
        theme: str = "light",
        language: str = "zh-CN",
        **more: Any,
    ) -> Page:
        width, height = SIZES[size]
        if as_:
            more["storage_state"] = self.signed_in(as_)
        context = self.browser.new_context(
            base_url=self.address, viewport={"width": width, "height": height}, color_scheme=theme,
            locale=language, has_touch=size == "phone", is_mobile=size == "phone", reduced_motion="reduce", **more,
        )  # fmt: skip
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(path)
        return page

    def signed_in(self, person: str) -> Any:
        """The state of a browser in which this person is signed in."""
        if (self.address, person) not in _signed_in:
            context = self.browser.new_context(base_url=self.address)
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.goto("/sign-in")
            page.locator("button", has_text=person).first.click()
            page.wait_for_url(lambda url: not url.endswith("/sign-in"))
            _signed_in[self.address, person] = context.storage_state()
            context.close()
        return _signed_in[self.address, person]

    def leave(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()
