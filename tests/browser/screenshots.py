"""Pictures of every page, for docs/screenshots: `bin/screenshots`, or some of them: `bin/screenshots now track`.

The house holds the demonstration's Tuesday and one of each thing an administrator makes. The same pages are those
that accessibility is checked on (pages.py), so a page nobody has a picture of is a page nobody checks.
"""

import io
import os
import re
import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.browser.house import ROOT, house
from tests.browser.pages import (
    ADMINISTRATOR,
    HANDLER,
    NOBODY,
    OFFICER,
    PAGES,
    STEWARD,
    SUPERVISOR,
    Page,
    furnish,
)
from tests.browser.visiting import Visitor, chromium

FOLDER = ROOT / "docs" / "screenshots"
WIDTH, QUALITY = 1200, 72  # of a picture on paper; a page is looked at in its full size

# The pages people are most often at, as others see them: in the dark, on a phone, in another language.
OTHER_LOOKS: dict[str, tuple[Page, dict]] = {
    "console-dark": (Page("/cases/{case}?in=/queues/all", OFFICER), {"theme": "dark"}),
    "console-traditional": (Page("/cases/{case}?in=/queues/all", OFFICER), {"language": "zh-TW"}),
    "console-english": (Page("/cases/{case}?in=/queues/all", OFFICER), {"language": "en"}),
    "console-phone": (Page("/cases/{case}", OFFICER), {"size": "phone"}),
    "list-english-dark": (Page("/queues/all", SUPERVISOR), {"language": "en", "theme": "dark"}),
    "list-grouped": (Page("/queues/all?group=department", SUPERVISOR), {}),
    "now-dark": (Page("/now?wall=1", SUPERVISOR), {"theme": "dark"}),
    "today-phone": (Page("/", HANDLER), {"size": "phone"}),
    "tasks-phone": (Page("/queues/tasks", HANDLER), {"size": "phone"}),
    "task-phone": (Page("/tasks/{task}", HANDLER), {"size": "phone"}),
    "task-phone-dark": (Page("/tasks/{task}", HANDLER), {"size": "phone", "theme": "dark"}),
    "complain-phone": (Page("/complain/lobby", NOBODY), {"size": "phone"}),
    "track-phone": (Page("/track/{case}/{token}", NOBODY), {"size": "phone"}),
    "recovery-phone": (Page("/recoveries/{recovery}", SUPERVISOR), {"size": "phone"}),
    "recovery-dark": (Page("/recoveries/{recovery}", SUPERVISOR), {"theme": "dark"}),
    "compensations-phone": (Page("/compensations", SUPERVISOR), {"size": "phone"}),
    "strategy-phone": (Page("/strategies/key-accounts", ADMINISTRATOR), {"size": "phone"}),
    "simulation-dark": (Page("/admin/simulations/{trial}", ADMINISTRATOR), {"theme": "dark"}),
    "communication-plan-phone": (Page("/communication/key-accounts", SUPERVISOR), {"size": "phone"}),
    "communication-plan-dark": (
        Page("/communication/key-accounts/draft/preview", ADMINISTRATOR),
        {"theme": "dark"},
    ),
    "opt-out-phone": (Page("/opt-out/{opt_out}", NOBODY), {"size": "phone"}),
    "package-phone": (Page("/packages/key-accounts", SUPERVISOR), {"size": "phone"}),
    "standards-phone": (Page("/standards", NOBODY), {"size": "phone"}),
    "handbook-article-dark": (Page("/handbook/{lesson}", OFFICER), {"theme": "dark"}),
    "handbook-phone": (Page("/handbook/{article}", OFFICER), {"size": "phone"}),
    "handbook-edit-phone": (Page("/handbook/{article}/edit", STEWARD), {"size": "phone"}),
    "answers-phone": (Page("/answers/{article}", NOBODY), {"size": "phone"}),
    "holidays-dark": (Page("/admin/holidays/CN/2026", ADMINISTRATOR), {"theme": "dark"}),
}

# What everybody bought, graded and sorted by it, so that the pages about customers have something to show.
BOOKS = """
from datetime import timedelta
from django.db import transaction
from demo import a_reseller_grows, ninety_days, the_books
from demo.telling import Cast
from guixin.ledger.clock import database_now
from guixin.understand import lifecycle
now = database_now()
with transaction.atomic():
    known = ninety_days.known_customers(now - timedelta(days=91))
    reseller = a_reseller_grows.the_reseller(Cast(), now)
    the_books.tell(known, list(a_reseller_grows.its_orders(reseller, now)), now)
lifecycle.count_again(now)
"""


def name_of(pattern: str) -> str:
    """The file of a page: "admin/holidays/<slug:code>/<int:year>" is admin-holidays-code-year."""
    words = re.sub(r"<\w+:(\w+)>", r"\1", pattern)
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-") or "today"


def shots() -> dict[str, tuple[Page, dict]]:
    """Name -> the page and how it is looked at."""
    ordinary = {name_of(pattern): (pages[0], {}) for pattern, pages in PAGES.items()}
    return ordinary | OTHER_LOOKS


def main(wanted: list[str]) -> int:
    chosen = {name: shot for name, shot in shots().items() if not wanted or name in wanted}
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as files,
        house(os.environ["DATABASE_URL"], "guixin_screenshots", Path(files), is_open=False) as home,
        chromium() as browser,
    ):
        made = furnish(home)
        home.run(BOOKS)
        home.open()
        visit = Visitor(browser, home.address)
        for name, (page, look) in chosen.items():
            seen = visit(page.path.format(**made), as_=page.as_, **look)
            seen.wait_for_timeout(400)  # what is fetched after the page
            picture = Image.open(io.BytesIO(seen.screenshot()))
            picture.thumbnail((WIDTH, 2 * WIDTH))
            picture.convert("RGB").save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)
            visit.leave()
            print(name, flush=True)
    (FOLDER / "README.md").write_text(index(), encoding="utf-8")
    return 0


def index() -> str:
    """The pictures there are, one below the other, with the address of each page."""
    lines = ["# Pictures of the pages", "", "Made by `bin/screenshots` with the demonstration's firm.", ""]
    for name, (page, look) in shots().items():
        if not (FOLDER / f"{name}.webp").exists():
            continue
        about = ", ".join([f"`{page.path}`", *look.values()])
        lines += [f"## {name}", "", about, "", f"![{name}]({name}.webp)", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
