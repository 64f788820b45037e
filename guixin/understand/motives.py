"""Why and by whom customers decide to buy: the roles and motives of the contact people of companies, counted."""

from dataclasses import dataclass
from typing import Any

from guixin.ledger.bulk import fetch_rows
from guixin.understand.models import ContactPerson, Role, Segment

MOST = 50
# Several motives stand in one field, as people write them: “价格；交期” or "price, delivery".
_PARTS = r"[;；,，、/\n]+"


@dataclass(frozen=True)
class Part:
    """One role or motive: `value` names it in addresses, `people` have it, at `companies`."""

    value: str
    words: Any
    people: int
    companies: int


@dataclass(frozen=True)
class Deciding:
    """`people`, `companies`: contact people who are still there, and where; what is not known of how many of them."""

    people: int
    companies: int
    without_role: int
    without_motive: int
    roles: list[Part]
    motives: list[Part]


def deciding(segment: Segment | None = None, market: str = "") -> Deciding:
    """Over the companies of a segment, of a market, or all: three statements."""
    about = _about(segment, market)
    ((people, companies, without_role, without_motive),) = fetch_rows(
        f"SELECT count(DISTINCT p.person_id), count(DISTINCT p.company_id),"
        f" count(DISTINCT p.person_id) FILTER (WHERE p.roles = '{{}}'),"
        f" count(DISTINCT p.person_id) FILTER (WHERE btrim(p.motives) = '') {_FROM}",
        about,
    )
    roles = {value: (n, at) for value, n, at in fetch_rows(
        f"SELECT r.role, count(DISTINCT p.person_id), count(DISTINCT p.company_id) FROM ("  # noqa: S608
        f"SELECT p.person_id, p.company_id, unnest(p.roles) AS role {_FROM}) p, LATERAL (SELECT p.role) r GROUP BY 1",
        about,
    )}  # fmt: skip
    motives = fetch_rows(
        f"SELECT lower(m.motive), min(m.motive), count(DISTINCT m.person_id), count(DISTINCT m.company_id) FROM ("  # noqa: S608
        f"SELECT p.person_id, p.company_id, btrim(regexp_split_to_table(p.motives, %s)) AS motive {_FROM}) m"
        f" WHERE m.motive <> '' GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT {MOST}",
        [_PARTS, *about],
    )
    return Deciding(
        people, companies, without_role, without_motive,
        [Part(role.value, role.label, *roles.get(role.value, (0, 0))) for role in Role],
        [Part(value, words, n, at) for value, words, n, at in motives],
    )  # fmt: skip


# Of those who are still there, at companies that stand for themselves.
_FROM = """
    FROM understand_contactperson p JOIN understand_customer c ON c.id = p.company_id
    WHERE p.left_at IS NULL AND c.merged_into_id IS NULL
      AND (%s = '' OR c.market = %s)
      AND (%s::bigint IS NULL OR EXISTS (
           SELECT 1 FROM understand_membership s
           WHERE s.customer_id = c.id AND s.segment_id = %s::bigint AND s.until IS NULL))
"""


def _about(segment: Segment | None, market: str) -> list[Any]:
    pk = segment.pk if segment else None
    return [market, market, pk, pk]


def people_behind(
    *, role: str = "", motive: str = "", segment: Segment | None = None, market: str = "", after: int = 0, size: int
) -> list[ContactPerson]:  # fmt: skip
    """The contact people counted in one number, in the order in which they were noted."""
    rows = fetch_rows(
        f"SELECT p.id {_FROM} AND p.id > %s AND (%s = '' OR %s = ANY(p.roles))"  # noqa: S608  our own words
        f" AND (%s = '' OR EXISTS (SELECT 1 FROM regexp_split_to_table(p.motives, %s) AS m (motive)"
        f"      WHERE lower(btrim(m.motive)) = %s)) ORDER BY p.id LIMIT %s",
        [*_about(segment, market), after, role, role, motive, _PARTS, motive.lower(), size],
    )
    found = ContactPerson.objects.select_related("company", "person").prefetch_related(
        "person__identities", "company__identities"
    )
    by_id = found.in_bulk([pk for (pk,) in rows])
    return [by_id[pk] for (pk,) in rows]
