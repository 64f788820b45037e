"""Hard problems: an expert's worklist, and one of them with what is known and what they concluded, made for one thumb."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.ladders import shown_clocks
from guixin.desks.nouns import NOUNS, shown_by
from guixin.desks.pages.access import SignedIn, must, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.promise.models import Clock, Escalation
from guixin.serve import asking_experts, queues
from guixin.serve.filling_in import current_form, may_fill_in, shown_form
from guixin.serve.models import Attachment, Case, HardProblem
from guixin.serve.models.hard_problem import LISTS
from guixin.web.refusals import Refused
from guixin.web.toasts import say


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """`?which=mine` waits for me, `asked` by me, `open` and `answered`: all I may see."""
    person, now = request.user, database_now()
    which = request.GET.get("which", "mine")
    which = which if which in LISTS else "mine"
    rows = HardProblem.objects.listed(which, person, now)
    rows = rows.select_related("case", "skill", "expert", "asked_by")
    found = queues.page_of(queues.Listed(rows, order=("-asked_at",)), request.GET.get("after"))
    about = [row.pk for row in found.rows]
    due = (
        dict(Clock.objects.of(HardProblem.ABOUT, *about).open().values_list("about_id", "due_at"))
        if about
        else {}
    )
    return page(
        request,
        "desks/problems.html",
        {
            "problems": [(row, due.get(row.pk)) for row in found.rows],
            "which": which,
            "after": found.after,
            "is_first": "after" not in request.GET,
            "now": now,
        },
    )


@signed_in
@require_POST
def spare(request: SignedIn, number: str) -> HttpResponse:
    """About to ask an expert, somebody found the answer in the handbook."""
    case = NOUNS["case"].fetch(request.user, number)
    must(may_fill_in(case, request.user))
    said = request.POST.get("article", "")
    article = NOUNS["article"].fetch(request.user, said) if said else None
    try:
        if article is None:
            raise asking_experts.CannotAskExperts(_("Say what of the handbook answered it."))
        asking_experts.spare_the_expert(case, article, by=request.user, now=database_now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        say(request, _("Noted: no expert was needed, and the handbook counts it."))
    return HttpResponseClientRedirect(f"/cases/{number}") if request.htmx else redirect("case", number)


@signed_in
@require_safe
def one(request: SignedIn, pk: str) -> HttpResponse:
    problem = NOUNS["hard_problem"].fetch(request.user, pk)
    if asked_for_alone(request):
        reader = Reader.of(request)
        found = offers("hard_problem", problem, reader)
        return form_alone(
            request, next((each for each in found if each.name == reader.wanted), None), {"wide": True}
        )
    return answer_with_problem(request, problem)


@shown_by("hard_problem")
def answer_with_problem(
    request: SignedIn, problem: HardProblem, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    now = database_now()
    clocks = list(
        Clock.objects.of(*problem.about).select_related("version__standard", "department", "holder")
    )
    raised = list(
        Escalation.objects.filter(clock__in=clocks).select_related("to_person").order_by("happened_at")
    )
    groups = {"acts": offers("hard_problem", problem, Reader.of(request, refused))}
    case = Case.objects.visible_to(request.user).filter(pk=problem.case_id).first()
    files = list(Attachment.objects.filter(case=case).order_by("at", "pk")) if case else []
    filled = current_form(case) if case else None
    return page(
        request,
        "desks/problem.html",
        {
            "problem": problem,
            "case": case,
            "evidence": files,
            "filled": shown_form(filled, attachments=files) if filled else None,
            "clocks": shown_clocks(clocks, raised, now),
            "acts": with_refused(groups, "acts", refused)["acts"],
            "here": f"/problems/{problem.pk}",
            "wide": True,
            "now": now,
            "rail_here": "/problems",
        },
        status=status,
    )
