"""What serve reads from a firm file: its lists of terms, its routing rules and its policy."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from guixin.organisation.firm import Loading, section
from guixin.organisation.models import Department
from guixin.promise.firm_sections import read_duration
from guixin.serve import building_forms, visit_rules
from guixin.serve.call_back_lines import TERMS
from guixin.serve.form_fields import CannotAsk, read_fields
from guixin.serve.models import (
    CallBackLine,
    Case,
    CaseForm,
    Failure,
    IntakeStep,
    IntakeTemplate,
    RoutingRule,
    Template,
    Term,
    VisitRules,
)
from guixin.serve.models.policy import Policy
from guixin.serve.ruling import CannotChoose, change_policy, publish_rule, withdraw_rule
from guixin.serve.templates import CannotKeepTemplate, publish, withdraw

_LISTS = {
    "categories": Term.List.CATEGORY,
    "quality_points": Term.List.QUALITY_POINT,
    "causes": Term.List.CAUSE,
}


@section("terms")
def load_terms(entries, loading: Loading) -> None:
    """[terms.categories] "quality" = "质量", "quality/colour" = { name = "色牢度", name_en = "Colour fastness" };
    also [terms.quality_points] and [terms.causes]. Words the file does not mention stay. `failure` = "money" | "goods" | "service" |
    "attention": what sort of failure a case so called is about, and every word below it that says nothing itself."""
    if isinstance(entries, Mapping):
        loading.known_keys(entries, *_LISTS)
    for which, words in loading.each(entries):
        for code, word in words.items():
            loading.entry = f"{which} {code}"
            word = {"name": word} if isinstance(word, str) else word
            if not isinstance(word, Mapping):
                raise loading.refuse(_("A word is a name, or a table with “name” and “name_en”."))
            loading.known_keys(word, "name", "name_en", "failure")
            values = {"name": loading.needed(word, "name"), "name_en": word.get("name_en", "")}
            if "failure" in word:
                if word["failure"] not in ("", *Failure.values):
                    raise loading.refuse(_("There is no sort of failure called “%s”.") % word["failure"])
                values["failure"] = word["failure"]
            loading.put(Term, {"list": _LISTS[which], "code": code}, values)


@section("routing")
def load_routing(entries, loading: Loading) -> None:
    """[routing.colour] name, position, for = { kind, category, product, channel, grade, severity, words = ["褪色"] },
    steps = ["quality", { department = "technology", stage = 2, instruction = "…" }].

    Rules are tried by `position`, by default in the order of the file. A changed rule becomes a new version: which
    one a case was routed by stays readable. `withdrawn = true` takes a rule out of force.
    """
    for number, (code, entry) in enumerate(loading.each(entries), start=1):
        loading.known_keys(entry, "name", "position", "for", "steps", "withdrawn")
        in_force = RoutingRule.objects.filter(code=code, withdrawn_at__isnull=True).first()
        if entry.get("withdrawn"):
            if in_force:
                withdraw_rule(in_force, by=None, now=loading.now)
                loading.changed["RoutingRule"] += 1
            continue
        values, steps = _rule(entry, number * 10, loading), _steps(entry, loading)
        if in_force and _reads(in_force, values, steps):
            continue
        (loading.changed if in_force else loading.created)["RoutingRule"] += 1
        publish_rule(
            code,
            by=None,
            now=loading.now,
            steps=[(step["department"].pk, step["stage"], step["instruction"]) for step in steps],
            **values,
        )


def _reads(rule: RoutingRule, values: Mapping, steps: list[dict]) -> bool:
    """Whether the rule in force already says this."""
    if any(getattr(rule, name) != value for name, value in values.items()):
        return False
    stand = [
        {"department": step.department, "stage": step.stage, "instruction": step.instruction}
        for step in rule.steps.select_related("department")
    ]
    return stand == steps


def _rule(entry: Mapping, position: int, loading: Loading) -> dict[str, Any]:
    case = entry.get("for", {})
    if not isinstance(case, Mapping):
        raise loading.refuse(_('“for” is a table, such as { kind = "complaint" }.'))
    loading.known_keys(case, "kind", "category", "product", "channel", "grade", "severity", "words")
    if case.get("kind", "complaint") not in Case.Kind.values:
        raise loading.refuse(_("There is no kind of case called “%s”.") % case["kind"])
    category = case.get("category", "")
    if category:
        loading.find(Term, _("category"), code=category, list=Term.List.CATEGORY)
    return {
        "name": loading.needed(entry, "name"),
        "position": entry.get("position", position),
        "for_kind": case.get("kind", ""),
        "for_category": category,
        "for_product": case.get("product", ""),
        "for_channel": case.get("channel", ""),
        "for_grade": case.get("grade", ""),
        "for_severity": case.get("severity"),
        "for_words": list(case.get("words", [])),
    }


def _steps(entry: Mapping, loading: Loading) -> list[dict]:
    steps = []
    for step in loading.needed(entry, "steps"):
        step = {"department": step} if isinstance(step, str) else step
        loading.known_keys(step, "department", "stage", "instruction")
        code = loading.needed(step, "department")
        steps.append(
            {
                "department": loading.find(Department, _("department"), code=code),
                "stage": step.get("stage", 1),
                "instruction": step.get("instruction", ""),
            }
        )
    return sorted(steps, key=lambda step: step["stage"])


@section("policy")
def load_policy(entries, loading: Loading) -> None:
    """[policy] repeat_within_days = 30, send_back_within = "2h", follow_up_after_days = 3, urge_every = "24h",
    classify = "complaints" (or "none", "all"): what is closed only with its classification."""
    if not isinstance(entries, Mapping):
        raise loading.refuse(_("This must be a table of entries."))
    loading.known_keys(
        entries, "repeat_within_days", "send_back_within", "follow_up_after_days", "urge_every", "classify"
    )
    values: dict[str, Any] = {
        name: entries[name] for name in ("repeat_within_days", "follow_up_after_days") if name in entries
    }
    if "send_back_within" in entries:
        values["send_back_within_minutes"] = read_duration(entries["send_back_within"], loading)
    if "urge_every" in entries:
        minutes = read_duration(entries["urge_every"], loading)
        if minutes % 60:
            raise loading.refuse(_("“urge_every” is a whole number of hours."))
        values["urge_every_hours"] = minutes // 60
    if "classify" in entries:
        which = {each.name.lower(): each.value for each in Policy.Classify}
        if entries["classify"] not in which:
            raise loading.refuse(_("“classify” is one of “none”, “complaints” and “all”."))
        values["classify"] = which[entries["classify"]]
    is_new = not Policy.objects.exists()
    try:
        before = change_policy(values, by=None, now=loading.now)
    except CannotChoose as wrong:
        raise loading.refuse(str(wrong)) from wrong
    if is_new or before != before | values:
        (loading.created if is_new else loading.changed)["Policy"] += 1


@section("call_backs")
def load_call_backs(entries, loading: Loading) -> None:
    """[call_backs.service] name, name_en, department, window_minutes, capacity, days_ahead, tries, again_after_minutes,
    most_open, is_open. A department that rings customers back; a line the file does not mention stays."""
    usual = CallBackLine()
    for code, entry in loading.each(entries):
        loading.known_keys(entry, "name", "name_en", "department", "is_open", *TERMS)
        department = loading.find(Department, _("department"), code=loading.needed(entry, "department"))
        values = {
            "name": loading.needed(entry, "name"),
            "name_en": entry.get("name_en", ""),
            "department": department,
            "is_open": entry.get("is_open", True),
            **{name: getattr(usual, name) for name in TERMS},
            **{name: entry[name] for name in TERMS if name in entry},
        }
        loading.put(CallBackLine, {"code": code}, values)


@section("visits")
def load_visits(entries, loading: Loading) -> None:
    """[visits] most_people, days_ahead, currency, places, safety, safety_en, survey, follow_ups = [1, 3, 6], purposes = [{ code, name, name_en }],
    grades = [{ code, name, name_en, host, meal, gift, budget = "5000" }], the highest first,
    rules = [{ purposes, customer_grades, people, grade }]. A changed record is published as its next version."""
    if not isinstance(entries, Mapping):
        raise loading.refuse(_("This must be a table of entries."))
    is_new = not VisitRules.objects.exists()
    try:
        made = visit_rules.publish(dict(entries), by=None, now=loading.now)
    except visit_rules.CannotReceive as why:
        raise loading.refuse(str(why)) from why
    if made is not None:
        (loading.created if is_new else loading.changed)["VisitRules"] += 1


@section("templates")
def load_templates(entries, loading: Loading) -> None:
    """[templates.thanks] name, name_en, shortcut, kind, body, body_en, department; settle = true or
    { at_fault, quality_point, cause }, task = { department, instruction }, next = true; withdrawn = true."""
    for code, entry in loading.each(entries):
        loading.known_keys(
            entry, "name", "name_en", "shortcut", "kind", "body", "body_en", "department", "settle", "task", "next",
            "withdrawn",
        )  # fmt: skip
        in_force = Template.objects.in_force().filter(code=code).first()
        if entry.get("withdrawn"):
            if in_force:
                withdraw(in_force, now=loading.now)
                loading.changed["Template"] += 1
            continue
        try:
            published = publish(code, _template(entry, loading), now=loading.now)
        except CannotKeepTemplate as why:
            raise loading.refuse(str(why)) from why
        if in_force is None:
            loading.created["Template"] += 1
        elif published.pk != in_force.pk:
            loading.changed["Template"] += 1


def _template(entry: Mapping, loading: Loading) -> dict[str, Any]:
    settle, task = entry.get("settle", False), entry.get("task", {})
    words = settle if isinstance(settle, Mapping) else {}
    loading.known_keys(words, "at_fault", "quality_point", "cause")
    loading.known_keys(task, "department", "instruction")

    def department(code: str | None) -> Department | None:
        return loading.find(Department, _("department"), code=code) if code else None

    return {
        "name": loading.needed(entry, "name"),
        "name_en": entry.get("name_en", ""),
        "shortcut": entry.get("shortcut", ""),
        "kind": entry.get("kind", Template.Kind.REPLY),
        "body": loading.needed(entry, "body").strip(),
        "body_en": entry.get("body_en", "").strip(),
        "department": department(entry.get("department")),
        "settles": bool(settle),
        "at_fault": department(words.get("at_fault")),
        "quality_point": words.get("quality_point", ""),
        "cause": words.get("cause", ""),
        "task_for": department(task.get("department")),
        "instruction": task.get("instruction", ""),
        "opens_next": entry.get("next", False),
    }


@section("intake")
def load_intake(entries, loading: Loading) -> None:
    """[intake.colour] name, name_en, kind, category, severity, subject, story, steps = ["quality",
    { department = "technology", instruction = "…" }]. Fills a new case while the customer is on the phone; without
    steps the routing rules decide. `withdrawn = true` takes one out of the list."""
    for number, (code, entry) in enumerate(loading.each(entries), start=1):
        known = ("name", "name_en", "kind", "category", "severity", "subject", "story", "steps", "withdrawn")
        loading.known_keys(entry, *known)
        if category := entry.get("category", ""):
            loading.find(Term, _("category"), code=category, list=Term.List.CATEGORY)
        values = {
            "name": loading.needed(entry, "name"),
            "name_en": entry.get("name_en", ""),
            "position": number * 10,
            "kind": entry.get("kind", Case.Kind.COMPLAINT.value),
            "category": category,
            "severity": entry.get("severity", Case.Severity.NORMAL.value),
            "subject": entry.get("subject", ""),
            "story": entry.get("story", ""),
            "withdrawn_at": loading.now if entry.get("withdrawn") else None,
        }
        template = loading.put(IntakeTemplate, {"code": code}, values)
        steps = _steps(entry, loading) if "steps" in entry else []
        for step in steps:
            loading.put(
                IntakeStep,
                {"template": template, "department": step["department"]},
                {"instruction": step["instruction"]},
            )
        template.steps.exclude(department__in=[step["department"] for step in steps]).delete()


@section("forms")
def load_forms(entries, loading: Loading) -> None:
    """[forms.on-site] name, name_en, kind = "service_request", category, product, intro, intro_en, public = true,
    fields = [{ key, label, label_en, kind = "text", help, help_en, choices = ["…"], choices_en = ["…"], unit, required,
    personal, shown_if = "key of an earlier field", shown_values = ["…"] }]. A field's kind is text, long_text, number, date,
    moment, choice, several, yes_no, product or file. Changed fields are published as the next version.
    `withdrawn = true` offers the form no more."""
    for number, (code, entry) in enumerate(loading.each(entries), start=1):
        loading.known_keys(
            entry,
            "name",
            "name_en",
            "kind",
            "category",
            "product",
            "intro",
            "intro_en",
            "public",
            "fields",
            "withdrawn",
        )
        form = CaseForm.objects.filter(code=code).first()
        try:
            if entry.get("withdrawn"):
                if form and not form.withdrawn_at:
                    building_forms.withdraw_form(form, by=None, now=loading.now)
                    loading.changed["CaseForm"] += 1
                continue
            _keep_form(code, entry, form, number * 10, loading)
        except CannotAsk as why:
            raise loading.refuse(str(why)) from why


def _keep_form(code: str, entry: Mapping, form: CaseForm | None, place: int, loading: Loading) -> None:
    about: dict[str, Any] = {
        "name": loading.needed(entry, "name"),
        "kind": entry.get("kind", Case.Kind.SERVICE_REQUEST.value),
        "is_public": bool(entry.get("public", False)),
        "place": place,
    } | {name: entry.get(name, "") for name in ("name_en", "category", "product", "intro", "intro_en")}
    if form is None:
        form = building_forms.add_form(code=code, **about, by=None, now=loading.now)
        loading.created["CaseForm"] += 1
    elif any(getattr(form, name) != value for name, value in about.items()):
        form = building_forms.describe_form(form, about, by=None, now=loading.now)
        loading.changed["CaseForm"] += 1
    fields = read_fields(loading.needed(entry, "fields"))
    there = form.in_force()
    if there is None or list(there.asked.values()) != fields:
        building_forms.keep_draft(form, fields, by=None, now=loading.now)
        building_forms.publish_form(form, by=None, now=loading.now)
        (loading.changed if there else loading.created)["CaseFormVersion"] += 1
