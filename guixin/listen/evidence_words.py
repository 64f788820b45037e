"""The evidence of a wave in sentences: what was counted, with its interval, or why it cannot be told."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guixin.listen.noticing import BOTH, LEAST, REALLY_LOW, UNNOTICED
from guixin.web import money
from guixin.web.charts import figure

NAMES = {
    "1": gettext_lazy("Gap 1: what customers expect, and what managers believe"),
    "2": gettext_lazy("Gap 2: what managers believe, and the standards set"),
    "3": gettext_lazy("Gap 3: the standards, and what was delivered"),
    "4": gettext_lazy("Gap 4: what was promised to customers, and what was given"),
    "5": gettext_lazy("Gap 5: what customers expected, and what they found"),
}
VERDICTS = {
    UNNOTICED: gettext_lazy("Not noticed"),
    REALLY_LOW: gettext_lazy("Really low"),
    BOTH: gettext_lazy("Cannot be told apart"),
}


def gap_words(which: str, told: Mapping[str, Any]) -> str:
    """One sentence about one of the five."""
    if told.get("why"):
        return _why(told)
    if which == "1":
        return belief_words(told)
    if which == "2":
        return _(
            "%(n)s of %(asked)s questions have a standard in force behind their moment of truth. Counted, not estimated."
        ) % {"n": told["with_standard"], "asked": told["asked"]}
    if which == "5":
        said = {"mean": _with_limits(told["mean"], 2), "n": told["n"]}
        return (
            _("Customers found %(mean)s points compared with what they expected; %(n)s complete responses.")
            % said
        )
    said = {"share": _shares(told["share"]), "kept": told["did"], "n": told["n"]}
    if which == "3":
        return _("%(share)s of the promises were kept: %(kept)s of %(n)s.") % said
    return (
        _(
            "%(share)s of what was told to customers was given by the time first told, before any more time was granted: %(kept)s of %(n)s."
        )
        % said
    )


def time_words(told: Mapping[str, Any], question: str) -> str:
    """Of one question that asks within how long a standard is expected to be kept."""
    said = {"question": question, "n": told["n"], "promises": told["promises"]}
    if told.get("why") == "few":
        return _("“%(question)s”: cannot be told; %(n)s customers answered, and it takes 10.") % said
    said |= {"expected": told["expected"]}
    if told.get("why"):
        return (
            _(
                "“%(question)s”: half of %(n)s customers expect it within %(expected)s hours. It cannot be held against the standard: %(promises)s promises by it ended in this time without a pause, and it takes 5."
            )
            % said
        )
    said |= {"share": _shares(told["sooner"]), "promised": f"{told['promised']:g}"}
    words = (
        _(
            "“%(question)s”: %(share)s of %(n)s customers expect it sooner than the %(promised)s hours by the clock that half of %(promises)s promises were given for; half of them expect it within %(expected)s hours."
        )
        % said
    )
    if "ours" in told:
        words += " " + _("Of our own people %(n)s of %(of)s believe that they do.") % {
            "n": told["ours"][0],
            "of": told["ours"][1],
        }
    return words


def belief_words(told: Mapping[str, Any]) -> str:
    if told.get("why"):
        return _why(told)
    said = {"difference": _with_limits(told["difference"], 2), "ours": told["ours"], "n": told["n"]}
    low, high = told["difference"][1:]
    if low <= 0 <= high:
        return (
            _(
                "What managers believe customers expect lies %(difference)s points from it: inside the noise. %(ours)s of ours, %(n)s customers."
            )
            % said
        )
    if high < 0:
        said["difference"] = _with_limits([-each for each in (told["difference"][0], high, low)], 2)
        return (
            _(
                "Customers expect more than managers believe: a difference of %(difference)s points. %(ours)s of ours, %(n)s customers."
            )
            % said
        )
    return (
        _(
            "Customers expect less than managers believe: a difference of %(difference)s points. %(ours)s of ours, %(n)s customers."
        )
        % said
    )


def _why(told: Mapping[str, Any]) -> str:
    n, ours = told.get("n", 0), told.get("ours", 0)
    words = {
        "no_wave": _(
            "Cannot be told: no wave of this questionnaire was answered by our own people as they think customers would."
        ),
        "scales": _("Cannot be told in one figure: the questions have different scales."),
        "no_moment": _("Cannot be told: no question says which moment of truth it is about."),
        "no_standard": _(
            "Cannot be told: no standard in force stands behind any question, nor a department."
        ),
        "not_both": _("Cannot be told: nothing is asked both as expected and as found."),
        "few_promises": _("Cannot be told: %s promises ended in this time, and it takes 5.") % n,
        "few": _("Cannot be told: %(n)s complete responses, and it takes %(least)s.") % {"n": n, "least": 10},
    }
    if told["why"] == "few" and "ours" in told:
        return _("Cannot be told: %(ours)s of ours and %(n)s customers answered; it takes 5 and 10.") % {
            "ours": ours,
            "n": n,
        }
    return words[told["why"]]


def leaving_words(told: Mapping[str, Any]) -> list[str]:
    """What it costs to leave the short plank as it is, one sentence each."""
    complaints = told["complaints"]
    words = []
    if told["why"]:
        words.append(
            _("What these customers buy cannot be told: the wave is anonymous.")
            if told["why"] == "anonymous"
            else _("What these customers buy cannot be told: no response is tied to a customer.")
        )
    else:
        number = told["customers"]
        words.append(
            ngettext(
                "%(n)s customer is dissatisfied with it, %(share)s of those we know.",
                "%(n)s customers are dissatisfied with it, %(share)s of those we know.",
                number,
            )
            % {"n": number, "share": _shares(told["share"])}
        )
        words.append(
            _("In the year before they answered they bought for %s, less what came back.")
            % _sums(told["bought"])
            if told["bought"]
            else _("In the year before they answered they bought nothing that is on record.")
        )
    if complaints["by"] == "moment":
        sentence = ngettext(
            "%(n)s complaint in which a promise of this moment was broken;",
            "%(n)s complaints in which a promise of this moment was broken;",
            complaints["n"],
        )
    elif complaints["by"] == "department":
        sentence = ngettext(
            "%(n)s complaint the department answers for;",
            "%(n)s complaints the department answers for;",
            complaints["n"],
        )
    else:
        sentence = _(
            "Complaints cannot be told: the question names neither a moment of truth nor a department."
        )
    if complaints["by"]:
        paid = (
            _("promised or given for them: %s.") % _sums(complaints["paid"])
            if complaints["paid"]
            else _("nothing was promised or given for them.")
        )
        sentence = _("%(complaints)s %(paid)s") % {
            "complaints": sentence % {"n": complaints["n"]},
            "paid": paid,
        }
    words.append(sentence)
    if not told["why"]:
        words.append(_again(told["again"]))
    return words


def _again(told: Mapping[str, Any]) -> str:
    if told.get("why"):
        return _(
            "Whether they buy again less often: not enough to tell. %(n)s dissatisfied and %(others)s other customers answered more than %(days)s days ago, and it takes %(least)s of each."
        ) % {name: told[name] for name in ("n", "others", "days", "least")}
    said = {
        "days": told["days"], "share": _shares(told["share"]), "other": _shares(told["other_share"]),
        "difference": _with_limits([100 * each for each in told["difference"]], 0),
    }  # fmt: skip
    low, high = told["difference"][1:]
    if low <= 0 <= high:
        return (
            _(
                "Within %(days)s days %(share)s of the dissatisfied bought again and %(other)s of the others: a difference of %(difference)s points, inside the noise."
            )
            % said
        )
    return (
        _(
            "Within %(days)s days %(share)s of the dissatisfied bought again and %(other)s of the others: a difference of %(difference)s points. It says that this goes along, not that it is its cause."
        )
        % said
    )


def noticed_words(told: Mapping[str, Any]) -> str:
    """Of one question: what was counted, and what it means."""
    if "share" not in told:
        return _(
            "Cannot be told: of the dissatisfied, %(n)s have a case in which the promise was judged before they answered; it takes %(least)s."
        ) % {"n": told["low"], "least": LEAST}
    said = {"kept": told["kept"], "low": told["low"], "share": _shares(told["share"])}
    words = _("In %(kept)s of the %(low)s cases of the dissatisfied, %(share)s, the promise was kept.") % said
    if told.get("difference"):
        sentence = (
            _(
                "Where it was broken as many are dissatisfied as where it was kept: a difference of %(difference)s points, inside the noise."
            )
            if told["difference"][1] <= 0 <= told["difference"][2]
            else _("Where it was broken %(difference)s points more are dissatisfied than where it was kept.")
        )
        words += " " + sentence % {"difference": _with_limits([100 * each for each in told["difference"]], 0)}
    return words


def _with_limits(told: Any, digits: int) -> str:
    middle, low, high = (f"{each:.{digits}f}".replace("-", "−") for each in told)
    return f"{middle} ({low} – {high})"


def _shares(told: Any) -> str:
    share, low, high = (figure(each, percent=True) for each in told)
    return f"{share} ({low} – {high})"


def _sums(rows: Any) -> str:
    """By currency, never added to each other."""
    return _(", ").join(money.shown(amount, currency) for currency, amount, _number in rows)
