"""S4: payloads stored in every text of the database, every page opened in Chromium. Escaping has to hold with the policy
switched off; then the policy has to hold alone on a page that escapes nothing."""

import json
import time
from collections.abc import Callable
from html import escape

import pytest
from django.db import connection

from tests.bare_database import server_of
from tests.browser.house import House, house
from tests.browser.visiting import PATIENCE
from tests.security.payloads import PAYLOADS, SENTINEL
from tests.security.planting import PASSWORD

# As He, who sees everything and may set everything up. {case} and the like as in tests/security/world.py.
PAGES = [
    "/", "/queues/all", "/queues/mine", "/queues/closed", "/queues/tasks", "/queues/all/filters", "/views", "/views/new?name=x&list=all", "/now",
    "/promises", "/escalations?whose=all", "/handovers", "/handovers/li", "/cases/{case}", "/cases/{case}?in=/queues/all", "/cases/{case}?side=tasks",
    "/cases/{case}?side=handbook", "/cases/{case}?act=closing", "/cases/{case}?act=merging", "/cases/{case}?act=details", "/cases/{case}?say=note",
    "/cases/{case}?templates=1", "/cases/{case}/templates", "/cases/{case}/record", "/cases/{case}/live", "/tasks/{task}", "/tasks/{task}?act=results",
    "/customers", "/customers/{customer}", "/customers/{customer}?act=merging", "/customers/{customer}?act=record", "/cases/new",
    "/cases/new?customer={customer}", "/cases/new?template=common", "/find?q=13800138000", "/find?q=script", "/bulk/{change}", "/absences", "/settings", "/health",
    "/admin/", "/admin/departments", "/admin/departments/{department}", "/admin/positions/{position}", "/admin/ladder", "/admin/people",
    "/admin/people/{person}", "/admin/calendars", "/admin/calendars/{calendar}", "/admin/holidays", "/admin/holidays/CN/2026", "/admin/api-keys",
    "/admin/webhooks", "/admin/webhooks/{webhook}", "/admin/standards", "/admin/standards/reply", "/admin/standards/reply/edit", "/admin/rules",
    "/admin/rules/draft", "/admin/rules/draft/rule/quality", "/admin/rules/draft/trial", "/admin/terms", "/admin/terms/{term}", "/admin/templates",
    "/admin/templates/sorry", "/admin/policy", "/admin/places", "/admin/places/{place}", "/admin/places/cards", "/admin/imports",
    "/admin/imports/{done_import}", "/admin/imports/{import}/columns", "/admin/ledger", "/api/docs",
]  # fmt: skip
OF_CUSTOMERS = ["/complain", "/complain/{place}", "/track/{case}/{token}", "/standards", "/track", "/sign-in"]
PLANT = "import json; from tests.security.planting import plant; print(json.dumps(plant()))"
# The paper is never HTML in a browser; what would be drawn is looked at all the same.
PAPER = """
from guixin.desks.pages import record
from guixin.organisation.models import Person
from guixin.serve.models import Case
from guixin.ledger.clock import database_now
record.pdf.render = lambda html, style: html
case = Case.objects.get(number="{case}")
print(record.paper(case, Person.objects.get(login="he"), case.customer.shown_to(Person.objects.get(login="he")), database_now()))
"""
# What none of our pages has: handlers in attributes, addresses that are programs, elements that load from elsewhere.
SUSPECTS = """() => [...document.querySelectorAll("*")].flatMap(element => [...element.attributes].flatMap(({name, value}) => {
  const bad = /^(data-)?(hx-)?on[a-z:-]/.test(name) ||
    (/^(href|src|action|formaction|data|srcdoc|xlink:href)$/.test(name) && /^[\\s\\u0000-\\u0020]*(java\\s*script|vbscript|data:text)/i.test(value)) ||
    (/^(href|src|action|formaction)$/.test(name) && value.includes("sentinel.invalid") && /^(https?:)?\\/\\//.test(value));
  return bad ? [`${element.tagName} ${name}=${value.slice(0, 80)}`] : [];
})).concat([...document.querySelectorAll("base, object, embed, iframe, math, marquee")].map(element => element.outerHTML.slice(0, 80)))"""


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory) -> House:
    name = f"{connection.settings_dict['NAME']}_stored".replace("test_", "")[-60:]
    server, files = server_of(connection.settings_dict), tmp_path_factory.mktemp("stored")
    with house(server, name, files, firm="", is_open=False) as made:
        made.world = json.loads(
            made.run_alone(PLANT).splitlines()[-1]
        )  # before a worker could take up half of it
        made.open()
        yield made


