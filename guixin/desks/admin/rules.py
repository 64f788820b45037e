"""Routing rules: in force as sentences, a draft to work on, the cases it would send elsewhere, publishing, going back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.admin import sentences
from guixin.desks.admin.access import administrators
from guixin.desks.admin.forms.rules import RuleForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.pinyin import free_code
from guixin.serve import drafting
from guixin.serve.models import Case, RoutingRule, RuleDraft
from guixin.serve.routing import rules_in_force
from guixin.web.refusals import Refused
from guixin.web.toasts import say

DAYS = (30, 7, 90, 365)
LISTED = 100  # cases shown by name; all of them are counted


@administrators
@require_safe
def index(request: SignedIn) -> HttpResponse:
    rules, words = rules_in_force(), sentences.Words()
    return page(
        request,
        "desks/admin/rules.html",
        {
            "rules": _shown(drafting.as_draft(rules), words, {rule.code: rule for rule in rules}),
            "draft": drafting.current_draft(),
            "editions": drafting.editions(),
        },
    )


def _shown(rules: list[dict], words: sentences.Words, there: dict[str, RoutingRule]) -> list[dict]:
    return [
        {
            "code": rule["code"],
            "name": rule["name"],
            "sentence": sentences.rule(_conditions(rule), rule["steps"], words),
            "asked": [step["instruction"] for step in rule["steps"] if step["instruction"]],
            "version": there[rule["code"]].number if rule["code"] in there else None,
        }
        for rule in rules
    ]


def _conditions(rule: dict) -> RoutingRule:
    return RoutingRule(**{name: rule[name] for name in drafting.CONDITIONS})


@administrators
@require_POST
def begin(request: SignedIn) -> HttpResponse:
    """Start a draft of the rules in force, or of those at an earlier instant (going back)."""
    as_of = parse_datetime(request.POST.get("as_of", "")) if request.POST.get("as_of") else None
    if as_of is not None and as_of.tzinfo is None:
        raise Http404
    drafting.begin_draft(by=request.user, now=database_now(), as_of=as_of)
    if as_of:
        return redirect("rules_trial")
    return redirect("rules_draft")


def _draft() -> RuleDraft:
    if found := drafting.current_draft():
        return found
    raise Http404


@administrators
@require_safe
def draft(request: SignedIn) -> HttpResponse:
    current = drafting.current_draft()
    if current is None:
        return redirect("rules")
    return page(
        request,
        "desks/admin/rules_draft.html",
        {"draft": current, "rules": _with_marks(current), "differences": drafting.differences(current)},
    )


def _with_marks(current: RuleDraft) -> list[dict]:
    """The draft's rules, each with what it is: new, changed, moved."""
    words, marks = sentences.Words(), dict[str, str]()
    for what, codes in drafting.differences(current).items():
        marks |= dict.fromkeys(codes, what) if what != "withdrawn" else {}
    rows = _shown(current.rules, words, {rule.code: rule for rule in rules_in_force()})
    named = {"added": _("new"), "changed": _("changed"), "moved": _("moved")}
    return [row | {"mark": named.get(marks.get(row["code"], ""), "")} for row in rows]


@administrators
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, code: str = "") -> HttpResponse:
    """A rule of the draft, or a new one."""
    current = _draft()
    rule = next((each for each in current.rules if each["code"] == code), None)
    if code and rule is None:
        raise Http404
    form, refusal, status = RuleForm(request.POST or None, rule=rule), "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                said = form.rule(code or _code_for(current, form.cleaned_data["name"]))
                drafting.put_rule(current, said, by=request.user, now=database_now())
                say(request, _("The draft says so now."), undo=reverse("rules_back"))
                return redirect("rules_draft")
            except Refused as why:
                refusal = str(why)
    return page(
        request,
        "desks/admin/rule_edit.html",
        {"form": form, "rule": rule, "code": code, "refusal": refusal},
        status=status,
    )


def _code_for(current: RuleDraft, name: str) -> str:
    taken = {rule["code"] for rule in current.rules} | set(RoutingRule.objects.values_list("code", flat=True))
    return free_code(name, "", taken.__contains__, otherwise="rule")


@administrators
@require_POST
def change(request: SignedIn, code: str, what: str) -> HttpResponse:
    """Move a rule up or down, or leave it out."""
    current, by, now = _draft(), request.user, database_now()
    acts: dict[str, Any] = {
        "earlier": lambda: drafting.move_rule(current, code, -1, by=by, now=now),
        "later": lambda: drafting.move_rule(current, code, 1, by=by, now=now),
        "out": lambda: drafting.drop_rule(current, code, by=by, now=now),
    }
    if what not in acts:
        raise Http404
    _try(request, acts[what], _("The draft says so now."), undo=reverse("rules_back"))
    return redirect("rules_draft")


@administrators
@require_POST
def back(request: SignedIn) -> HttpResponse:
    current = _draft()
    _try(
        request,
        lambda: drafting.step_back(current, by=request.user, now=database_now()),
        _("The latest edit is taken back."),
        undo=reverse("rules_back"),
    )
    return redirect("rules_draft")


@administrators
@require_POST
def discard(request: SignedIn) -> HttpResponse:
    drafting.discard(_draft())
    say(request, _("The draft is thrown away; the rules in force stay as they are."))
    return redirect("rules")


@administrators
@require_safe
def trial(request: SignedIn) -> HttpResponse:
    """Which cases the draft would send elsewhere, before it is published."""
    current = drafting.current_draft()
    if current is None:
        return redirect("rules")
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, DAYS) else DAYS[0]
    now, words = database_now(), sentences.Words()
    tried = drafting.try_draft(current, days=days, now=now)
    listed = tried.changes[: LISTED * 2]
    may_see = set(
        Case.objects.visible_to(request.user)
        .filter(pk__in=[each.case_id for each in listed])
        .values_list("pk", flat=True)
    )

    def names(departments: tuple[int, ...]) -> str:
        return words.departments(departments) if departments else _("nobody (the coordinator)")

    seen = [each for each in listed if each.case_id in may_see][:LISTED]
    return page(
        request,
        "desks/admin/rules_trial.html",
        {
            "draft": current,
            "differences": drafting.differences(current),
            "trial": tried,
            "flows": [(names(old), names(new), number) for old, new, number in tried.flows()[:20]],
            "affected": [{"change": each, "old": names(each.old), "new": names(each.new)} for each in seen],
            "not_listed": len(tried.changes) - len(seen),
            "days": days,
            "all_days": sorted(DAYS),
            "now": now,
        },
    )


@administrators
@require_POST
def publish(request: SignedIn) -> HttpResponse:
    """Publish the draft that was looked at: `version` tells which."""
    current = _draft()
    if request.POST.get("version") != str(current.version):
        messages.error(request, _("Somebody else has just changed this draft. Look at it again."))
        return redirect("rules_trial")
    now = database_now()
    try:
        changed = drafting.publish_draft(current, by=request.user, now=now)
    except Refused as why:
        messages.error(request, str(why))
        return redirect("rules_trial")
    say(
        request,
        _("The rules are in force; %(number)s of them changed. To go back, take the earlier ones below.")
        % {"number": changed},
    )
    return redirect("rules")


def _try(request: SignedIn, act: Any, words: str, *, undo: str = "") -> None:
    try:
        act()
    except Refused as why:
        messages.error(request, str(why))
    else:
        say(request, words, undo=undo)
