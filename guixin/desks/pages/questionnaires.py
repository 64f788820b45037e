"""Questionnaires: the list and the library, one with its draft and a phone that shows it, its questions, its versions."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.admin.acting import did_one_of, done, draft_as_read, history
from guixin.desks.forms.questionnaire import GOOD_FOR, QuestionForm, QuestionnaireForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.owned import Owned
from guixin.desks.rendering import page
from guixin.desks.survey_sheet import blocks
from guixin.ledger.clock import database_now
from guixin.listen import building
from guixin.listen.library import library
from guixin.listen.models import Questionnaire
from guixin.listen.questions import KINDS, condition_in_words
from guixin.web.refusals import Refused
from guixin.web.toasts import say

VERSIONS = 20
ADDRESS = "/questionnaires/"

QUESTIONNAIRES = Owned[Questionnaire](
    lambda: Questionnaire.objects.select_related("owner"),
    building.may_begin,
    building.may_edit,
    gettext_lazy("Only its owner and administrators change a questionnaire."),
)
fetch, editors = QUESTIONNAIRES.fetch, QUESTIONNAIRES.editors


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    if not QUESTIONNAIRES.may_open(request.user):
        raise PermissionDenied(
            _("Questionnaires are for the front desk, administrators and those who answer for one.")
        )
    rows = (
        Questionnaire.objects.visible_to(request.user)
        .select_related("owner")
        .annotate(number=Max("versions__number", filter=Q(versions__withdrawn_at=None)))
        .order_by("name", "pk")
    )
    language = get_language() or "zh-hans"
    context = {
        "rows": [each for each in rows if not each.withdrawn_at],
        "withdrawn": [each for each in rows if each.withdrawn_at],
        "library": [
            (each, each.shown_name(language), each.shown_about(language)) for each in library().values()
        ],
        "may_begin": building.may_begin(request.user),
    }
    return page(request, "desks/questionnaires/list.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """`?from=` one of the library."""
    if not building.may_begin(request.user):
        raise PermissionDenied(_("Administrators decide what customers are asked."))
    form = QuestionnaireForm(
        request.POST or None, person=request.user, begin_from=request.GET.get("from", ""), label_suffix=""
    )
    made: list[Questionnaire] = []

    def save(said: dict[str, Any]) -> None:
        made.append(building.add(**said, by=request.user, now=database_now()))

    if request.method == "POST" and done(form, save):
        say(request, _("Now look at what it asks, and publish it."))
        return redirect("questionnaire", made[0].code)
    return page(request, "desks/questionnaires/new.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@require_safe
def show(request: SignedIn, code: str) -> HttpResponse:
    return _shown(request, fetch(request, code))


def _shown(request: SignedIn, found: Questionnaire, form: QuestionnaireForm | None = None) -> HttpResponse:
    """What it asks, drafted or in force, and as a phone shows it."""
    language, sheet = get_language() or "zh-hans", building.sheet_to_edit(found)
    by_code = sheet.by_code
    paired = {each.expectation_of for each in sheet.questions if each.expectation_of}
    context = {
        "found": found,
        "name": found.shown_name(language),
        "intro": found.shown_intro(language),
        "questions": [
            (each, each.code in paired, condition_in_words(each, by_code, language))
            for each in sheet.questions
            if not each.expectation_of
        ],
        "sheet": sheet,
        "dimensions": list(dict.fromkeys(each.dimension for each in sheet.questions if each.dimension)),
        "blocks": blocks(sheet, language),
        "in_force": found.in_force(),
        "versions": list(found.versions.select_related("published_by").order_by("-number")[:VERSIONS]),
        "may_edit": building.may_edit(found, request.user),
        "form": form or QuestionnaireForm(noun=found, person=request.user, label_suffix=""),
        "history": history(found.about),
    }
    return page(
        request, "desks/questionnaires/one.html", context, status=422 if form and form.errors else 200
    )


@editors
@require_POST
def describe(request: SignedIn, found: Questionnaire) -> HttpResponse:
    form = QuestionnaireForm(request.POST, noun=found, person=request.user, label_suffix="")
    now = database_now()
    if done(form, lambda said: building.describe(found, said, by=request.user, now=now)):
        say(request, _("The questionnaire is changed."))
        return redirect("questionnaire", found.code)
    return _shown(request, found, form)


@editors
@require_http_methods(["GET", "POST"])
def edit_question(request: SignedIn, found: Questionnaire, question: str = "") -> HttpResponse:
    """A question of the draft, or a new one at its end, of the kind that is chosen first (`?kind=`). The first edit makes a draft
    of what is asked today."""
    sheet = building.sheet_to_edit(found)
    one = sheet.by_code.get(question)
    if question and (one is None or one.expectation_of):
        raise Http404
    kind = one.kind if one else request.GET.get("kind", "")
    context = {"found": found, "name": found.shown_name(get_language() or "zh-hans"), "one": one}
    if kind not in dict(KINDS):
        kinds = [(code, words, GOOD_FOR[code]) for code, words in KINDS]
        return page(request, "desks/questionnaires/kinds.html", context | {"kinds": kinds})
    form = QuestionForm(
        request.POST or None, sheet=sheet, kind=kind, one=one, draft_version=found.draft_version
    )

    def save(said: dict[str, Any]) -> None:
        building.put_question(
            found, form.question(), by=request.user, now=database_now(), read_at=said["draft_version"],
            code=question, with_expectation=said.get("pair", False),
        )  # fmt: skip

    if request.method == "POST" and done(form, save):
        say(request, _("The draft asks it so now."))
        return redirect("questionnaire", found.code)
    context |= {"form": form, "kind_words": dict(KINDS)[kind]}
    return page(request, "desks/questionnaires/question.html", context, status=422 if form.errors else 200)


@editors
@require_POST
def change_question(request: SignedIn, found: Questionnaire, question: str, what: str) -> HttpResponse:
    """Up, down, or out of the draft."""
    by, now = request.user, database_now()
    if what not in ("up", "down", "removal"):
        raise Http404
    # Whoever does not say which draft they saw saw none.
    seen = -1 if (said := draft_as_read(request)) is None else said
    try:
        if what == "removal":
            building.drop_question(found, question, by=by, now=now, read_at=seen)
        else:
            step = -1 if what == "up" else 1
            building.move_question(found, question, step, by=by, now=now, read_at=seen)
    except Refused as why:
        messages.error(request, str(why))
    return redirect("questionnaire", found.code)


@editors
@require_POST
def act(request: SignedIn, found: Questionnaire, what: str) -> HttpResponse:
    """Say what leads to what; publish or discard the draft; withdraw the questionnaire, or take it into use again."""
    by, now = request.user, database_now()
    seen = draft_as_read(request)
    note = request.POST.get("note", "")[:500]
    acts = {
        "publication": (
            lambda: building.publish(found, by=by, now=now, note=note, read_at=seen),
            _("New waves of “%s” ask this from now on.") % found.name,
        ),
        "discarding": (
            lambda: building.discard_draft(found),
            _("The draft of “%s” is thrown away.") % found.name,
        ),
        "links": (
            lambda: building.put_links(
                found,
                request.POST.get("paths", ""),
                request.POST.get("gaps", ""),
                by=by,
                now=now,
                read_at=seen,
            ),
            _("The draft of “%s” says so now.") % found.name,
        ),
        "withdrawal": (
            lambda: building.withdraw(found, by=by, now=now),
            _("“%s” is asked no more; what was answered stays.") % found.name,
        ),
        "return": (lambda: building.restore(found, by=by, now=now), _("“%s” is in use again.") % found.name),
    }
    return did_one_of(request, acts, what, where=f"{ADDRESS}{found.code}")
