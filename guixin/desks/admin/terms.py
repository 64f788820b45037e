"""The firm's lists of words: categories, quality points, causes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.desks.admin.access import administrators
from guixin.desks.admin.forms.rules import TermForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.serve import terms
from guixin.serve.models import Term
from guixin.web.refusals import Refused
from guixin.web.toasts import say

LISTS = (Term.List.CATEGORY, Term.List.QUALITY_POINT, Term.List.CAUSE)


@administrators
@require_http_methods(["GET", "POST"])
def index(request: SignedIn) -> HttpResponse:
    """The three lists with their words, and a form to add one."""
    refusal, adding, status = "", request.POST.get("list", ""), 200
    language = get_language() or "zh-hans"
    every = list(Term.objects.order_by("list", "code"))
    for term in every:
        term.shown = term.shown_name(language)  # type: ignore[attr-defined]
        term.depth = term.code.count("/")  # type: ignore[attr-defined]
    shown = []
    for which in LISTS:
        words = [term for term in every if term.list == which]
        above = [(t.code, "　" * t.depth + t.shown) for t in words if not t.retired_at]  # type: ignore[attr-defined]
        form = TermForm(request.POST if adding == which else None, above=above, auto_id=f"{which}-%s")
        if adding == which and form.is_valid():
            said = form.cleaned_data
            try:
                made = terms.add_term(
                    which, said["name"], name_en=said["name_en"], under=said["under"], failure=said["failure"],
                    by=request.user, now=database_now(),
                )  # fmt: skip
            except Refused as why:
                refusal = str(why)
            else:
                say(request, _("“%s” is offered from now on.") % made, undo=_act(made, "retirement"))
                return redirect(f"{reverse('admin_terms')}#{which}")
        if adding == which:
            status = 422
        shown.append(
            {
                "list": which,
                "words": which.label,
                "terms": [t for t in words if not t.retired_at],
                "retired": [t for t in words if t.retired_at],
                "form": form,
                "refusal": refusal if adding == which else "",
            }
        )
    return page(request, "desks/admin/terms.html", {"lists": shown}, status=status)


def _act(term: Term, name: str) -> str:
    return reverse("term_act", args=[term.pk, name])


@administrators
@require_http_methods(["GET", "POST"])
def rename(request: SignedIn, pk: int) -> HttpResponse:
    term = get_object_or_404(Term, pk=pk)
    form = TermForm(
        request.POST or None, initial={"name": term.name, "name_en": term.name_en, "failure": term.failure}
    )
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                now = database_now()
                terms.rename_term(term, name=said["name"], name_en=said["name_en"], by=request.user, now=now)
                terms.say_failure(term, said["failure"], by=request.user, now=now)
            except Refused as why:
                refusal = str(why)
            else:
                say(request, _("It is called “%s” everywhere now.") % said["name"])
                return redirect(f"{reverse('admin_terms')}#{term.list}")
    return page(
        request, "desks/admin/term.html", {"term": term, "form": form, "refusal": refusal}, status=status
    )


@administrators
@require_POST
def act(request: SignedIn, pk: int, name: str) -> HttpResponse:
    """Retire a word, or bring it back."""
    term, now = get_object_or_404(Term, pk=pk), database_now()
    if name == "retirement":
        terms.retire_term(term, by=request.user, now=now)
        words = _("“%s” is offered no more; cases that have it keep it.")
        say(request, words % term, undo=_act(term, "return"))
    elif name == "return":
        terms.bring_back_term(term, by=request.user, now=now)
        say(request, _("“%s” is offered from now on.") % term, undo=_act(term, "retirement"))
    else:
        messages.error(request, _("There is no such act."))
    return redirect(f"{reverse('admin_terms')}#{term.list}")