class Watch:
    """A browser of its own, which notes whatever ran or was asked of the sentinel."""

    def __init__(self, browser, house: House | None, *, bypass_csp: bool, login: str = ""):
        self.context = browser.new_context(
            base_url=house.address if house else None, bypass_csp=bypass_csp, locale="zh-CN"
        )
        self.context.add_init_script("window.fired = number => console.log('FIRED ' + number)")
        self.page = self.context.new_page()
        self.fired: set[str] = set()
        self.planted: set[str] = set()  # pages on which payloads stand to be read
        self.page.on("console", lambda said: said.text.startswith("FIRED") and self.fired.add(said.text))
        self.page.on(
            "request", lambda asked: SENTINEL in asked.url.split("?")[0] and self.fired.add(asked.url)
        )
        self.page.on("dialog", lambda dialog: (self.fired.add("dialog"), dialog.dismiss()))
        self.page.set_default_timeout(PATIENCE)
        if login:
            self.page.goto("/sign-in")
            token = next(each["value"] for each in self.context.cookies() if each["name"] == "csrftoken")
            self.post("/sign-in", {"login": login, "password": PASSWORD}, token)

    def post(self, where: str, form: dict, token: str = "") -> str:
        token = token or next(each["value"] for each in self.context.cookies() if each["name"] == "csrftoken")
        answer = self.context.request.post(where, form={**form, "csrfmiddlewaretoken": token})
        return answer.text()

    def look(self, where: str) -> list[str]:
        """Open it, let it settle; what ran, what should not be there, or that the page did not open."""
        self.fired.clear()
        answer = self.page.goto(where, wait_until="load")
        if "fired(" in self.page.evaluate("document.documentElement.textContent"):
            self.planted.add(where)
        return [*([f"status {answer.status}"] if answer.status not in (200, 204) else []), *self.found()]

    def wait_until(self, true: Callable[[], bool]) -> None:
        """For what must come, however slow the machine is."""
        give_up = time.monotonic() + PATIENCE / 1000
        while not true() and time.monotonic() < give_up:
            self.page.wait_for_timeout(50)

    def found(self) -> list[str]:
        self.page.wait_for_timeout(30)
        return [*sorted(self.fired), *self.page.evaluate(SUSPECTS)]


@pytest.fixture
def watch(browser):
    made = []

    def open_one(house=None, **more) -> Watch:
        made.append(Watch(browser, house, **more))
        return made[-1]

    yield open_one
    for each in made:
        each.context.close()


class TestThePayloads:
    def test_are_many_and_do_fire(self, watch):
        """The positive control: each alone in a document of its own."""
        control = watch(bypass_csp=True)
        control.page.route(f"**/*{SENTINEL}/**", lambda route: route.abort())
        frames = "".join(f'<iframe srcdoc="{escape(each)}"></iframe>' for each in PAYLOADS)

        control.page.set_content(frames, wait_until="load")
        control.wait_until(lambda: len(control.fired) >= 100)

        assert len(PAYLOADS) >= 300
        assert len(set(PAYLOADS)) == len(PAYLOADS)
        assert len(control.fired) >= 100, control.fired


