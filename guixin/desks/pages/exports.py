"""Everything of one kind as a file: chosen, made, and who made which."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixin.channels.exporting import writing
from guixin.desks.forms.export import ExportForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.ledger.models import Entry
from guixin.organisation.models import Person
from guixin.understand.data_held import may_hand_out
from guixin.web.downloads import download
from guixin.web.refusals import Refused

SHOWN = 20


@require_http_methods(["GET", "POST"])
@signed_in
def exports(request: SignedIn) -> HttpResponseBase:
    """Looking changes nothing; a post makes the file, which stands in the ledger."""
    if not may_hand_out(request.user):
        raise PermissionDenied(_("Only the coordinator, or who sees everything, exports."))
    form, now = ExportForm(request.POST or None, label_suffix=""), database_now()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = writing.export(
                said["noun"],
                said["form"],
                in_full=said["in_full"],
                reason=said["reason"],
                by=request.user,
                now=now,
            )
        except Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            name = writing.file_name(said["noun"], said["form"], now)
            return download(made, writing.MEDIA_TYPES[said["form"]], name)
    entries = list(Entry.objects.filter(kind=writing.DataExported.kind).order_by("-id")[:SHOWN])
    names = dict(Person.objects.filter(pk__in={each.actor_id for each in entries}).values_list("pk", "name"))
    made_before = [(each, names.get(each.actor_id, ""), each.in_words()) for each in entries]
    context = {"form": form, "before": made_before, "now": now}
    return page(request, "desks/exports.html", context, status=422 if form.errors else 200)
