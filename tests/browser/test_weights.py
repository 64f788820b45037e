"""The budgets of every main page that do not depend on how fast the machine is: bytes, jumps, strangers, queries."""

import json
import re
from collections import Counter

import pytest
from django.db import connection

from tests.bare_database import server_of
from tests.browser.heavy import HEAVY
from tests.browser.house import house
from tests.browser.looking import KILOBYTE, look_at
from tests.browser.visiting import Visitor

OFFICER, SUPERVISOR, ADMINISTRATOR, HANDLER = "顾盼", "许文静", "高振邦", "戴立群"
STAFF = {
    "today": ("/", OFFICER),
    "queue": ("/queues/all", SUPERVISOR),
    "case alone": ("/cases/{case}", OFFICER),
    "case in console": ("/cases/{case}?in=/queues/all", OFFICER),
    "new case": ("/cases/new", OFFICER),
    "task": ("/tasks/{task}", HANDLER),
    "now": ("/now", SUPERVISOR),
    "escalations": ("/escalations", SUPERVISOR),
    "customers": ("/customers", OFFICER),
    "customer": ("/customers/{customer}", OFFICER),
    "handovers": ("/handovers", SUPERVISOR),
    "views": ("/views", OFFICER),
    "administration": ("/admin/", ADMINISTRATOR),
    "standards, administered": ("/admin/standards", ADMINISTRATOR),
    "rules": ("/admin/rules", ADMINISTRATOR),
    "people": ("/admin/people", ADMINISTRATOR),
    "ledger": ("/admin/ledger", ADMINISTRATOR),
    "settings": ("/settings", OFFICER),
}
PUBLIC = {
    "complain": ("/complain", ""),
    "track": ("/track/{case}/{token}", ""),
    "standards": ("/standards", ""),
}
PAGES = STAFF | PUBLIC
# Kilobytes on the wire. ux.md, section 9.
SCRIPT, PUBLIC_SCRIPT, SHEETS, DOCUMENT = 60, 20, 30, 60
JUMPS = 0.05
# Three of each are the session, the person, and the time with the revisions of what is kept in memory.
QUERIES, QUERIES_OF_A_SWAP = 30, 8
FROM = re.compile(r'FROM "(\w+)"')

# Whose page is another than the one that is looked at: whoever looks after others is shown them, too.
PAGES_OF_OTHERS = {
    "today of a supervisor": ("/", SUPERVISOR),
    "today of an administrator": ("/", ADMINISTRATOR),
    "today of a department": ("/", HANDLER),
}

# Parts of a page that are fetched alone.
SWAPS = {
    "list beside a case": ("/panes/list?in=/queues/all&case={case}", OFFICER, "list-pane"),
    "tasks beside a case": ("/cases/{case}?side=tasks", OFFICER, "side"),
    "parts of a case that moved": ("/cases/{case}/live?seen=", OFFICER, ""),
    "next case of a list": ("/cases/{case}?in=/queues/all", OFFICER, "case"),
    "customer beside a case": ("/cases/{case}?side=customer", OFFICER, "side"),
    "handbook beside a case": ("/cases/{case}?side=handbook", OFFICER, "side"),
    "form of an act": ("/cases/{case}?act=closing", OFFICER, "act-closing"),
    "form of a task": ("/tasks/{task}?act=results", HANDLER, "act-results"),
    "numbers of the rail": ("/rail/numbers", OFFICER, ""),
    "filters": ("/queues/all/filters", OFFICER, "filters"),
    "templates": ("/cases/{case}/templates", OFFICER, ""),
    "matches": ("/queues/all/matches", OFFICER, ""),
}

# Looks for everything at once: it asks each table once, or once more for something else, and never once for each row.
LARGE_SWAPS = {
    "what is found": ("/find?q=海蓝", OFFICER, "palette-found", QUERIES_OF_A_SWAP),
    "what several words find": ("/find?q=4号拉链沾了色", OFFICER, "palette-found", QUERIES_OF_A_SWAP),
}

