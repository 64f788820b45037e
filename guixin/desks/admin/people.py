"""People: found, invited, changed, given posts, locked, and seen off."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guixin.channels.link_mail import CannotSend, send_link
from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import did, done, history
from guixin.desks.admin.forms.firm import FindPeopleForm, NewPersonForm, PersonForm, PostForm
from guixin.desks.forms.base import ActForm, DepartmentField
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation import employing, signing_in
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Absence, Person, Post, SignInLink
from guixin.serve.models.counter import counted
from guixin.web.toasts import say

_PAGE = 100


class WhereForm(ActForm):
    department = DepartmentField(
        label=gettext_lazy("Department"), nothing=gettext_lazy("All departments"), required=False
    )


@administrators
@require_GET
def people(request: SignedIn) -> HttpResponse:
    now = database_now()
    form = FindPeopleForm(request.GET, auto_id="people-%s", label_suffix="")
    where = WhereForm(request.GET, auto_id="people-%s", label_suffix="")
    said = {
        **(form.cleaned_data if form.is_valid() else {}),
        **(where.cleaned_data if where.is_valid() else {}),
    }
    ladder = Ladder.at(now)
    chosen = _chosen(said, now)
    after = request.GET.get("after", "")
    spelled, _gap, pk = after.rpartition(",")
    if pk.isdigit():
        chosen = chosen.filter(Q(name_pinyin__gt=spelled) | Q(name_pinyin=spelled, pk__gt=int(pk)))
    rows = list(
        chosen.order_by("name_pinyin", "pk").prefetch_related("posts__position__department")[: _PAGE + 1]
    )
    more = rows[_PAGE:]
    rows = rows[:_PAGE]
    invited = employing.waiting_invitations([person.pk for person in rows], now)
    today = timezone.localdate(now)
    context = {
        "now": now,
        "form": form,
        "where": where,
        "after": f"{rows[-1].name_pinyin},{rows[-1].pk}" if more else "",
        "listed": [
            {
                "person": person,
                "posts": [p for p in person.posts.all() if p.until is None or p.until > today],
                "away": person.is_active and not ladder.is_present(person.pk),
                "invited": person.pk in invited,
            }
            for person in rows
        ],
    }
    return page(request, "desks/admin/people.html", context)


@administrators
@require_http_methods(["GET", "POST"])
def new_person(request: SignedIn) -> HttpResponse:
    """Somebody new, and the link that lets them choose a password, shown once."""
    form = NewPersonForm(
        request.POST or None, auto_id="person-%s", label_suffix="", initial={"language": "zh-hans"}
    )
    if request.method == "POST":
        now, made = database_now(), []
        if done(form, lambda said: made.append(employing.add_person(by=request.user, now=now, **said))):
            return _shown_once(request, made[0], SignInLink.Purpose.INVITATION)
    return page(request, "desks/admin/new_person.html", {"form": form}, status=422 if form.errors else 200)


@administrators
@require_http_methods(["GET", "POST"])
def person(request: SignedIn, pk: int) -> HttpResponse:
    who = get_object_or_404(Person, pk=pk)
    form = PersonForm(request.POST or None, noun=who, auto_id="person-%s", label_suffix="")
    if request.method == "POST":
        now = database_now()
        if done(form, lambda said: employing.change_person(who, by=request.user, now=now, **said)):
            say(request, _("Saved."))
            return redirect("person", pk)
        who.refresh_from_db()
    return _show(request, who, form)


@administrators
@require_POST
def new_post(request: SignedIn, pk: int) -> HttpResponse:
    who = get_object_or_404(Person, pk=pk)
    form = PostForm(request.POST, auto_id="post-%s", label_suffix="")
    now = database_now()
    if done(form, lambda said: employing.give_post(who, by=request.user, now=now, **said)):
        say(request, _("%(name)s has the post.") % {"name": who.name})
        return redirect("person", pk)
    return _show(request, who, PersonForm(noun=who, auto_id="person-%s", label_suffix=""), form)


@administrators
@require_POST
def end_post(request: SignedIn, pk: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("person", "position"), pk=pk, until=None)
    now = database_now()
    return did(
        request,
        lambda: employing.end_post(post, until=timezone.localdate(now), by=request.user, now=now),
        _("The post “%(title)s” has ended.") % {"title": post.position.title},
        where=reverse("person", args=[post.person_id]),
    )


@administrators
@require_POST
def act(request: SignedIn, pk: int, name: str) -> HttpResponse:
    """One button of a person's page: lock, unlock, leave, come back, sign out everywhere."""
    who = get_object_or_404(Person, pk=pk)
    verb, words, undo = {
        "locking": (employing.lock, _("%(name)s cannot sign in any more."), "unlocking"),
        "unlocking": (employing.unlock, _("%(name)s can sign in again."), "locking"),
        "leaving": (employing.leave, _("%(name)s no longer works here."), "return"),
        "return": (employing.come_back, _("%(name)s works here again."), ""),
        "signing-out": (employing.sign_out_everywhere, _("%(name)s is signed out everywhere."), ""),
    }[name]
    return did(
        request,
        lambda: verb(who, by=request.user, now=database_now()),
        words % {"name": who.name},
        where=reverse("person", args=[pk]),
        undo=reverse("person_act", args=[pk, undo]) if undo else "",
    )


