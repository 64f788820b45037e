"""A new case: who it is, what we already have of theirs, what we would promise, and only then saved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from guixin.desks import suggesting
from guixin.desks.forms.attach import kept_files
from guixin.desks.forms.case_form import (
    PREFIX,
    answers_said,
    files_chosen,
    products_offered,
    questions,
    show_errors,
    uploads_of,
)
from guixin.desks.forms.intake import NewCaseForm
from guixin.desks.intake_orders import buyers_of, numbers_in, orders_beside
from guixin.desks.ladders import MEASURES
from guixin.desks.lists import Lists
from guixin.desks.packages import ShownPackage, package_of_case
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.customer import open_cases
from guixin.desks.rendering import fragment, page
from guixin.handbook.models import Article
from guixin.handbook.saying import words_for_reply
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Person
from guixin.organisation.revisions import one_look
from guixin.promise.models import Clock
from guixin.serve import alike, answering, attaching, filling_in, intake
from guixin.serve.building_forms import form_for, form_in_force, forms_in_force
from guixin.serve.models import Case, IntakeTemplate, RoutingRule, Term
from guixin.serve.orders import last_purchases, name_purchases
from guixin.serve.overview import sees_all
from guixin.understand import arriving
from guixin.understand.duplicates import likely_duplicates
from guixin.understand.finding import find_customers
from guixin.understand.models import Customer
from guixin.web.deadlines import Pill
from guixin.web.moments import due_instant, exact, span
from guixin.web.refusals import Refused
from guixin.web.toasts import say

LIKELY_SHOWN = 5
AT_FIRST: dict[str, Any] = {"customer_kind": "person", "kind": "complaint", "channel": "phone", "severity": 2}
# Buttons that change the form and save nothing; everything typed stays. None may be called “form”: a control of that name
# stands, for every script, in the place of the form it belongs to.
REWRITES = ("look", "choose", "template", "ask_form", "somebody_else", "answer_with")


@signed_in
@require_http_methods(["GET", "POST"])
def new_case(request: SignedIn) -> HttpResponse:
    """`?phone=` from a telephone system, or `?customer=`, opens with the customer and their open cases beside it."""
    _may_take_in(request)
    if request.method == "GET":
        return _answer(request, _asked_for(request))
    if any(each in request.POST for each in REWRITES):
        return _answer(request, _rewritten(request), looked="look" in request.POST)
    posted = request.POST.copy()
    if answered_by := posted.get("answered_by"):
        _answered_by(request, posted, answered_by)
    form = NewCaseForm(posted, request.FILES, lists=Lists())
    if not form.is_valid():
        return _answer(request, form, status=422)
    try:
        case = _save(request, form)
    except Refused as refusal:
        show_errors(form, refusal)
        return _answer(request, form, status=422)
    if case.is_open:
        say(request, _("Case %(number)s is open; its promises run.") % {"number": case.number})
    else:
        say(request, _("Case %(number)s was answered at once and is closed.") % {"number": case.number})
    where = f"/cases/{case.number}?new=1"
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)


@signed_in
@require_POST
def beside(request: SignedIn) -> HttpResponse:
    """What stands beside the form while it is filled in. Posted so that no phone stands in an address; writes nothing."""
    _may_take_in(request)
    with one_look():  # of one moment, and asked for once, like every page that is only looked at
        return fragment(
            request, "desks/_intake_beside.html", _beside(request, NewCaseForm(request.POST, lists=Lists()))
        )


def _may_take_in(request: SignedIn) -> None:
    if not sees_all(scope_of(request.user)):
        raise PermissionDenied(_("Cases are taken in by the front desk."))


def _asked_for(request: SignedIn) -> NewCaseForm:
    """The form as the address asks for it: for a customer, for a phone that rings, by a template."""
    filled = dict(AT_FIRST)
    if request.GET.get("customer"):
        filled["customer_id"] = request.GET["customer"]
    if phone := request.GET.get("phone", "")[:200]:
        filled["phone"] = phone
        caller = arriving.recognise(arriving.Arrival(identities=[("phone", phone)]))
        if caller:
            filled |= {"customer_id": caller.pk, "phone": ""}
    if code := request.GET.get("template"):
        filled |= _by_template(code, {})
    if code := request.GET.get("form"):
        filled |= _by_form(code)
    return NewCaseForm(initial=filled, lists=Lists())


def _rewritten(request: SignedIn) -> NewCaseForm:
    """What was typed, as a template fills it further or somebody was chosen."""
    said: dict[str, Any] = {
        name: request.POST.get(name, "") for name in NewCaseForm.base_fields if name != "attachments"
    }
    said |= {
        name: values if len(values) > 1 else values[0]
        for name, values in request.POST.lists()
        if name.startswith(PREFIX)
    }
    if code := request.POST.get("template"):
        said |= _by_template(code, said)
    if "ask_form" in request.POST:
        said |= _by_form(request.POST["ask_form"])
    if chosen := request.POST.get("choose"):
        said["customer_id"] = chosen
    if "somebody_else" in request.POST:
        said["customer_id"] = ""
    if article := _article(request, request.POST.get("answer_with")):
        said["answered_with"] = article.pk
        said["answer"] = _with_words_of(article, said["answer"], _language_of(request, said))
    return NewCaseForm(initial=said, lists=Lists())


def _answered_by(request: SignedIn, posted: QueryDict, pk: str) -> None:
    """One button: what the article says is what the customer was told, and the case is closed with it."""
    article = _article(request, pk)
    if article is None:
        return
    posted["answered_with"], posted["answer_now"] = str(article.pk), "1"
    if not posted.get("answer", "").strip():
        posted["answer"] = words_for_reply(article, _language_of(request, posted))


def _with_words_of(article: Article, typed: str, language: str) -> str:
    """The words of the article below what was typed; once."""
    words = words_for_reply(article, language)
    return typed if words in typed else "\n\n".join(filter(None, [typed.strip(), words]))


def _language_of(request: SignedIn, said: Mapping[str, Any]) -> str:
    """The customer's, if we know them; else that of whoever takes the case in."""
    customer = _chosen(request, said.get("customer_id"))
    return customer.language if customer else get_language() or "zh-hans"