class TestEscaping:
    """With the policy switched off."""

    def test_holds_on_every_page(self, watch, poisoned):
        reader, ran = watch(poisoned, bypass_csp=True, login="he"), {}
        for where in PAGES:
            if found := reader.look(where.format(**poisoned.world)):
                ran[where] = found
        assert not ran, json.dumps(ran, indent=1, ensure_ascii=False)
        bare = {where.format(**poisoned.world) for where in PAGES} - reader.planted
        assert len(bare) < 8, bare  # the payloads were there to be shown

    def test_holds_on_the_pages_of_customers(self, watch, poisoned):
        reader, ran = watch(poisoned, bypass_csp=True), {}
        for where in OF_CUSTOMERS:
            if found := reader.look(where.format(**poisoned.world)):
                ran[where] = found
        assert not ran, json.dumps(ran, indent=1, ensure_ascii=False)

    def test_holds_where_a_form_comes_back(self, watch, poisoned):
        """What was typed, refused and confirmed: toasts, errors, the page after a complaint."""
        reader, ran = watch(poisoned, bypass_csp=True, login="he"), {}
        evil = " ".join(PAYLOADS[:120])
        things = poisoned.world
        for where, form in {
            "/cases/{case}/composer/note": {"body": evil},
            "/cases/{case}/details": {"subject": evil, "version": "0"},
            "/cases/{case}/merging": {"number": evil},
            "/cases/new": {
                "subject": evil,
                "customer_name": evil,
                "phone": evil,
                "kind": evil,
                "story": evil,
            },
            "/cases/new/beside": {"subject": evil, "customer_name": evil, "phone": evil},
            "/views": {"name": evil, "list": evil, "query": evil, "shared": evil},
            "/bulk": {"act": evil, "case": "1", "listed": evil},
            "/customers/{customer}/reveal": {"reason": ""},
            "/customers/{customer}/identities": {"kind": "phone", "value": evil},
            "/admin/departments": {"name": evil, "code": evil},
            "/admin/terms": {"name": evil, "code": evil, "list": evil},
            "/admin/places/new": {"name": evil, "code": evil},
            "/admin/people/new": {"name": evil, "login": evil, "email": evil},
            "/admin/api-keys": {"name": evil},
            "/admin/webhooks": {"url": evil},
            "/admin/templates/new": {"name": evil, "body": evil, "code": evil},
            "/track/{case}/{token}/additions": {"body": ""},
            "/complain": {"story": evil, "name": evil, "phone": evil, "kind": "complaint", "product": evil},
            "/complain/{place}": {"story": evil[:900], "name": evil[:50], "kind": "complaint"},
            "/sign-in": {"login": evil, "password": evil, "next": "javascript:fired(1)"},
        }.items():
            text = reader.post(where.format(**things), form)
            reader.fired.clear()
            reader.page.goto("/track")  # the same origin, so that what the answer names is found
            reader.page.set_content(text, wait_until="load")
            if found := reader.found():
                ran[where] = found
        for where in ("/queues/all", "/find?q=%3Cscript%3Efired(1)%3C/script%3E", "/queues/all?q=%22%3E%3Cimg+src=x+onerror=fired(1)%3E",
                      "/views/new?name=%22%3E%3Cimg+src=x+onerror=fired(1)%3E&list=all", "/sign-in?next=javascript:fired(1)"):  # fmt: skip
            if found := reader.look(where):
                ran[where] = found
        assert not ran, json.dumps(ran, indent=1, ensure_ascii=False)

    def test_holds_in_a_toast(self, watch, poisoned):
        reader = watch(poisoned, bypass_csp=True, login="he")
        reader.page.goto("/views")
        token = reader.page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value")
        made = reader.context.request.post(
            "/views/again", params={"name": "<img src=x onerror=fired(1)>", "list": "all"}, form={"csrfmiddlewaretoken": token},
        )  # fmt: skip
        gone = reader.context.request.post(
            f"{made.url}/removal", form={"csrfmiddlewaretoken": token}, max_redirects=0
        )
        assert gone.status == 302

        assert reader.look("/views") == []
        assert reader.page.get_by_text("<img src=x onerror=fired(1)>").first.is_visible()

    def test_holds_in_what_becomes_the_paper(self, watch, poisoned):
        reader = watch(poisoned, bypass_csp=True)

        reader.page.set_content(poisoned.run_alone(PAPER.format(**poisoned.world)), wait_until="load")

        assert [
            each
            for each in reader.found()
            if "sentinel" in each or "FIRED" in each or "on" in each.split("=")[0]
        ] == []


class TestThePolicy:
    def test_alone_stops_what_is_not_escaped(self, watch, poisoned):
        policy = watch(poisoned, bypass_csp=False).page.goto("/standards").headers["content-security-policy"]
        raw = "<!doctype html><title>x</title>" + "".join(f"<div>{each}</div>" for each in PAYLOADS if "<base" not in each and "refresh" not in each)  # fmt: skip

        def run(headers: dict, *, fires: bool) -> set[str]:
            shown = watch(poisoned, bypass_csp=False)
            shown.page.route("**/unescaped", lambda route: route.fulfill(headers=headers, body=raw))
            shown.page.route(f"**/{SENTINEL}/**", lambda route: route.abort())
            shown.page.goto("/unescaped", wait_until="load")
            if fires:
                shown.wait_until(lambda: any(each.startswith("FIRED") for each in shown.fired))
            shown.page.wait_for_timeout(300)
            return {each for each in shown.fired if each.startswith("FIRED")}

        html = {"content-type": "text/html; charset=utf-8"}
        assert run(html, fires=True), "the control fires without the policy"
        assert run(html | {"content-security-policy": policy}, fires=False) == set()
