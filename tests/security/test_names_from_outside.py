"""S22: names of filters, orders and columns from outside are looked up in a list of ours, never in the database's."""

from urllib.parse import quote

import pytest

from tests.security.world import browser, program

pytestmark = pytest.mark.django_db

NAMES = [
    "owner__password", "customer__name__startswith", "department__parent__code", "_connector", "_negated", "pk", "id__in",
    "state__regex", "case__owner", "select", "order_by", "group_by", "columns", "extra", "__class__", "tasks__result",
    "a'b", 'a"b', "x;DROP TABLE serve_case", "state)", "kind__", "\u0000", "客户",
]  # fmt: skip
ORDERS = [
    "password",
    "-owner__password",
    "customer__name",
    "id; SELECT 1",
    "?",
    "pk",
    "-pk",
    "deadline desc",
    "1",
    "(select 1)",
]
VALUES = [
    "'", '"', "%00", "\u0000", "1 OR 1=1", "-1", "99999999999999999999999", "1e309", "NaN", "[]", "{}", "٣", "０", "\ud7ff",
    "2026-02-30", "9999-99-99", "a" * 5000, "../../etc/passwd", "%s%n", "🙂", "_", "%", "\\", "(", "[a-", "\u202e", "mine,me",
]  # fmt: skip
WORST = ["'", "\u0000", "99999999999999999999999", "9999-99-99", "\u0663"]
LISTS = ["/queues/department", "/queues/tasks", "/queues/mine", "/queues/closed"]
OF_LISTS = ["kind", "state", "severity", "level", "department", "owner", "category", "channel", "grade", "due", "from", "to", "q", "sort", "after", "in"]  # fmt: skip
# Everything else that reads its query.
READS = {
    "/": ["show"], "/now": ["department", "week", "wall"], "/promises": ["which", "department", "after"],
    "/escalations": ["whose", "level", "after", "act"], "/find": ["q"], "/go": ["number"], "/customers": ["q", "after"],
    "/customers/{customer}": ["kind", "before", "act"], "/cases/{case}": ["in", "act", "side", "say", "template", "templates", "new"],
    "/cases/{case}/live": ["seen"], "/panes/list": ["in"], "/views/new": ["name", "list", "query"], "/absences": ["person", "month"],
    "/handovers/li": ["to"], "/cases/new": ["customer", "phone", "template", "find"], "/tasks/{task}": ["act"],
    "/admin/ledger": ["case", "kind", "actor", "from", "to", "after", "before", "person", "customer"],
    "/admin/people": ["q", "department", "after", "state", "find"], "/admin/ladder": ["department", "day"],
    "/admin/holidays": ["year", "list"], "/admin/rules/draft/trial": ["days"], "/admin/places/cards": ["paper", "code"],
    "/admin/imports": ["page"], "/admin/standards": ["department"], "/admin/webhooks/{webhook}": ["only"], "/complain": ["kind"],
    "/sign-in": ["next"], "/scripts.js": ["of", "v"], "/styles.css": ["of", "v"], "/standards": ["x"],
}  # fmt: skip
API_LISTS = ["/cases?queue=department&", "/tasks?queue=department&"]


class TestANameFromOutside:
    def test_filters_nothing_that_is_not_on_our_list(self, world):
        client, key, wrong = browser("he"), program("he"), []
        for name in NAMES:
            for where in LISTS:
                status = client.get(f"{where}?{quote(name)}=1").status_code
                if status not in (400, 404, 422):
                    wrong.append(f"{where} {name!r}: {status}")
            for where in API_LISTS:
                status = key.get(f"{where}{quote(name)}=1").status_code
                if status not in (400, 404, 422):
                    wrong.append(f"/api{where} {name!r}: {status}")
        assert not wrong, "\n".join(wrong)

    def test_orders_by_nothing_that_is_not_on_our_list(self, world):
        client, key, wrong = browser("he"), program("he"), []
        for order in ORDERS:
            for where in LISTS:
                status = client.get(f"{where}?sort={quote(order)}").status_code
                if status not in (400, 404, 422):
                    wrong.append(f"{where} {order!r}: {status}")
            for where in API_LISTS:
                status = key.get(f"{where}sort={quote(order)}").status_code
                if status not in (400, 404, 422):
                    wrong.append(f"/api{where} {order!r}: {status}")
        assert not wrong, "\n".join(wrong)

    def test_is_not_kept_in_a_saved_view(self, world):
        client, wrong = browser("he"), []
        said = {"name": "x", "shared": "mine"}
        for name in NAMES:
            for list_name, query in (("all", f"{quote(name)}=1"), (name, ""), ("all", f"sort={quote(name)}")):
                for where in ("/views", f"/views/again?name=x&list={quote(list_name)}&query={quote(query)}"):
                    status = client.post(where, {**said, "list": list_name, "query": query}).status_code
                    if status not in (400, 404, 422):
                        wrong.append(f"{where} list={list_name!r} query={query!r}: {status}")
        assert not wrong, "\n".join(wrong)


class TestAValueFromOutside:
    def test_breaks_no_list(self, world):
        self._ask(world, dict.fromkeys((*LISTS[:2], "/queues/all/matches"), OF_LISTS))

    def test_breaks_no_page(self, world):
        self._ask(world, READS)

    def test_breaks_no_list_of_the_api(self, world):
        key, wrong = program("he"), []
        for where in API_LISTS:
            for name in OF_LISTS:
                for value in WORST:
                    answer = key.get(f"{where}{name}={quote(value)}")
                    if answer.status_code >= 500:
                        wrong.append(f"/api{where}{name}={value[:30]!r}")
        assert not wrong, "\n".join(wrong)

    def _ask(self, world, reads):
        client, wrong = browser("he"), []
        for where, names in reads.items():
            # The worst values for each name; of the others each once, a different one for every name.
            asked = [f"{name}={quote(value)}" for name in names for value in WORST]
            asked += [
                "&".join(f"{name}={quote(value)}" for name, value in zip(names, VALUES[at:], strict=False))
                for at in range(0, len(VALUES), len(names))
            ]
            for query in asked:
                answer = client.get(f"{where.format(**world['quality'])}?{query}")
                if answer.status_code >= 500:
                    wrong.append(f"{where}?{query[:100]}")
        assert not wrong, "\n".join(wrong)

    def test_breaks_no_address(self, world):
        """The character 0, which no text of the database can hold."""
        client = browser("he")
        for where in (
            "/handovers/%00",
            "/invitation/%00",
            "/track/2026-000001/%00",
            "/sign-in/as/%00",
            "/find?q=%00",
        ):
            assert client.get(where).status_code in (400, 404, 405), where