def _article(request: SignedIn, pk: Any) -> Article | None:
    """An article the reader may see and rely on."""
    if not pk or not str(pk).isdecimal() or len(str(pk)) > 18:
        return None
    today = timezone.localdate(database_now())
    return Article.objects.visible_to(request.user).in_force(today).filter(pk=pk).first()


def _by_template(code: str, said: dict[str, Any]) -> dict[str, Any]:
    """What the template fills in. Words that were typed already stay."""
    template = IntakeTemplate.objects.filter(code=code, withdrawn_at=None).prefetch_related("steps").first()
    if template is None:
        return {}
    filled: dict[str, Any] = {
        "kind": template.kind, "category": template.category, "severity": template.severity,
        "subject": said.get("subject") or template.subject, "story": said.get("story") or template.story,
    }  # fmt: skip
    steps = [(step.department_id, step.instruction) for step in template.steps.all()]
    for names, values in zip(
        NewCaseForm.SHARES, [*steps, *[("", "")] * len(NewCaseForm.SHARES)], strict=False
    ):
        filled |= dict(zip(names, values, strict=True))
    return filled


def _by_form(code: str) -> dict[str, Any]:
    """A form brings its questions, its kind and its category; no code takes it away again."""
    version = form_in_force(code)
    if version is None:
        return {"form_code": ""}
    category = {"category": version.form.category} if version.form.category else {}
    return {"form_code": code, "kind": version.form.kind, **category}