@administrators
@require_POST
def new_link(request: SignedIn, pk: int) -> HttpResponse:
    """A link with which they choose a password: an invitation for who never signed in, else a reset."""
    who = get_object_or_404(Person, pk=pk)
    is_new = who.last_login is None and not who.has_usable_password()
    return _shown_once(request, who, SignInLink.Purpose.INVITATION if is_new else SignInLink.Purpose.RESET)


@sensitive_variables("token", "address")
def _shown_once(request: SignedIn, who: Person, purpose: SignInLink.Purpose) -> HttpResponse:
    now = database_now()
    try:
        link, token = signing_in.make_link(who, purpose, by=request.user, now=now)
    except signing_in.CannotInvite as refusal:
        form = PersonForm(
            {"name": who.name, "language": who.language}, noun=who, auto_id="person-%s", label_suffix=""
        )
        form.add_error(None, str(refusal))
        return _show(request, who, form)
    address = request.build_absolute_uri(reverse("invitation", args=[token]))
    try:
        sent = send_link(who, address, link)  # after the transaction: a slow post office holds up no row
        trouble = ""
    except CannotSend as why:
        sent, trouble = False, str(why)
    context = {"person": who, "link": link, "address": address, "sent": sent, "trouble": trouble, "now": now}
    return page(request, "desks/admin/link_once.html", context)


def _show(
    request: SignedIn, who: Person, form: PersonForm, post_form: PostForm | None = None
) -> HttpResponse:
    now = database_now()
    post_form = post_form or PostForm(
        auto_id="post-%s", label_suffix="", initial={"since": timezone.localdate(now)}
    )
    mine = [f"owner:{who.pk}", f"handler:{who.pk}"]
    context = {
        "now": now,
        "person": who,
        "form": form,
        "post_form": post_form,
        "posts": who.posts.select_related("position__department").order_by("-until", "-is_main", "-since"),
        "absences": who.absences.filter(to_at__gt=now).select_related("deputy").order_by("from_at"),
        "invited": bool(employing.waiting_invitations([who.pk], now)),
        "cases": counted("open_cases", mine)[mine[0]],
        "tasks": counted("open_tasks", mine)[mine[1]],
        "history": history(("person", who.pk)),
    }
    status = 422 if form.errors or post_form.errors else 200
    return page(request, "desks/admin/person.html", context, status=status)


def _chosen(said: dict, now):
    only, text = said.get("only", ""), said.get("find", "").replace("\x00", "")
    chosen = Person.objects.filter(is_active=only != "left")
    if text.strip():
        chosen = chosen & Person.objects.find(text)
    if department := said.get("department"):
        chosen = chosen.filter(
            pk__in=Post.objects.filter(
                until=None, position__department__path__startswith=department.path
            ).values("person_id")
        )
    if only == "away":
        chosen = chosen.filter(
            pk__in=Absence.objects.filter(from_at__lte=now, to_at__gt=now).values("person_id")
        )
    elif only == "never":
        chosen = chosen.filter(last_login=None)
    elif only == "locked":
        chosen = chosen.filter(locked_at__isnull=False)
    return chosen
