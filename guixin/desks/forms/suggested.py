"""What closed cases suggest, at the top of the lists of a classification, with how often it was right."""

from typing import Any

from django.utils.translation import gettext as _

from guixin.desks.forms.base import ActForm
from guixin.desks.lists import every_department
from guixin.serve.models import Case
from guixin.serve.suggesting import LEAST_CASES, Suggestion, suggest


def offer_suggestions(form: ActForm, case: Case, **names: str) -> None:
    """Put the likeliest first, in a group of their own; nothing is chosen for anybody.

    names   what a field of the classification is called in this form, where it is called otherwise
    """
    for field, suggestion in suggest(case).items():
        target: Any = form.fields[names.get(field, field)]
        target.help_text = in_words(suggestion)
        keys = dict(suggestion.options)
        if keys and field == "department":
            ids = {each.code: str(pk) for pk, each in every_department().items()}
            keys = {ids[code]: chance for code, chance in suggestion.options if code in ids}
        words = dict(target.choices)
        first = [
            (key, f"{words[key].strip()} · {chance:.0%}") for key, chance in keys.items() if key in words
        ]
        if first:
            others = [one for one in target.choices if one[0] not in keys]
            target.choices = [others[0], (_("Suggested"), first), (_("All"), others[1:])]
            likeliest = _("Suggested: %(what)s.") % {"what": first[0][1]}
            target.help_text = f"{likeliest} {target.help_text}"


def in_words(suggestion: Suggestion) -> str:
    if suggestion.why_not == "few":
        return _("No suggestion yet: %(there)s of %(least)s closed cases.") % {
            "there": suggestion.cases, "least": LEAST_CASES
        }  # fmt: skip
    if suggestion.why_not == "no_better":
        return _("No suggestion: the closed cases do not tell it apart.")
    if suggestion.why_not == "unsure":
        return _("No suggestion: this one is not clear enough.")
    if suggestion.accuracy is None:
        return ""
    return _("Suggestions were right in %(share)s of %(number)s later cases.") % {
        "share": f"{suggestion.accuracy:.0%}", "number": suggestion.held_out
    }  # fmt: skip