def _save(request: SignedIn, form: NewCaseForm) -> Case:
    """Files are laid in the store before the transaction, and only when the form will not be refused for its answers."""
    if form.asked:
        filling_in.read_answers(form.asked, answers_said(form), uploads=files_chosen(form))
    uploads, files = uploads_of(form), kept_files(form.cleaned_data)
    with transaction.atomic():
        now = database_now()
        case = _opened(request, form, uploads, now)
        attaching.attach(files, case=case, by=request.user, now=now)
    return case


def _opened(
    request: SignedIn, form: NewCaseForm, uploads: dict[str, list[attaching.Kept]], now: datetime
) -> Case:
    said = form.cleaned_data
    arrival = _arrival(said, form.shares())
    arrival.customer = _chosen(request, said["customer_id"])
    if arrival.customer is None and (said["customer_name"].strip() or _identities(said)):
        arrival.customer, _is_new = Customer.objects.for_intake(
            said["customer_kind"] or Customer.Kind.PERSON, said["customer_name"], _identities(said), now
        )
    opening: Callable[..., Case] = intake.open_case
    if form.asked:
        opening = partial(
            filling_in.open_with_form, version=form.asked, said=answers_said(form), uploads=uploads
        )
    opening = _about_orders(opening, request.POST.getlist("purchases"))
    if "answer_now" not in form.data:
        return opening(arrival, now=now, by=request.user)
    classified = {
        "department": said["at_fault"],
        "quality_point": said["quality_point"],
        "cause": said["cause"],
    }
    return answering.answer_at_once(
        arrival, said["answer"], by=request.user, now=now, article=_article(request, said["answered_with"]),
        severity=said["severity"], opening=opening, **classified,
    )  # fmt: skip


def _about_orders(opening: Callable[..., Case], ticked: Sequence[str]) -> Callable[..., Case]:
    """What was ticked beside the form is named before anything else is done; of another customer than the one chosen at last it is left."""
    if not ticked:
        return opening

    def open_and_name(arrival: intake.Arrival, *, now: datetime, by: Person) -> Case:
        case = opening(arrival, now=now, by=by)
        ids = [int(each) for each in ticked if each.isdecimal() and len(each) <= 18]
        theirs = {line.pk for line in last_purchases(case.customer)} if case.customer else set()
        if wanted := dict.fromkeys(pk for pk in ids if pk in theirs):
            name_purchases(case, wanted, by=by, now=now)
        return case

    return open_and_name


def _arrival(said: dict[str, Any], shares: dict[int, str]) -> intake.Arrival:
    """Also of a form that is not finished: what is missing or wrong is left at its default."""
    return intake.Arrival(
        kind=said.get("kind") or Case.Kind.COMPLAINT,
        subject=said.get("subject", ""),
        channel=said.get("channel") or Case.Channel.PHONE,
        story=said.get("story", ""),
        category=said.get("category", ""),
        product=said.get("product", ""),
        severity=said.get("severity") or Case.Severity.NORMAL,
        language=get_language() or "zh-hans",
        departments=tuple(shares),
        instructions=shares,
    )


