"""What browser tests share: Chromium, a house with the demonstration's firm, and its people signed in."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.house import House, house, server_of

CHROMIUM = next(
    filter(
        None,
        [
            os.environ.get("GUIXIN_CHROMIUM"),
            *map(shutil.which, ("chromium", "chromium-browser", "google-chrome")),
        ],
    ),
    None,
)
SIZES = {"phone": (390, 844), "tablet": (768, 1024), "desk": (1440, 900)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker process runs them all: they share one house."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("browser"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # As root, as in CI, Chromium starts only without its sandbox.
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield started
        started.close()


@pytest.fixture(scope="session")
def the_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for the session. A test makes the cases it needs and leaves those of others alone."""
    name = f"{connection.settings_dict['NAME']}_browser".replace("test_", "")[-60:]
    with house(server_of(connection.settings_dict), name, tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture
def visit(browser: Browser, the_house: House) -> Iterator[Callable[..., Page]]:
    """visit("/queues/mine", as_="顾盼", size="phone"): a page in a fresh profile, signed in as one of the cast."""
    contexts = []

    def open_page(
        path: str = "/",
        *,
        as_: str = "",
        size: str = "desk",
        theme: str = "light",
        language: str = "zh-CN",
        **more,
    ):
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=the_house.address, viewport={"width": width, "height": height}, color_scheme=theme,
            locale=language, has_touch=size == "phone", is_mobile=size == "phone", reduced_motion="reduce", **more,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        if as_:
            page.goto("/sign-in")
            page.locator("button", has_text=as_).first.click()
            page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
