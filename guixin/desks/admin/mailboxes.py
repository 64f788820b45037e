"""Mailboxes: the addresses customers write to, how they are read, and whether that works."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.channels.mail import fetching, mailboxes
from guixin.channels.mail.sending import can_leave
from guixin.channels.models import Mailbox
from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import did, done, history
from guixin.desks.admin.forms.mailboxes import MailboxForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.web.toasts import say


@administrators
@require_safe
def index(request: SignedIn) -> HttpResponse:
    listed = Mailbox.objects.select_related("department").order_by("address")
    return page(request, "desks/admin/mailboxes.html", {"listed": listed, "can_leave": can_leave()})


@administrators
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int | None = None) -> HttpResponse:
    """A new mailbox, or another server, password or kind of case of one."""
    box, now = get_object_or_404(Mailbox, pk=pk) if pk else None, database_now()
    form = MailboxForm(request.POST or None, noun=box, auto_id="mailbox-%s", label_suffix="")
    made: list[Mailbox] = []

    def keep(said: dict) -> None:
        if box is None:
            made.append(mailboxes.add(form.values(), password=said["password"], by=request.user, now=now))
        else:
            mailboxes.change(box, form.values(), password=said["password"] or None, by=request.user, now=now)

    if request.method == "POST":
        if done(form, keep):
            say(request, _("Saved."))
            return redirect("mailbox", (box or made[0]).pk)
        if box:
            box.refresh_from_db()
    context = {"form": form, "mailbox": box, "history": history(("mailbox", pk)) if pk else []}
    return page(request, "desks/admin/mailbox.html", context, status=422 if form.errors else 200)


@administrators
@require_POST
def test(request: SignedIn, pk: int) -> HttpResponse:
    """Connect now, log in, look into the folder; nothing is fetched."""
    box = get_object_or_404(Mailbox, pk=pk)
    try:
        unseen = fetching.test(box)
    except fetching.CannotFetch as why:
        messages.error(request, _("It does not work: %s") % why)
    else:
        say(
            request,
            ngettext(
                "It works; %(n)s unseen mail lies there.", "It works; %(n)s unseen mails lie there.", unseen
            )
            % {"n": unseen},
        )
    return redirect("mailbox", pk)


@administrators
@require_POST
def switch(request: SignedIn, pk: int) -> HttpResponse:
    """Off, and on again where it stopped."""
    box = get_object_or_404(Mailbox, pk=pk)
    on = request.POST.get("on") == "1" if "on" in request.POST else not box.is_active
    return did(
        request,
        lambda: mailboxes.change(box, {"is_active": on}, by=request.user, now=database_now()),
        _("The mailbox is switched on.") if on else _("The mailbox is switched off."),
        where=reverse("mailbox", args=[pk]),
        undo=reverse("mailbox_switch", args=[pk]),
    )
