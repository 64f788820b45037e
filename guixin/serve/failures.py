"""What sort of failure a case is about, from the firm's own words for it: the cause and the quality point it was closed with, else
its category. A word that says nothing itself says what the word above it says."""

from dataclasses import dataclass

from guixin.organisation.revisions import cached_until_changed
from guixin.serve.classifying import latest_closing
from guixin.serve.models import Case, Term


@dataclass(frozen=True)
class Found:
    """`failure`: one of Failure; `word` says so."""

    failure: str
    word: Term


@cached_until_changed("serving")
def _telling() -> dict[tuple[str, str], Term]:
    return {(each.list, each.code): each for each in Term.objects.exclude(failure="")}


def failure_of(case: Case) -> Found | None:
    """None: no word that stands on the case says what sort it is."""
    words, closing = [], latest_closing(case)
    if closing is not None:
        words = [(Term.List.CAUSE, closing.cause), (Term.List.QUALITY_POINT, closing.quality_point)]
    telling = _telling()
    for which, code in [*words, (Term.List.CATEGORY, case.category)]:
        while code:
            if word := telling.get((which, code)):
                return Found(word.failure, word)
            code = code.rpartition("/")[0]
    return None
