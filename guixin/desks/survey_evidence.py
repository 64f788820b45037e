"""What our records say beside the answers of a wave, made ready for its pages: sentences, ways to the proof, what to do next."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guixin.desks.survey_tabs import behind_address
from guixin.listen.evidence_words import NAMES, VERDICTS, gap_words, leaving_words, noticed_words, time_words
from guixin.listen.five_gaps import FEWEST_PROMISES
from guixin.listen.models import Wave
from guixin.listen.noticing import REALLY_LOW, UNNOTICED
from guixin.listen.results import Results
from guixin.promise.moments import elements_in_force
from guixin.understand.models import Segment
from guixin.web.charts import figure
from guixin.web.intervals import wilson

Way = tuple[str, str]  # address, words


def span(evidence: dict[str, Any]) -> tuple[datetime, datetime]:
    """The time whose promises and complaints are counted."""
    return datetime.fromisoformat(evidence["from"]), datetime.fromisoformat(evidence["to"])


def of_plank(found: Results, language: str) -> dict[str, Any]:
    """What leaving the short plank costs, and of each moment of truth whether value is low or not noticed."""
    told = found.wave.evidence
    if not told:
        return {"evidence": None}
    return {
        "evidence": span(told),
        "leaving": leaving_words(told["leaving"]) if told["leaving"] else [],
        "noticed": _noticed(found, told["noticed"], language),
    }


def _noticed(found: Results, rows: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    drawn = elements_in_force({each["moment"] for each in rows})
    segments = Segment.objects.in_bulk([each["segment"] for each in rows if each["segment"]])
    return [
        {
            "name": found.question_words(each["code"], language),
            "moment": drawn[each["moment"]].shown_name(language)
            if each["moment"] in drawn
            else each["moment"],
            "address": element_address(each["moment"]) if each["moment"] in drawn else "",
            "verdict": each["verdict"],
            "words": VERDICTS.get(each["verdict"], ""),
            "sentence": noticed_words(each),
            "ways": _what_to_do(each, segments.get(each["segment"])),
        }
        for each in rows
    ]


def _what_to_do(told: dict[str, Any], segment: Segment | None) -> list[Way]:
    """Not noticed: tell and show it. Really low: a proposal to improve, and the standard it is about."""
    if told["verdict"] == UNNOTICED:
        if segment:
            return [
                (
                    reverse("communication_plan", args=[segment.code]),
                    _("Tell them: the communication plan of the segment"),
                )
            ]
        return [(reverse("communication_plans"), _("Tell them: communication plans"))]
    if told["verdict"] == REALLY_LOW:
        return [
            (reverse("proposal_new"), _("Improve it: propose a change")),
            (reverse("standards"), _("The standard")),
        ]
    return []


def of_gaps(found: Results, language: str) -> dict[str, Any]:
    """The five of them, and what each question adds to it."""
    told = found.wave.evidence
    gaps = (told or {}).get("gaps")
    if not told or not gaps:
        return {"evidence": None, "gaps": [], "questions": []}
    ours = Wave.objects.filter(code=gaps["1"].get("wave")).first() if gaps["1"].get("wave") else None
    drawn = elements_in_force({each["moment"] for each in gaps["questions"] if each["moment"]})
    return {
        "evidence": span(told),
        "gaps": [
            {"name": NAMES[which], "words": gap_words(which, gaps[which]), "is_told": not gaps[which].get("why"), "more": _times(which, gaps[which], found, language), "ways": _proof(which, found, ours, language)}
            for which in "12345"
        ],
        "questions": [_question(found, each, drawn, language) for each in gaps["questions"]],
    }  # fmt: skip


def _times(which: str, told: dict[str, Any], found: Results, language: str) -> list[str]:
    """Standard against expectation, where a time was asked; and where it was not, why there is none."""
    if which != "2":
        return []
    if told.get("times"):
        return [time_words(each, found.question_words(each["code"], language)) for each in told["times"]]
    return [
        _(
            "Whether a standard promises what customers expect cannot be told from points: ask within how long they expect it, by a list of words with hours that names its standard."
        )
    ]


def _proof(which: str, found: Results, ours: Wave | None, language: str) -> list[Way]:
    if which == "1":
        return [(reverse("wave", args=[ours.code]), ours.shown_name(language))] if ours else []
    if which == "2":
        questionnaire = found.wave.version.questionnaire
        return [(reverse("questionnaire", args=[questionnaire.code]), _("The questionnaire"))]
    if which in "34":
        return [(reverse("blueprints"), _("Service blueprints"))]
    address = behind_address(found.wave)
    return (
        [(address, _("Responses"))]
        if address
        else [(reverse("wave", args=[found.wave.code]), _("Question by question"))]
    )


def _question(found: Results, told: dict[str, Any], drawn: dict[str, Any], language: str) -> dict[str, Any]:
    here, promises = drawn.get(told["moment"]), told["promises"]
    return {
        "name": found.question_words(told["code"], language),
        "link": behind_address(found.wave, question=told["code"]),
        "belief": told["belief"],
        "moment": here.shown_name(language) if here else "",
        "address": element_address(told["moment"]) if here else "",
        "has_standard": bool(told["standards"]),
        "kept": _share(promises, "kept", "ended"),
        "ended": promises["ended"] if promises else 0,
        "given": _share(promises, "given", "told"),
        "told": promises["told"] if promises else 0,
        "gap": told["gap"],
    }  # fmt: skip


def _share(promises: dict[str, int] | None, did: str, of: str) -> list[str]:
    """Share, low, high; nothing where too few ended."""
    number = promises[of] if promises else 0
    if not promises or number < FEWEST_PROMISES:
        return []
    return [figure(each, percent=True) for each in (promises[did] / number, *wilson(promises[did], number))]


def element_address(moment: str) -> str:
    return reverse("blueprint_element", args=moment.split(":"))
