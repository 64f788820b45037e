"""S1: every address, every role, their own and a foreign thing, every method, against tests/security/addresses/."""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from guixin.channels.api.tests.test_every_path import shape
from guixin.channels.api.urls import api
from guixin.desks.acts import _acts
from guixin.desks.nouns import NOUNS
from tests.security.addresses import ACTS, API, MAY_CHANGE_BY_LOOKING, PAGES
from tests.security.addresses.roles import NOBODY, ROLES, Address, link
from tests.security.world import SIDES, World, browser, changed, written

EVERYWHERE = [cast.side for cast in SIDES]
REFUSED = (302, 401, 403, 404, 405)
NOT_A_REFUSAL = (200, 201, 202, 204, 302, 400, 409, 415, 422, 428)  # a form that lacks something was let in


RARE = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
METHODS = ("GET", "POST", *RARE)


class Undo(Exception):
    """Ends a request: whatever it did is taken back."""


def filled(address: str, world: World, side: str) -> str:
    return address.format(**world[side])


def sides_of(address: str) -> list[str]:
    """A thing of the firm, or none, is on no side."""
    names = set(re.findall(r"{(\w+)}", address))
    return EVERYWHERE if names & OF_A_SIDE else EVERYWHERE[:1]


OF_A_SIDE = {
    "case", "token", "task", "question", "clock", "extension", "escalation", "follow_up", "attachment", "held", "customer",
    "merge", "view", "change", "handler", "absence",
}  # fmt: skip


def ask(client, method: str, where: str, **more) -> tuple[HttpResponse, set[str]]:
    """The answer, and the tables it wrote to; everything is taken back."""
    cache.clear()
    before, cookies = written(), client.cookies.copy()
    try:
        with transaction.atomic():
            answer = client.generic(method, where, **more)
            if answer.streaming:
                b"".join(answer.streaming_content)
            tables = changed(before)
            raise Undo
    except Undo:
        client.cookies = cookies  # signing out was taken back too
        return answer, tables


def sent_to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/sign-in")


def every_pattern(resolver=None, before: str = "") -> Iterator[str]:
    for each in (resolver or get_resolver()).url_patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from every_pattern(each, here)
        elif isinstance(each, URLPattern):
            yield here


class TestEveryAddress:
    def test_is_in_the_file(self):
        known = {resolve(_resolvable(address)).route for address in PAGES} | {
            resolve(_resolvable(f"/api{address}")).route for _method, address in API
        }
        assert {each.replace("^", "") for each in every_pattern()} - {
            each.replace("^", "") for each in known
        } == set(), "Say in tests/security/addresses/ who is let in."

    def test_of_an_act_is_in_the_file(self):
        written_down = {tuple(address.removeprefix("/").split("/")[::2]) for address in ACTS}
        registered = {(NOUNS[noun].path, name) for noun, name in _acts}
        assert registered ^ written_down == set()

    def test_of_the_api_is_in_the_file(self):
        described = {
            (method.upper(), shape(path.removeprefix("/api")))
            for path, methods in api.get_openapi_schema()["paths"].items()
            for method in methods
        }
        known = {(method, shape(path.partition("?")[0])) for method, path in API}
        assert described ^ known == set()


def _resolvable(address: str) -> str:
    """The example with something in the place of each thing, so that it can be looked up without a world."""
    values = dict.fromkeys(re.findall(r"{(\w+)}", address), "17")
    a_file = "00000000-0000-4000-8000-000000000000"
    values |= {"attachment": a_file, "article_file": a_file, "case": "2026-000001"}
    return address.partition("?")[0].format(**values)


def wrong_look(address: Address, role: str, side: str, answer: HttpResponse) -> str:
    status = answer.status_code
    if status >= 500 and status not in address.answers:
        return "broke"
    if role == NOBODY and not address.is_public:
        return "" if sent_to_sign_in(answer) or status == 405 or (status == 404 and _hidden(address)) else "not sent to sign in"  # fmt: skip
    if address.looks is None:
        refusal = address.acts(role, side) if address.acts else 0
        if refusal == 404 and status not in (404, 405, 403):
            return "tells that it exists"
        return "" if status in (302, 403, 404, 405) else "shows something"
    refusal = address.looks(role, side)
    if refusal:
        return "" if status == refusal else f"should be {refusal}"
    return "" if status in address.answers else f"should be {address.answers}"


