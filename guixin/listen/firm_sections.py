"""What listen reads from a firm file: the questionnaires and the waves that begin by themselves, each under a code of its own."""

from django.utils.translation import gettext as _

from guixin.listen import building, standing
from guixin.listen.library import paired, ready
from guixin.listen.models import Questionnaire, WavePlan
from guixin.listen.questions import Sheet
from guixin.organisation.firm import Loading, section
from guixin.organisation.models import Person
from guixin.web.refusals import Refused

WORDS = ("name", "name_en", "intro", "intro_en")
SHEET = ("usual", "questions", "paths", "gaps")


@section("questionnaires")
def load_questionnaires(entries, loading: Loading) -> None:
    """[questionnaires.quarterly] name, name_en, intro, intro_en, owner = "chen", and what it asks: `begin_from` one of the library, or
    questions = [ { code, label, label_en, kind = "scale" | "choice" | "text", low, high, … } ], usual, paths, gaps.

    Published at once unless `draft = true`; changed questions are the next version. `withdrawn = true` takes it out of use.
    """
    for code, entry in loading.each(entries):
        loading.known_keys(entry, *WORDS, *SHEET, "owner", "begin_from", "draft", "withdrawn")
        said = {name: entry[name] for name in WORDS if name in entry}
        owner = loading.find(Person, _("person"), login=loading.needed(entry, "owner"))
        there = Questionnaire.objects.filter(code=code).first()
        try:
            asked = ready(entry["begin_from"]).sheet if "begin_from" in entry else Sheet.read(paired(entry))
            if there is None:
                there = building.add(
                    code=code,
                    owner=owner,
                    begin_from=entry.get("begin_from", ""),
                    by=None,
                    now=loading.now,
                    **said,
                )
                loading.created["Questionnaire"] += 1
            elif any(getattr(there, name) != value for name, value in {**said, "owner": owner}.items()):
                there = building.describe(there, {**said, "owner": owner}, by=None, now=loading.now)
                loading.changed["Questionnaire"] += 1
            version = there.in_force()
            if asked.questions and not entry.get("draft") and (version is None or version.sheet != asked):
                there = building.keep_draft(there, asked, by=None, now=loading.now)
                building.publish(there, by=None, now=loading.now)
                loading.created["QuestionnaireVersion"] += 1
            elif asked.questions and version is None and there.drafted != asked:
                building.keep_draft(there, asked, by=None, now=loading.now)
                loading.changed["Questionnaire"] += 1
            if bool(entry.get("withdrawn")) != bool(there.withdrawn_at):
                verb = building.withdraw if entry.get("withdrawn") else building.restore
                verb(there, by=None, now=loading.now)
                loading.changed["Questionnaire"] += 1
        except Refused as refusal:
            raise loading.refuse(str(refusal)) from refusal


PLAN = (
    "name",
    "name_en",
    "begins",
    "every_months",
    "next_on",
    "frame",
    "size",
    "by",
    "only",
    "one_in",
    "is_follow_up",
    "remind_after_days",
    "places",
)


@section("wave_plans")
def load_wave_plans(entries, loading: Loading) -> None:
    """[wave_plans.quarterly] name, name_en, questionnaire = "quarterly", owner = "chen", and when it begins:
    begins = "months", every_months = 3, next_on = 2026-04-01, frame = { from = "segment", segment = "key" }, size, by; or
    begins = "case_closed" | "contact_made" | "purchased", one_in = 4, only = { kinds = ["complaint"], department = "quality",
    category = "delivery", segment = "key" }. is_follow_up = true makes it the follow-up of closed cases.
    places = ["counter"]: each of its waves is asked there too, instead of the one before.

    The day moves by itself once it has begun. `withdrawn = true` ends it.
    """
    for code, entry in loading.each(entries):
        loading.known_keys(entry, *PLAN, "questionnaire", "owner", "withdrawn")
        there = WavePlan.objects.filter(code=code).first()
        if entry.get("withdrawn"):
            if there and not there.withdrawn_at:
                standing.withdraw(there, by=None, now=loading.now)
                loading.changed["WavePlan"] += 1
            continue
        said = {name: entry[name] for name in PLAN if name in entry}
        said["questionnaire"] = loading.find(
            Questionnaire, _("questionnaire"), code=loading.needed(entry, "questionnaire")
        )
        said["owner"] = loading.find(Person, _("person"), login=loading.needed(entry, "owner"))
        for name in ("name", "begins"):
            loading.needed(entry, name)
        try:
            plan, differs = standing.keep(code, said, by=None, now=loading.now)
            if plan.withdrawn_at:
                standing.restore(plan, by=None, now=loading.now)
                differs = True
        except Refused as refusal:
            raise loading.refuse(str(refusal)) from refusal
        if differs:
            (loading.changed if there else loading.created)["WavePlan"] += 1
