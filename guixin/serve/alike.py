"""The same complaint brought twice: found among the customer's cases of the last days by its words.

Where both have a category it says whether they are the same (`intake.link_repeats`); here is asked where one has none.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from guixin.ledger.bulk import fetch_rows
from guixin.serve.models import Case
from guixin.serve.text_features import likeness, pieces

WITHIN = timedelta(days=7)
THE_SAME = 0.8  # from so alike on it is taken for the same complaint again
ALIKE = 0.5  # from here on whoever takes it in is shown it


def by_likeness(subject: str, story: str, cases: Iterable[Case]) -> list[tuple[Case, int]]:
    """Those of the cases whose words are alike, the most alike first, with how much in per cent."""
    said = pieces(f"{subject}\n{story}")
    found = [(case, likeness(said, pieces(f"{case.subject}\n{case.story}"))) for case in cases]
    alike = [(case, round(100 * how)) for case, how in found if how >= ALIKE]
    return sorted(alike, key=lambda one: -one[1])


def the_same_before(case_ids: Sequence[int]) -> list[tuple[int, int]]:
    """(case, earlier): complaints whose words say what the same customer complained of within the week before."""
    found: dict[int, tuple[float, int]] = {}
    for pk, earlier, said, before in fetch_rows(_RECENT, [WITHIN, list(case_ids)]):
        how = likeness(pieces(said), pieces(before))
        if how >= THE_SAME and how > found.get(pk, (0.0, 0))[0]:
            found[pk] = (how, earlier)
    return [(pk, earlier) for pk, (_how, earlier) in found.items()]


_RECENT = """
    SELECT c.id, e.id, c.subject || E'\\n' || c.story, e.subject || E'\\n' || e.story FROM serve_case c, LATERAL (
        SELECT id, subject, story FROM serve_case
        WHERE customer_id = c.customer_id AND kind = 'complaint' AND opened_at < c.opened_at
          AND opened_at >= c.opened_at - %s::interval AND state <> 'merged' AND id <> c.id
          AND (category = '' OR c.category = '')
        ORDER BY opened_at DESC LIMIT 5) AS e
    WHERE c.id = ANY(%s::bigint[])
"""
