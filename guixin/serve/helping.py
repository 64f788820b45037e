"""What may help with what somebody writes: articles, lessons, knowledge and closed cases. Page and API ask here."""

from guixin.organisation.models import Person
from guixin.search import asking
from guixin.serve.case_texts import FOUND_AS
from guixin.serve.models import Case

SHORTEST, LONGEST = 2, 4_000  # characters that are written
AT_MOST = 8


def what_helps(
    person: Person, text: str, *, case: Case | None = None, is_search: bool = False
) -> list[asking.Found]:
    """The best first.

    text        what is being written, however long, or, if `is_search`, typed to find something
    case        beside which it is written. It is no help for itself, and if it is given, what it says helps to find as long
                as what is written finds nothing
    """
    written = text.strip()[:LONGEST]
    itself = [(FOUND_AS, case.pk)] if case else []
    if is_search:
        if len(written) < SHORTEST:
            return []
        found = asking.search(written, person, at_most=AT_MOST + 1, is_being_typed=True)
        return [each for each in found if (each.kind.name, each.key) not in itself][:AT_MOST]
    of_case = "\n".join([case.subject, case.story, case.product])[:LONGEST] if case else ""
    for words in (written, of_case):
        if len(words) >= SHORTEST and (
            found := asking.suggest(words, person, at_most=AT_MOST, apart_from=itself)
        ):
            return found
    return []
