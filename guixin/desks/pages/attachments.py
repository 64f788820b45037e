"""Files of a case, handed out. Whatever they hold, a browser neither runs nor draws them: they are downloads of a
harmless type, in a sandbox; shown in a page are only the small pictures we wrote ourselves.
"""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.tracking import LONGEST, answer_with_progress, customers_case
from guixin.ledger.clock import database_now
from guixin.organisation.access import get_visible_or_404
from guixin.serve import attaching
from guixin.serve.models import Attachment
from guixin.web.downloads import download, small_picture
from guixin.web.kept_files import KeptFile
from guixin.web.refusals import Refused


@require_GET
@signed_in
def show(request: SignedIn, pk: str, version: str = "") -> HttpResponseBase:
    return handed_out(get_visible_or_404(Attachment.objects, request.user, pk=pk), version)


@require_GET
def show_to_customer(
    request: HttpRequest, number: str, token: str, pk: str, version: str = ""
) -> HttpResponseBase:
    """By the private link: what the customer sent, and what stands with words said to the customer."""
    case = customers_case(number, token)
    held = Attachment.objects.the_customer_may_see().filter(case=case.merged_into or case, pk=pk).first()
    if held is None:
        raise Http404
    answer = handed_out(held, version)
    answer["Referrer-Policy"] = "no-referrer"  # the address is a secret
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_POST
def add_by_customer(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Files from the customer, perhaps with words, by the private link."""
    case, body = customers_case(number, token), request.POST.get("body", "").strip()[:LONGEST]
    try:
        kept = attaching.keep(request.FILES.getlist("attachments"))
        attaching.customer_attaches(case.merged_into or case, kept, body=body, now=database_now())
    except Refused as refusal:
        status = 422 if refusal.about_input else 409
        return answer_with_progress(request, case, token, refusal=str(refusal), typed=body, status=status)
    messages.success(request, _("Thank you. We have added it."))
    return redirect(f"/track/{number}/{token}")


def handed_out(held: KeptFile, version: str = "") -> FileResponse:
    """The bytes; "thumbnail" and "preview" of a picture may stand in a page, everything else is saved to disk."""
    if version and not held.is_picture:
        raise Http404
    try:
        content = held.open(version)
    except FileNotFoundError as gone:
        raise Http404 from gone
    if version:
        return small_picture(content, f"{version}.jpg")
    return download(content, held.media_type, held.name)
