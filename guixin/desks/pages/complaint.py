import json
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.db import DatabaseError, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixin.desks.forms.intake import ComplainForm
from guixin.desks.rendering import fragment
from guixin.ledger.clock import database_now
from guixin.promise.models import Clock
from guixin.promise.models.standard import TO_CUSTOMER
from guixin.serve import intake
from guixin.serve.models import Case
from guixin.understand.models import Customer
from guixin.web.rate import give_back, is_too_fast

AT_MOST, WITHIN = 10, timedelta(hours=1)
WEB = "web"


@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """The public form: acknowledged with the number, the private link and what is promised."""
    if request.method == "GET":
        initial = {"once": token_urlsafe(18), "kind": request.GET.get("kind", Case.Kind.COMPLAINT)}
        return _form(request, ComplainForm(initial=initial))
    form = ComplainForm(request.POST)
    if not form.is_valid():
        return _form(request, form, 422)
    if form.cleaned_data["website"]:
        form.add_error(None, _("This could not be taken in. Please call us instead."))
        return _form(request, form, 422)
    if is_too_fast(request, "complain", at_most=AT_MOST, within=WITHIN):
        form.add_error(None, _("That was many in a short time. Please try again in an hour, or call us."))
        return _form(request, form, 429)
    try:
        case = _open_once(form.cleaned_data)
    except intake.CannotOpen as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, 422)
    except DatabaseError:
        give_back(request, "complain")
        raise
    return fragment(
        request,
        "desks/public/received.html",
        {"case": case, "now": database_now(), "promises": _promises(case)},
        status=201,
    )


def _open_once(said: dict) -> Case:
    """A double click, or a reload of the answer, finds the case it made the first time.

    Only the same words on the same form are the same case: whoever goes back and writes something else
    has brought us something else.
    """
    now, once = database_now(), _key(said)
    try:
        with transaction.atomic():
            identities = [
                (kind, said[kind]) for kind in ("phone", "email") if said[kind].strip()
            ]  # fmt: skip
            customer, _is_new = Customer.objects.for_intake("person", said["name"], identities, now)
            return intake.open_case(
                intake.Arrival(
                    kind=said["kind"],
                    subject=said["subject"],
                    story=said["story"],
                    product=said["product"],
                    channel=Case.Channel.WEB,
                    language=get_language() or "zh-hans",
                    customer=customer,
                    source=WEB,
                    external_id=once,
                ),
                now=now,
            )
    except IntegrityError:
        first = Case.objects.filter(source=WEB, external_id=once).first()
        if first is None:
            raise
        return first


def _key(said: dict) -> str:
    words = json.dumps({**said, "once": said["once"] or token_urlsafe(18)}, sort_keys=True)
    return sha256(words.encode()).hexdigest()[:40]


def _promises(case: Case) -> list[Clock]:
    clocks = Clock.objects.of("case", case.pk).filter(measure__in=TO_CUSTOMER).open()
    return list(clocks.select_related("version__standard").order_by("due_at"))


def _form(request: HttpRequest, form: ComplainForm, status: int = 200) -> HttpResponse:
    return fragment(request, "desks/public/complain.html", {"form": form}, status=status)
