"""The rules that propose recoveries: a small table, each rule with the history of what it said."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import done, history
from guixin.desks.admin.forms.recovery_rule import RecoveryRuleForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.recover.models import RecoveryRule, StepKind
from guixin.recover.ruling import keep_rule
from guixin.web.toasts import say


@administrators
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """The most severe first; of those that fit a case, the one that says most about it proposes."""
    rows = [
        (rule, [StepKind(step["kind"]).label for step in rule.steps]) for rule in RecoveryRule.objects.all()
    ]
    return page(
        request,
        "desks/admin/recovery_rules.html",
        {
            "rows": [row for row in rows if not row[0].retired_at],
            "retired": [rule for rule, _steps in rows if rule.retired_at],
        },
    )


@administrators
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, code: str = "") -> HttpResponse:
    """A new rule, or what one says from now on."""
    rule = get_object_or_404(RecoveryRule, code=code) if code else None
    form = RecoveryRuleForm(request.POST or None, rule=rule)
    kept = request.method == "POST" and done(
        form, lambda _said: keep_rule(code, **form.said(), by=request.user, now=database_now())
    )
    if kept:
        say(request, _("“%s” is kept.") % form.cleaned_data["name"])
        return redirect("recovery_rules")
    context = {"form": form, "rule": rule, "history": history(rule.about) if rule else []}
    return page(request, "desks/admin/recovery_rule.html", context, status=422 if form.errors else 200)
