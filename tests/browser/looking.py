"""What a page costs the one who opens it: bytes on the wire, requests, the largest paint, what jumps about."""

from collections import Counter as Tally
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response

KILOBYTE = 1000
# Asked of the browser's own records, of what happened before we asked too.
PAINTED = """() => new Promise((done) => {
  const found = { lcp: 0, cls: 0 };
  const seen = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  seen("largest-contentful-paint", (one) => (found.lcp = one.startTime));
  seen("layout-shift", (one) => { if (!one.hadRecentInput) found.cls += one.value; });
  setTimeout(() => done(found), 150);
})"""
# From the touch to the next frame drawn, the longest of the page (INP, with so few touches).
FELT = """() => new Promise((done) => {
  let longest = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => {
    if (one.interactionId) longest = Math.max(longest, one.duration);
  })).observe({ type: "event", durationThreshold: 16, buffered: true });
  setTimeout(() => done(longest), 150);
})"""


@dataclass
class Look:
    """`weight`: bytes on the wire by kind: document, script, stylesheet, image. Milliseconds."""

    weight: Tally[str] = field(default_factory=Tally)
    requests: int = 0
    elsewhere: list[str] = field(default_factory=list)  # asked of anybody but us
    asked_again: list[str] = field(default_factory=list)  # files the browser may not keep
    lcp: float = 0
    cls: float = 0


def look_at(page: Page, address: str) -> Look:
    """Open it and wait until it stands still."""
    look, answers = Look(), []

    def noted(answer: Response) -> None:
        answers.append(answer)

    page.on("response", noted)
    opened = page.goto(address, wait_until="load")
    assert opened is not None
    assert opened.ok, f"{address}: {opened.status}"
    painted = page.evaluate(PAINTED)
    page.remove_listener("response", noted)
    look.lcp, look.cls = painted["lcp"], painted["cls"]
    host = urlsplit(page.url).netloc
    for answer in answers:
        request, where = answer.request, urlsplit(answer.url)
        if where.scheme not in ("http", "https"):
            continue
        if where.netloc != host:
            look.elsewhere.append(answer.url)
        if where.path == "/live":  # open as long as the page is
            continue
        look.requests += 1
        look.weight[request.resource_type] += request.sizes()["responseBodySize"]
        is_file = where.path.startswith("/static/") or where.path in ("/scripts.js", "/styles.css")
        if is_file and "immutable" not in answer.headers.get("cache-control", ""):
            look.asked_again.append(answer.url)
    return look