def _identities(said: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = [("phone", said.get("phone", "")), ("email", said.get("email", ""))]
    return [(kind, raw) for kind, raw in pairs if raw.strip()]


def _chosen(request: SignedIn, pk: Any) -> Customer | None:
    """The customer who was picked, if there is one."""
    if not pk or not str(pk).isdecimal() or len(str(pk)) > 18:
        return None
    customers = Customer.objects.visible_to(request.user).prefetch_related("identities")
    customer = customers.select_related("merged_into").filter(pk=pk).first()
    return customer.merged_into or customer if customer else None


@dataclass(frozen=True)
class Likely:
    """Somebody it may be, why, and what is open for them."""

    shown: dict[str, Any]
    why: str
    cases: list[Case]


@dataclass(frozen=True)
class PromisedShare:
    """What a department would be asked, and what it would promise."""

    department: Department
    instruction: str
    stage: int
    promises: list[tuple[str, Pill]]


@dataclass(frozen=True)
class Outlook:
    """What saving would do."""

    promises: list[tuple[str, Pill]]
    shares: list[PromisedShare]
    rule: RoutingRule | None
    because: str
    package: ShownPackage | None  # that the customer's segment is given
    owner: str  # who answers by name for customers of the package, where that decides the owner


def _beside(request: SignedIn, form: NewCaseForm, *, looked: bool = False) -> dict[str, Any]:
    """Who it seems to be with what we have of theirs, and the outlook. A fixed number of queries, nothing written."""
    said = _said(form)
    now = database_now()
    chosen = _chosen(request, said.get("customer_id"))
    identities, name = _identities(said), said.get("customer_name", "")
    known = chosen or (
        arriving.recognise(arriving.Arrival(name=name, identities=identities)) if identities else None
    )
    likely: list[Likely] = []
    theirs: list[Case] = []
    if known:
        theirs = intake.likely_repeats(known, now=now, limit=10)
    else:
        likely = _likely(request, name, identities, numbers_in(said), now)
    recent = [case for case in theirs if case.opened_at > now - alike.WITHIN]
    in_words = dict(alike.by_likeness(said.get("subject", ""), said.get("story", ""), recent))
    similar = [(case, in_words.get(case)) for case in recent if case in in_words or _alike(case, said)]
    shares = form.shares() if form.is_bound else _shares_of(said)
    arrival = _arrival(said, shares)
    arrival.customer = known
    return {
        "known": known.shown_to(request.user) if known else None,
        "is_chosen": chosen is not None,
        "orders": orders_beside(known, said, request.POST.getlist("purchases")) if known else None,
        "open_cases": open_cases(theirs, now),
        "closed_cases": [case for case in theirs if not case.is_open][:3],
        "similar": sorted(similar, key=lambda one: -(one[1] or 0)),
        "likely": likely,
        "nobody": not known and not likely and bool(identities or name.strip()),
        "looked": looked,
        "outlook": _outlook(arrival, request, now),
        "form_that_fits": None if form.asked else form_for(arrival.kind, arrival.category, arrival.product),
        "now": now,
    }


def _suggested(request: SignedIn, form: NewCaseForm) -> list[suggesting.Group]:
    """What may help with what the form says when the page is drawn; later the panel asks for itself."""
    said = _said(form)
    return suggesting.suggestions(request.user, f"{said.get('subject', '')}\n{said.get('story', '')}")


def _said(form: NewCaseForm) -> dict[str, Any]:
    """What the form says so far, as far as it can be understood."""
    if form.is_bound:
        form.is_valid()
        return form.cleaned_data
    said = dict(form.initial)
    said["severity"] = int(said["severity"]) if str(said.get("severity")) in ("1", "2", "3", "4") else 2
    return said | {"kind": said["kind"] if said.get("kind") in Case.Kind.values else Case.Kind.COMPLAINT}


def _shares_of(said: dict[str, Any]) -> dict[int, str]:
    return {
        int(said[department]): said.get(instruction, "")
        for department, instruction in NewCaseForm.SHARES
        if str(said.get(department) or "").isdecimal()
    }


def _alike(case: Case, said: dict[str, Any]) -> bool:
    """About the same thing, as far as the form says already."""
    category = said.get("category", "")
    return not category or f"{case.category}/".startswith(f"{category}/")


def _likely(
    request: SignedIn, name: str, identities: list, numbers: list[str], now: datetime
) -> list[Likely]:
    """Those who share an identity, those found by what stands in the field of the name, initials too, and who bought what the words
    name by its order number."""
    known = likely_duplicates(name, identities) if identities or name.strip() else []
    found = {each.customer.pk: (each.customer, each.in_words()) for each in known}
    for customer, order in buyers_of(numbers, LIKELY_SHOWN):
        found.setdefault(customer.pk, (customer, _("order %s") % order))
    typed = [name, *(raw for _kind, raw in identities if len(raw.strip()) == 4)]  # four digits are a question
    for each in (one for text in typed if text.strip() for one in find_customers(text, LIKELY_SHOWN)):
        found.setdefault(each.customer.pk, (each.customer, each.in_words()))
    return [
        Likely(customer.shown_to(request.user), why, intake.likely_repeats(customer, now=now, limit=3))
        for customer, why in list(found.values())[:LIKELY_SHOWN]
    ]


def _outlook(arrival: intake.Arrival, request: SignedIn, now: datetime) -> Outlook | None:
    try:
        foreseen = intake.foresee(arrival, now=now, by=request.user)
    except Refused:
        return None  # the firm is not set up so far; saving will say what is missing

    def promised(clocks: list[Clock]) -> list[tuple[str, Pill]]:
        return [
            (
                str(MEASURES.get(clock.measure, clock.measure)),
                _would_be_due(clock.deadline, now),
            )
            for clock in sorted(clocks, key=lambda clock: clock.deadline)
        ]

    departments = Department.objects.in_bulk([task.department_id for task in foreseen.tasks])
    shares = [
        PromisedShare(
            departments[task.department_id], task.instruction, task.stage, promised(foreseen.of(task))
        )
        for task in foreseen.tasks
        if task.department_id in departments
    ]
    because = _conditions(foreseen.rule) if foreseen.rule else ""
    clocks = foreseen.of(foreseen.case)
    package, owner = package_of_case(foreseen.case, clocks, now), ""
    if foreseen.case.package and foreseen.case.owner_id == foreseen.case.package.owner_id:
        owner = foreseen.case.package.owner.name if foreseen.case.package.owner else ""
    return Outlook(promised(clocks), shares, foreseen.rule, because, package, owner)


def _would_be_due(at: datetime, now: datetime) -> Pill:
    """A promise not made yet is neither soon nor late, however short it is."""
    words = _("within %(span)s") % {"span": span(at - now)}
    return Pill("running", "clock", words, due_instant(at, now), exact(at))


def _conditions(rule: RoutingRule) -> str:
    """Why the rule fits, in the order an administrator set it up."""
    terms = dict(Lists().terms(Term.List.CATEGORY))
    said = [
        dict(Case.Kind.choices).get(rule.for_kind, ""),
        terms.get(rule.for_category, rule.for_category),
        rule.for_product,
        dict(Case.Channel.choices).get(rule.for_channel, ""),
        _("grade %(grade)s") % {"grade": rule.for_grade} if rule.for_grade else "",
        _("severity %(severity)s and above") % {"severity": dict(Case.Severity.choices)[rule.for_severity]}
        if rule.for_severity
        else "",
        _("the words %(words)s") % {"words": "、".join(rule.for_words)} if rule.for_words else "",
    ]
    return " · ".join(str(each) for each in said if each) or _("any case")


def _title_of(article: Article | None) -> str:
    return article.title_in(get_language() or "zh-hans") if article else ""


def _answer(request: SignedIn, form: NewCaseForm, *, looked: bool = False, status: int = 200) -> HttpResponse:
    asked = request.GET.get("find", "")[:100] if request.method == "GET" else ""
    context = _beside(request, form, looked=looked) | {
        "form": form,
        "searched": asked,
        "found": [
            each.shown_to(request.user) for each in Customer.objects.visible_to(request.user).find(asked)
        ]
        if asked
        else [],
        "templates": IntakeTemplate.objects.filter(withdrawn_at=None),
        "answers_open": bool(form["answer"].value()),
        "answered_with": _title_of(_article(request, form["answered_with"].value())),
        "case_forms": [each.form for each in forms_in_force()],
        "asked": form.asked,
        "questions": questions(form),
        "products": products_offered(form.asked),
        "choose_again": bool(request.FILES) and not request.htmx,
        "beside_address": reverse("new_case_beside"),
        "suggestions": _suggested(request, form),
    }
    if request.htmx and request.htmx.target == "intake":
        return fragment(request, "desks/_intake.html", context, status=status)
    return page(request, "desks/new_case.html", context, status=status)
