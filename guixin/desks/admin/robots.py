"""Robots that post notices in the firm's chats: set up, tried out, switched; and the firm's rule about quiet hours."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.channels.models import Robot, RobotLine
from guixin.channels.models.robot import urgent_passes
from guixin.channels.robots import gathering, keeping
from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import did, done, history
from guixin.desks.admin.forms.robots import NoticeRulesForm, RobotForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.ledger.models import Outgoing
from guixin.web.refusals import Refused
from guixin.web.toasts import say

SENT_SHOWN = 20


@administrators
@require_http_methods(["GET", "POST"])
def index(request: SignedIn) -> HttpResponse:
    now = database_now()
    if request.method == "POST":
        form = NoticeRulesForm(request.POST)
        if form.is_valid():
            keeping.let_urgent_pass(form.cleaned_data["urgent_passes"], by=request.user, now=now)
            say(request, _("This holds from now on."))
        return redirect("robots")
    robots = list(Robot.objects.select_related("department").order_by("-is_active", "pk"))
    context = {
        "robots": [(each, _latest(each), each.lines.filter(said_at=None)[:100].count()) for each in robots],
        "rules": NoticeRulesForm(initial={"urgent_passes": urgent_passes()}, label_suffix=""),
        "now": now,
    }
    return page(request, "desks/admin/robots.html", context)


def _latest(robot: Robot) -> Outgoing | None:
    return Outgoing.objects.filter(channel=gathering.CHANNEL, lane=robot.lane).order_by("-pk").first()


@administrators
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int | None = None) -> HttpResponse:
    robot, now = get_object_or_404(Robot, pk=pk) if pk else None, database_now()
    names = [name for name in RobotForm.base_fields if name not in (*keeping.SECRET, "department")]
    initial = (
        {name: getattr(robot, name) for name in names} | {"department": robot.department_id} if robot else {}
    )
    form = RobotForm(request.POST or None, initial=initial, there=robot, auto_id="robot-%s")
    made: list[Robot] = []

    def keep(said: dict) -> None:
        if robot:
            made.append(keeping.change(robot, by=request.user, now=now, **said))
        else:
            made.append(keeping.make(by=request.user, now=now, **said))

    if request.method == "POST" and done(form, keep):
        say(request, _("Saved. Try it out with a test message."))
        return redirect("robot", made[0].pk)
    sent = Outgoing.objects.filter(channel=gathering.CHANNEL, lane=f"robot:{pk}").order_by("-pk")
    return page(
        request,
        "desks/admin/robot.html",
        {
            "form": form,
            "robot": robot,
            "sent": sent[:SENT_SHOWN] if robot else [],
            "unsaid": RobotLine.objects.filter(robot=robot, said_at=None).count() if robot else 0,
            "history": history(("robot", robot.pk)) if robot else [],
            "now": now,
        },
        status=422 if form.errors else 200,
    )


@administrators
@require_POST
def test(request: SignedIn, pk: int) -> HttpResponse:
    robot = get_object_or_404(Robot, pk=pk)
    try:
        keeping.try_out(robot, now=database_now())
        say(request, _("The test message stands in the chat."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("robot", pk)


@administrators
@require_POST
def end(request: SignedIn, pk: int) -> HttpResponse:
    robot = get_object_or_404(Robot, pk=pk)
    return did(
        request,
        lambda: keeping.end(robot, by=request.user, now=database_now()),
        _("The robot was taken away."),
        where=reverse("robots"),
    )