COUNT = """
import json
import psycopg
from django.test import Client
from guixin.organisation.models import Person

sent = []
for name in ("execute", "executemany"):
    def noted(self, query, *more, _real=getattr(psycopg.Cursor, name), **named):
        sent.append(str(query))
        return _real(self, query, *more, **named)
    setattr(psycopg.Cursor, name, noted)

def statements(path, who, target):
    client = Client(headers={"host": "localhost", "accept-language": "zh-CN"})
    if who:
        person = Person.objects.get(name=who)
        client.force_login(person, backend="guixin.organisation.signing_in.WorkersBackend")
    headers = {"HX-Request": "true", "HX-Target": target} if target is not None else {}
    client.get(path, headers=headers)  # a first one fills what is remembered
    sent.clear()
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, (path, answer.status_code)
    return list(sent)

asked = json.loads(ASKED)
print(json.dumps({name: statements(path.format(**world), *more) for name, (path, *more) in asked.items()}))
"""


@pytest.fixture(scope="module")
def looks(browser, the_house, world) -> dict:
    """Each page opened once with nothing kept from before, at a desk and on a phone."""
    found = {}
    for name, (path, who) in PAGES.items():
        for size in ("desk", "phone"):
            visitor = Visitor(browser, the_house.address)
            page = visitor("/settings" if who else "/track", as_=who, size=size)
            page.context.new_cdp_session(page).send("Network.clearBrowserCache")
            found[name, size] = look_at(page, path.format(**world))
            visitor.leave()
    return found


@pytest.fixture(scope="module")
def statements(tmp_path_factory) -> dict:
    """What each page and swap asks, with the heavy case, in a house of its own."""
    asked = {name: (path, who, None) for name, (path, who) in (PAGES | PAGES_OF_OTHERS).items()}
    asked |= {
        name: (path, who, target) for name, (path, who, target, *_limit) in (SWAPS | LARGE_SWAPS).items()
    }
    count = HEAVY + COUNT.replace("ASKED", repr(json.dumps(asked)))
    name = f"{connection.settings_dict['NAME']}_heavy".replace("test_", "")[-60:]
    files = tmp_path_factory.mktemp("heavy")
    with house(server_of(connection.settings_dict), name, files, firm="", is_open=False) as made:
        return json.loads(made.run_alone(count).splitlines()[-1])


@pytest.mark.parametrize("name", PAGES)
class TestAPage:
    def test_is_light(self, looks, name):
        weight = looks[name, "desk"].weight
        scripts = PUBLIC_SCRIPT if name in PUBLIC else SCRIPT

        assert weight["document"] <= DOCUMENT * KILOBYTE
        assert weight["script"] <= scripts * KILOBYTE
        assert weight["stylesheet"] <= SHEETS * KILOBYTE

    @pytest.mark.parametrize("size", ["desk", "phone"])
    def test_stands_still(self, looks, name, size):
        assert looks[name, size].cls < JUMPS

    def test_asks_nobody_else(self, looks, name):
        assert looks[name, "desk"].elsewhere == []

    def test_lets_the_browser_keep_its_files(self, looks, name):
        assert looks[name, "desk"].asked_again == []


@pytest.mark.parametrize("name", PAGES | PAGES_OF_OTHERS)
class TestAPageOfTheHeaviestCase:
    def test_asks_the_database_little(self, statements, name):
        assert len(statements[name]) <= QUERIES, "\n".join(statements[name])


@pytest.mark.parametrize("name", SWAPS)
class TestASwap:
    def test_asks_the_database_less(self, statements, name):
        assert len(statements[name]) <= QUERIES_OF_A_SWAP, "\n".join(statements[name])


@pytest.mark.parametrize("name", LARGE_SWAPS)
class TestALargeSwap:
    def test_asks_no_table_for_each_row(self, statements, name):
        tables = Counter(
            FROM.search(statement)[1] for statement in statements[name] if FROM.search(statement)
        )

        assert [table for table, times in tables.items() if times > 2] == []
        assert len(statements[name]) <= LARGE_SWAPS[name][-1], "\n".join(statements[name])
