import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from secrets import token_urlsafe

from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guixin.desks.forms.attach import kept_files
from guixin.desks.forms.case_form import answers_said, files_chosen, questions, show_errors, uploads_of
from guixin.desks.forms.intake import ComplainForm, RequestForm
from guixin.desks.rendering import fragment
from guixin.ledger.clock import database_now
from guixin.promise.models import Clock
from guixin.promise.models.standard import TO_CUSTOMER
from guixin.serve import attaching, filling_in, intake
from guixin.serve.building_forms import form_in_force, forms_in_force
from guixin.serve.models import Case, OpinionPoint
from guixin.understand.models import Customer
from guixin.web.rate import give_back, is_too_fast
from guixin.web.refusals import Refused

AT_MOST, WITHIN = 10, timedelta(hours=1)
WEB = "web"


@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest, code: str = "") -> HttpResponse:
    """The public form: acknowledged with the number, the private link and what is promised.

    `code` is an opinion point's, from its printed card. A card that nobody takes care of any more still leads to the
    form: a customer who found their way here is not sent away.
    """
    point = OpinionPoint.objects.filter(code=code, is_active=True).select_related("department").first()
    if request.method == "GET":
        initial = {"once": token_urlsafe(18), "kind": request.GET.get("kind", Case.Kind.COMPLAINT)}
        return _form(request, ComplainForm(initial=initial, anonymous=point is not None), point)
    form = ComplainForm(request.POST, request.FILES, anonymous=point is not None)
    if not form.is_valid():
        return _form(request, form, point, 422)
    if form.cleaned_data["website"]:
        form.add_error(None, _("This could not be taken in. Please call us instead."))
        return _form(request, form, point, 422)
    if is_too_fast(request, "complain", at_most=AT_MOST, within=WITHIN):
        form.add_error(None, _("That was many in a short time. Please try again in an hour, or call us."))
        return _form(request, form, point, 429)
    try:
        kept = kept_files(form.cleaned_data)
        case = _open_once(form, point, kept)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, point, 422)
    except DatabaseError:
        give_back(request, "complain")
        raise
    return fragment(
        request,
        "desks/public/received.html",
        {"case": case, "now": database_now(), "promises": _promises(case), "files": len(kept)},
        status=201,
    )


@require_safe
def requests_offered(request: HttpRequest) -> HttpResponse:
    """What customers can ask for by a form of its own."""
    offered = [each.form for each in forms_in_force() if each.form.is_public]
    return fragment(request, "desks/public/requests.html", {"forms": offered})


@require_http_methods(["GET", "POST"])
def request_service(request: HttpRequest, code: str) -> HttpResponse:
    """One of them: the firm's questions, acknowledged like everything that reaches us."""
    version = form_in_force(code)
    if version is None or not version.form.is_public:
        raise Http404
    if request.method == "GET":
        return _request_form(request, RequestForm(initial={"once": token_urlsafe(18)}, version=version))
    form = RequestForm(request.POST, request.FILES, version=version)
    if form.is_valid():
        try:
            filling_in.read_answers(version, answers_said(form), uploads=files_chosen(form))
        except Refused as refusal:
            show_errors(form, refusal)
    if not form.is_valid():
        return _request_form(request, form, 422)
    if form.cleaned_data["website"]:
        form.add_error(None, _("This could not be taken in. Please call us instead."))
        return _request_form(request, form, 422)
    if is_too_fast(request, "complain", at_most=AT_MOST, within=WITHIN):
        form.add_error(None, _("That was many in a short time. Please try again in an hour, or call us."))
        return _request_form(request, form, 429)
    try:
        uploads, kept = uploads_of(form), kept_files(form.cleaned_data)
        case = _open_once(form, None, kept, uploads)
    except Refused as refusal:
        show_errors(form, refusal)
        return _request_form(request, form, 422)
    except DatabaseError:
        give_back(request, "complain")
        raise
    files = len(kept) + sum(map(len, uploads.values()))
    context = {"case": case, "now": database_now(), "promises": _promises(case), "files": files}
    return fragment(request, "desks/public/received.html", context, status=201)


def _request_form(request: HttpRequest, form: RequestForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "version": form.version, "questions": questions(form)}
    return fragment(request, "desks/public/request.html", context, status=status)


def _open_once(
    form: ComplainForm, point: OpinionPoint | None, kept: list[attaching.Kept],
    uploads: dict[str, list[attaching.Kept]] | None = None,
) -> Case:  # fmt: skip
    """A double click, or a reload of the answer, finds the case it made the first time.

    Only the same words on the same form are the same case: whoever goes back and writes something else
    has brought us something else.
    """
    said = form.cleaned_data
    now, once = database_now(), _key(said)
    try:
        with transaction.atomic():
            identities = [(kind, said[kind]) for kind in ("phone", "email") if said[kind].strip()]
            customer = None
            if said["name"].strip() or identities:
                customer, _is_new = Customer.objects.for_intake("person", said["name"], identities, now)
            version = form.version if isinstance(form, RequestForm) else None
            opening: Callable[..., Case] = intake.open_case
            if version:
                opening = partial(
                    filling_in.open_with_form, version=version, said=answers_said(form), uploads=uploads,
                    from_customer=True,
                )  # fmt: skip
            case = opening(
                intake.Arrival(
                    kind=version.form.kind if version else said["kind"],
                    category=version.form.category if version else "",
                    subject=form.subject(),
                    story=said["story"],
                    product=said.get("product", ""),
                    channel=Case.Channel.QR if point else Case.Channel.WEB,
                    language=get_language() or "zh-hans",
                    customer=customer,
                    source=WEB,
                    external_id=once,
                    opinion_point_id=point.pk if point else None,
                    departments=[point.department_id] if point and point.department_id else (),
                ),
                now=now,
            )
            attaching.attach(kept, case=case, from_customer=True, now=now)
            return case
    except IntegrityError:
        first = Case.objects.filter(source=WEB, external_id=once).first()
        if first is None:
            raise
        return first


def _key(said: dict) -> str:
    words = json.dumps({**said, "once": said["once"] or token_urlsafe(18)}, sort_keys=True, default=str)
    return sha256(words.encode()).hexdigest()[:40]


def _promises(case: Case) -> list[tuple[str, Clock]]:
    """What the customer was promised, in their words, the nearest first."""
    language = get_language() or "zh-hans"
    clocks = Clock.objects.of("case", case.pk).filter(measure__in=TO_CUSTOMER).open()
    running = clocks.select_related("version__standard").order_by("due_at")
    return [(clock.version.promise_in(language), clock) for clock in running]


def _form(
    request: HttpRequest, form: ComplainForm, point: OpinionPoint | None, status: int = 200
) -> HttpResponse:
    return fragment(request, "desks/public/complain.html", {"form": form, "point": point}, status=status)
