"""Every main page in Chromium, opened cold as often as the budgets say, plain and on a phone four times slower.

The largest paint (LCP) is its third quartile, INP the third quartile of the main interaction, a swap the 95th of a
hundred. Bytes are those on the wire.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from statistics import quantiles

import httpx
from playwright.sync_api import Browser, Page

from benchmarks.holding import Held
from benchmarks.measuring import Figure
from guixin.serve.models import Case, Task
from guixin.serve.tests import make
from tests.browser.looking import FELT, KILOBYTE, Look, look_at
from tests.browser.visiting import CHROMIUM, Visitor, chromium

PATIENCE = 60  # seconds until the server answers
SLOWER = 4
LCP, LCP_SLOWER, INP, SWAP = 500, 1000, 150, 150  # ms


@dataclass(frozen=True)
class Opened:
    """A page, who opens it, and what they do there first, if that is measured."""

    name: str
    path: str
    who: str = ""
    does: Callable[[Page], None] | None = None


def run(held: Held) -> list[Figure]:
    if CHROMIUM is None:
        return [Figure("no Chromium on this machine", "not measured")]
    times = 4 if held.quick else 12
    figures: list[Figure] = []
    pages, head = (
        _pages(),
        make.he().name,
    )  # asked before: beside the browser Django's models refuse to be asked
    with _serving(held) as address, chromium() as browser:
        for opened in pages:
            plain = [_cold(browser, address, opened, slower=False) for _ in range(times)]
            slower = [_cold(browser, address, opened, slower=True) for _ in range(times)]
            figures += _figures(opened, plain, slower)
        figures.append(_swaps(browser, address, head, 10 if held.quick else 100))
    return figures


def _pages() -> list[Opened]:
    case = (
        Case.objects.open().filter(owner=make.wang()).order_by("queue_at").select_related("customer").first()
    )
    task = Task.objects.open().filter(department=make.quality()).order_by("queue_at").first()
    assert case is not None
    assert task is not None
    agent, head, admin, handler = make.wang().name, make.he().name, make.he().name, make.li().name
    return [
        Opened("today", "/", agent),
        Opened("queue of all", "/queues/all", head, _ticks),
        Opened("case alone", f"/cases/{case.number}", agent, _opens_an_act),
        Opened("case in the console", f"/cases/{case.number}?in=/queues/all", head, _opens_the_next),
        Opened("new case", "/cases/new", agent, _types),
        Opened("task, on a phone", f"/tasks/{task.pk}", handler),
        Opened("now", "/now", head),
        Opened("escalations", "/escalations", head),
        Opened("customers", "/customers", agent, _palette),
        Opened("customer", f"/customers/{case.customer_id}", agent),
        Opened("handovers", "/handovers", head),
        Opened("views", "/views", agent),
        Opened("administration", "/admin/", admin),
        Opened("people", "/admin/people", admin),
        Opened("rules", "/admin/rules", admin),
        Opened("ledger", "/admin/ledger", admin),
        Opened("settings", "/settings", agent),
        Opened("complain", "/complain"),
        Opened("track", f"/track/{case.number}/{case.tracking_token()}"),
        Opened("standards", "/standards"),
    ]


# -- the first thing somebody does there ------------------------------------------------------------------------------


def _ticks(page: Page) -> None:
    page.locator("tbody input[type=checkbox]").first.click()


def _opens_an_act(page: Page) -> None:
    page.keyboard.press("e")
    page.locator("#act-closing[open]").wait_for()


def _opens_the_next(page: Page) -> None:
    page.locator("[data-list-pane] [data-number]").nth(1).click()
    page.wait_for_url(lambda url: "in=" in url)


def _types(page: Page) -> None:
    page.locator("#id_phone").press_sequentially("0001")


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("0001")  # the last four of the first customer
    page.locator("#palette-found [role=option]").first.wait_for()


# -- measuring --------------------------------------------------------------------------------------------------------


def _cold(browser: Browser, address: str, opened: Opened, *, slower: bool) -> tuple[Look, float]:
    """In a profile that has nothing of ours, but is signed in. The second is how long the interaction was felt."""
    visitor = Visitor(browser, address)
    page = visitor(
        "/settings" if opened.who else "/track", as_=opened.who, size="phone" if slower else "desk"
    )
    session = page.context.new_cdp_session(page)
    session.send("Network.clearBrowserCache")
    if slower:
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    look, felt = look_at(page, opened.path), 0.0
    if opened.does and not slower:
        opened.does(page)
        felt = page.evaluate(FELT)
    visitor.leave()
    return look, felt


def _figures(opened: Opened, plain: list, slower: list) -> list[Figure]:
    look = plain[0][0]
    lcp, lcp_slower = (_third([each.lcp for each, _felt in some]) for some in (plain, slower))
    cls = max(each.cls for each, _felt in [*plain, *slower])
    bytes_of = {kind: look.weight[kind] / KILOBYTE for kind in ("document", "script", "stylesheet")}
    found = [
        Figure(
            f"{opened.name}: LCP, and on a slow phone",
            f"{lcp:.0f} ms, {lcp_slower:.0f} ms",
            f"< {LCP}, < {LCP_SLOWER} ms",
            lcp < LCP and lcp_slower < LCP_SLOWER,
        ),
        Figure(
            f"{opened.name}: kB of HTML, JS, CSS; requests; CLS",
            f"{bytes_of['document']:.1f}, {bytes_of['script']:.1f}, {bytes_of['stylesheet']:.1f}; {look.requests}; {cls:.3f}",
            "≤ 60, 60, 30; CLS < 0.05",
            bytes_of["document"] <= 60
            and bytes_of["script"] <= 60
            and bytes_of["stylesheet"] <= 30
            and cls < 0.05,
        ),
    ]
    if opened.does:
        felt = _third([felt for _look, felt in plain])
        found.append(Figure(f"{opened.name}: INP", f"{felt:.0f} ms", f"< {INP} ms", felt < INP))
    return found


def _swaps(browser: Browser, address: str, who: str, times: int) -> Figure:
    """The next case beside its list, again and again: from the request to the settled swap."""
    visitor = Visitor(browser, address)
    page = visitor("/queues/all", as_=who)
    first = page.locator("tbody a[href^='/cases/']").first.get_attribute("href") or ""
    number = first.split("/")[-1].split("?")[0]
    page.goto(f"/cases/{number}?in=/queues/all")
    rows = page.locator("[data-list-pane] [data-number]")
    rows.first.wait_for()
    page.evaluate(
        """() => { window.swaps = []; let begun = 0;
        document.addEventListener("htmx:beforeRequest", (one) => { if (one.detail.target.id === "case") begun = performance.now(); });
        document.addEventListener("htmx:afterSettle", (one) => {
          if (begun && one.detail.target.id === "case") { window.swaps.push(performance.now() - begun); begun = 0; } }); }"""
    )
    many = rows.count()
    for place in range(times):
        before = page.evaluate("swaps.length")
        rows.nth((place + 1) % many).click()
        page.wait_for_function("before => swaps.length > before", arg=before)
    spans = page.evaluate("swaps")
    visitor.leave()
    last = quantiles(spans, n=20)[-1]
    return Figure("the next case swapped in, 95 of 100 within", f"{last:.0f} ms", f"< {SWAP} ms", last < SWAP)


def _third(values: list[float]) -> float:
    return quantiles(values, n=4)[2]


@contextmanager
def _serving(held: Held) -> Iterator[str]:
    """The web server on the database that is held, with one-click sign-in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://localhost:{port}"
    environment = os.environ | {
        "DATABASE_URL": held.url, "GUIXIN_BASE_URL": address, "GUIXIN_DEMO": "1", "DJANGO_SETTINGS_MODULE": "guixin.settings",
    }  # fmt: skip
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws",
        "--log-level", "error", "guixin.asgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603  our own
    try:
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            with suppress(httpx.HTTPError):
                httpx.get(f"{address}/healthz", timeout=5)
                break
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(10)