def _hidden(address: Address) -> bool:
    """Nobody at all is let in."""
    return all((address.looks or address.acts)(role, "quality") for role in ROLES)


def wrong_act(address: Address, role: str, side: str, answer: HttpResponse) -> str:
    status = answer.status_code
    if status >= 500:
        return "broke"
    if role == NOBODY and not address.is_public:
        return "" if sent_to_sign_in(answer) or status == 405 or (_hidden(address) and status == 404) else "not sent to sign in"  # fmt: skip
    if address.acts is None:
        return ""
    refusal = address.acts(role, side)
    if refusal:
        return "" if status == refusal else f"should be {refusal}"
    return "" if status in (*NOT_A_REFUSAL, *address.answers) else "should be let in"


def wrong_headers(address: Address, role: str, answer: HttpResponse) -> str:
    """S25: what every answer says to the browser."""
    rules = answer.get("Content-Security-Policy", "")
    missing = [
        words
        for words, is_there in {
            "nosniff": answer.get("X-Content-Type-Options") == "nosniff",
            "a policy of scripts": "default-src 'self'" in rules or "default-src 'none'" in rules,
            "no unsafe policy": "unsafe-" not in rules and "*" not in rules and "data:" not in rules,
            "frame-ancestors": "frame-ancestors 'none'" in rules or "sandbox" in rules,
            "referrer policy": answer.get("Referrer-Policy") in ("same-origin", "no-referrer"),
            "no-store": "no-store" in answer.get("Cache-Control", "")
            or not _is_private(address, role, answer),
        }.items()
        if not is_there
    ]
    return f"without {', '.join(missing)}" if missing else ""


def _is_private(address: Address, role: str, answer: HttpResponse) -> bool:
    """What stands behind a sign-in or a secret link; a redirect or a refusal shows nothing worth keeping."""
    return answer.status_code == 200 and (address.looks == link or (role != NOBODY and not address.is_public))


def was_refused(address: Address, role: str, side: str, method: str) -> bool:
    gate = address.looks if method in ("GET", "HEAD") else address.acts
    if gate is None:
        return True
    return bool(gate(role, side)) or (role == NOBODY and not address.is_public)


@pytest.mark.django_db
class TestEveryRole:
    """The pages. One test a role, so that they share the machine."""

    @pytest.mark.parametrize("role", [NOBODY, *ROLES])
    def test_is_let_in_where_the_file_says(self, world, role):
        client, wrong = browser(role), []
        # What a method gets that is not for the address does not depend on whose thing it is, and HEAD is GET without its
        # body. An answer that names the methods there are speaks for all the others.
        thorough = role in (NOBODY, "zhao")
        for example, address in PAGES.items():
            for number, side in enumerate(sides_of(example)):
                where = filled(example, world, side)
                there_are: set[str] = set()
                for method in METHODS:
                    is_meant = {"GET": address.looks, "POST": address.acts}.get(method)
                    if not is_meant and (number or not thorough):
                        continue
                    if (method == "HEAD" and role != NOBODY) or (there_are and method not in there_are):
                        continue
                    answer, tables = ask(client, method, where)
                    if answer.status_code == 405:
                        there_are = set(answer["Allow"].split(", "))
                    why = ""
                    if method in ("GET", "HEAD"):
                        why = wrong_look(address, role, side, answer) if method == "GET" else ""
                        why = why or wrong_headers(address, role, answer)
                    elif method == "POST":
                        why = wrong_act(address, role, side, answer)
                    elif answer.status_code >= 500:
                        why = "broke"
                    if method != "POST" or was_refused(address, role, side, method):
                        tables -= set(MAY_CHANGE_BY_LOOKING)
                    if tables and (method != "POST" or was_refused(address, role, side, method)):
                        why = f"{why} wrote {sorted(tables)}"
                    if why:
                        wrong.append(f"{method} {example} of {side}: {answer.status_code} {why}")
        assert not wrong, "\n" + "\n".join(wrong)
