"""Customers who come to see us: the month, what waits for a decision, one visit, and whether its follow-ups are done."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.forms.visit import NewVisitForm
from guixin.desks.nouns import NOUNS, shown_by
from guixin.desks.pages.access import SignedIn, must, signed_in
from guixin.desks.pages.record import paper_style
from guixin.desks.rendering import page
from guixin.desks.visit_acts import may_write
from guixin.ledger.clock import database_now
from guixin.listen import asking_visitors
from guixin.serve import queues, receiving, visit_applying, visiting
from guixin.serve.models import Case, Visit, VisitFollowUp
from guixin.serve.permitting import may_serve
from guixin.serve.visit_log import followed_up
from guixin.serve.visit_rules import rules_in_force, rules_of
from guixin.understand.models import Customer
from guixin.web import money, pdf
from guixin.web.refusals import Refused
from guixin.web.toasts import say

WHICH = ("month", "waiting", "held", "ended")
LISTED = 200  # of one month


def _month(said: str, now: datetime) -> date:
    try:
        return datetime.strptime(said[:7], "%Y-%m").date()  # noqa: DTZ007  a month has no zone
    except ValueError:
        return timezone.localdate(now).replace(day=1)


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """`?month=2026-04` (the default: this month), `?which=waiting`, `held` or `ended`."""
    now, which = database_now(), request.GET.get("which", "month")
    which = which if which in WHICH else "month"
    seen = Visit.objects.visible_to(request.user).select_related("case", "host")
    context = _numbers(seen, now) | {"which": which, "now": now, "rules": rules_in_force()}
    if which == "month":
        first = _month(request.GET.get("month", ""), now)
        last = first.replace(day=monthrange(first.year, first.month)[1])
        starts, ends = (
            timezone.make_aware(datetime.combine(each, datetime.min.time()))
            for each in (first, last + timedelta(days=1))
        )
        rows = seen.filter(
            Q(arrives_at__gte=starts, arrives_at__lt=ends)
            | Q(arrives_at=None, state=Visit.State.APPLIED, wished_on__range=(first, last))
        ).exclude(state__in=["declined", "cancelled"])
        found = sorted(rows[:LISTED], key=lambda each: (_day(each), each.arrives_at or now))
        context |= {
            "days": _by_day(found),
            "month": first,
            "before": (first - timedelta(days=1)).replace(day=1),
            "later": last + timedelta(days=1),
        }
    else:
        states = {"waiting": ["applied", "asked"], "held": ["held"], "ended": ["declined", "cancelled"]}[
            which
        ]
        order = (
            ("wished_on",) if which == "waiting" else ("-held_at",) if which == "held" else ("-decided_at",)
        )
        turned = queues.page_of(
            queues.Listed(seen.filter(state__in=states), order=order), request.GET.get("after")
        )
        context |= {
            "visits": [_line(each) for each in turned.rows],
            "after": turned.after,
            "is_first": "after" not in request.GET,
        }
    return page(request, "desks/visits.html", context)


def _day(visit: Visit) -> date:
    return timezone.localtime(visit.arrives_at).date() if visit.arrives_at else visit.wished_on


def _by_day(visits: list[Visit]) -> list[tuple[date, list[tuple]]]:
    days: dict[date, list[tuple]] = {}
    for each in visits:
        days.setdefault(_day(each), []).append(_line(each))
    return list(days.items())


def _line(visit: Visit) -> tuple[Visit, str]:
    """A visit, and what it is for in the reader's words."""
    return visit, rules_of(visit.rules_id).purpose(visit.purpose).shown(get_language() or "zh-hans")


def _numbers(seen, now: datetime) -> dict:
    """How many are here today, come this week, wait for a decision; and whether follow-ups are done on time."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow, week = today + timedelta(days=1), today + timedelta(days=7)
    coming = seen.filter(state__in=["approved", "held"])
    return {
        "today": [_line(each) for each in coming.filter(arrives_at__lt=tomorrow, leaves_at__gte=today)[:20]],
        "this_week": coming.filter(arrives_at__gte=today, arrives_at__lt=week).count(),
        "waiting": seen.filter(state__in=["applied", "asked"]).count(),
        "done": followed_up(VisitFollowUp.objects.filter(visit__in=seen.values("pk")), now),
    }


@signed_in
@require_safe
def follow_ups(request: SignedIn) -> HttpResponse:
    """The records behind the share: `?which=missed`, `late`, `on_time`, or `coming`."""
    now, which = database_now(), request.GET.get("which", "missed")
    seen = VisitFollowUp.objects.filter(visit__in=Visit.objects.visible_to(request.user).values("pk"))
    planned, made = Q(contact__state="planned"), Q(contact__state="made")
    wanted = {
        "missed": planned & Q(contact__due_at__lte=now),
        "coming": planned & Q(contact__due_at__gt=now),
        "late": made & ~Q(contact__missed_at=None),
        "on_time": made & Q(contact__missed_at=None),
    }
    which = which if which in wanted else "missed"
    rows = seen.filter(wanted[which]).select_related("contact__owner", "visit__case")
    found = queues.page_of(queues.Listed(rows, order=("pk",)), request.GET.get("after"))
    return page(
        request,
        "desks/visit_follow_ups.html",
        {
            "rows": found.rows, "which": which, "after": found.after, "is_first": "after" not in request.GET,
            "done": followed_up(seen, now), "now": now, "rail_here": "/visits",
        },
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """`?case=` for a case of this kind that is there already, `?customer=` for somebody we know."""
    said = request.POST if request.method == "POST" else request.GET
    case = None
    if number := said.get("case", ""):
        case = NOUNS["case"].fetch(request.user, number)
        must(may_serve(case, request.user))
    customer = case.customer if case else None
    if case is None and said.get("customer", ""):
        customer = NOUNS["customer"].fetch(request.user, said["customer"])
    if request.method == "GET":
        form = NewVisitForm(initial=_known(case, customer), label_suffix="")
        return _new_page(request, form, case, customer)
    form = NewVisitForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _new_page(request, form, case, customer, 422)
    try:
        visit = _taken_in(form, case, customer, request, database_now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _new_page(request, form, case, customer, 422 if refusal.about_input else 409)
    say(request, _("Taken in; it waits for a decision."))
    return redirect("visit", visit.pk)


def _known(case: Case | None, customer: Customer | None) -> dict:
    company = customer.name if customer and customer.kind == "company" else ""
    return {
        "case": case.number if case else "", "customer": customer.pk if customer else None, "company": company,
        "wishes": case.story if case else "",
    }  # fmt: skip


def _taken_in(
    form: NewVisitForm, case: Case | None, customer: Customer | None, request: SignedIn, now: datetime
) -> Visit:
    wanted, who = form.application(), request.user
    if case is not None:
        return visit_applying.apply_for(case, wanted, by=who, now=now)
    said = form.cleaned_data
    return visit_applying.take_in(
        wanted,
        customer=customer,
        phone=said["phone"],
        email=said["email"],
        channel=Case.Channel.PHONE,
        by=who,
        now=now,
    )


def _new_page(
    request: SignedIn, form: NewVisitForm, case: Case | None, customer: Customer | None, status: int = 200
) -> HttpResponse:
    shown = customer.shown_to(request.user) if customer else None
    context = {"form": form, "case": case, "customer": shown, "rail_here": "/visits"}
    return page(request, "desks/visit_new.html", context, status=status)


@signed_in
@require_safe
def one(request: SignedIn, pk: str) -> HttpResponse:
    visit = NOUNS["visit"].fetch(request.user, pk)
    if asked_for_alone(request):
        reader = Reader.of(request)
        found = offers("visit", visit, reader)
        return form_alone(request, next((each for each in found if each.name == reader.wanted), None), {})
    return answer_with_visit(request, visit)


@signed_in
@require_POST
def take_out(request: SignedIn, pk: str, item: int) -> HttpResponse:
    """A line out of the plan."""
    visit = NOUNS["visit"].fetch(request.user, pk)
    must(may_write(visit, request.user))
    row = get_object_or_404(visit.agenda, pk=item)
    try:
        receiving.take_out(row, by=request.user, now=database_now())
    except Refused as refusal:
        say(request, str(refusal))
    else:
        say(request, _("Taken out of the plan."))
    return redirect("visit", visit.pk)


@signed_in
@require_POST
def feedback(request: SignedIn, pk: str) -> HttpResponse:
    """A link to the survey for these visitors, shown this once to whoever sends it to them."""
    visit = NOUNS["visit"].fetch(request.user, pk)
    must(may_serve(visit.case, request.user))
    try:
        link = asking_visitors.feedback_link(visit, by=request.user, now=database_now())
    except Refused as refusal:
        say(request, str(refusal))
        return redirect("visit", visit.pk)
    return answer_with_visit(request, visit, link=link)


@signed_in
@require_safe
def as_pdf(request: SignedIn, pk: str) -> HttpResponse:
    """The reception plan on A4, for those who receive."""
    visit = NOUNS["visit"].fetch(request.user, pk)
    context = _said(visit) | {
        "visit": visit,
        "by": request.user,
        "now": database_now(),
        "hours": visiting.hours(visit),
    }
    try:
        content = pdf.render(render_to_string("desks/visit_paper.html", context), paper_style())
    except Refused as refusal:
        say(request, str(refusal))
        return redirect("visit", visit.pk)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="visit-{visit.case.number}.pdf"'
    answer["Cache-Control"] = "no-store, private"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _said(visit: Visit) -> dict:
    """What the page and the paper both say of a visit."""
    rules, language = rules_of(visit.rules_id), get_language() or "zh-hans"
    grade = rules.grade(visit.grade)
    return {
        "purpose": rules.purpose(visit.purpose).shown(language),
        "grade": grade,
        "grade_name": grade.shown(language) if grade else visit.grade,
        "budget": money.shown(visit.budget, visit.currency),
        "safety": rules.safety_in(language),
        "places": rules.places,
        "agenda": visit.agenda.select_related("person", "department", "task").order_by("begins_at", "pk"),
    }


@shown_by("visit")
def answer_with_visit(
    request: SignedIn, visit: Visit, refused: Offer | None = None, status: int = 200, link: str = ""
) -> HttpResponse:
    now, person = database_now(), request.user
    case = Case.objects.visible_to(person).filter(pk=visit.case_id).first()
    groups = {"acts": offers("visit", visit, Reader.of(request, refused))}
    return page(
        request,
        "desks/visit.html",
        {
            "visit": visit,
            "case": case,
            "customer": visit.case.customer.shown_to(person) if visit.case.customer else None,
            **_said(visit),
            "follow_ups": visit.follow_ups.select_related("contact__owner").order_by("months"),
            "link": link,
            "feedback": asking_visitors.feedback_of(visit, get_language() or "zh-hans"),
            "asks": may_serve(visit.case, person) and asking_visitors.is_asked(visit, now),
            "overlaps": visiting.overlapping(visit) if visit.is_open else [],
            "may_write": may_write(visit, person) and visit.is_open,
            "acts": with_refused(groups, "acts", refused)["acts"],
            "now": now,
            "rail_here": "/visits",
        },
        status=status,
    )
