"""The authority matrix as everybody reads it, one's own authority, lending it, what was used; and requests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks import authority_words as words
from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.admin.acting import did, done
from guixin.desks.forms.authority import LendForm
from guixin.desks.ladders import shown_clocks
from guixin.desks.nouns import NOUNS, shown_by
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation import authority, granting, in_force
from guixin.organisation.access import scope_of
from guixin.organisation.decisions import DECISIONS, Decision
from guixin.organisation.in_force import Standing
from guixin.organisation.models import Duty, Grant, Lending, Person, Use
from guixin.promise.authorising import waiting_requests
from guixin.promise.models import AuthorityRequest, Clock, Escalation
from guixin.serve import queues
from guixin.serve.models import Case
from guixin.web.toasts import say


@dataclass(frozen=True)
class Mine:
    """What the reader may decide by one line, and how much of it is left."""

    decision: Decision
    line: words.Line
    how: str
    limit: str
    used: str
    left: str


@signed_in
@require_safe
def show(request: SignedIn) -> HttpResponse:
    return _show(request, None)


def _show(request: SignedIn, form: LendForm | None, status: int = 200) -> HttpResponse:
    person, now = request.user, database_now()
    table = in_force.matrix_in_force()
    grants = (
        Grant.objects.filter(matrix=table).select_related("position", "department")
        if table
        else Grant.objects.none()
    )
    mine = _mine(person, now)
    lendable = list(dict.fromkeys(each.decision.code for each in mine if not each.how))
    scope = scope_of(person)
    return page(
        request,
        "desks/authority.html",
        {
            "table": table,
            "decisions": words.by_decision(grants),
            "mine": mine,
            "lent": _lendings(Lending.objects.filter(Q(lender=person) | Q(borrower=person), to_at__gt=now)),
            "lend_form": form or (LendForm(noun=lendable) if lendable else None),
            "me": person,
            "may_change": scope.has_duty(Duty.ADMINISTRATOR) or scope.sees_everything,
            "now": now,
        },
        status=status,
    )


def _mine(person: Person, now: datetime) -> list[Mine]:
    names = dict(Person.objects.values_list("pk", "name"))
    found = []
    kinds = {(code, grant.currency) for code, lines in in_force.grants_in_force().items() for grant in lines}
    for code, currency in sorted(kinds, key=lambda kind: (list(DECISIONS).index(kind[0]), kind[1])):
        seen: set[tuple] = set()
        for standing in in_force.standings(person.pk, code, currency, now, for_others=True):
            key = (standing.how, standing.principal_id, standing.lending and standing.lending.pk)
            if (
                key in seen
            ):  # a narrower line of the same authority adds nothing, but where it alone has conditions
                continue
            seen.add(key)
            found.append(_of_mine(standing, DECISIONS[code], names, now))
    return found


def _of_mine(standing: Standing, decision: Decision, names: dict[int, str], now: datetime) -> Mine:
    grant = standing.grant
    uses = Use.objects.counting().filter(pot=decision.pot, currency=grant.currency)
    if standing.lending is not None:
        used = uses.filter(lending=standing.lending).aggregate(all=Sum("amount"))["all"] or 0
        most: int | None = standing.lending.limit
    else:
        since = now - timedelta(days=grant.period_days)
        mine = uses.filter(principal_id=standing.principal_id, at__gt=since)
        used = mine.aggregate(all=Sum("amount"))["all"] or 0
        most = None if grant.unlimited else grant.limit_period
    return Mine(
        decision,
        words.line_of(grant),
        words.how(standing, names),
        _("without limit")
        if standing.limit is None
        else words.written(decision, standing.limit, grant.currency),
        decision.written(used, grant.currency) if used else "",
        decision.written(max(most - used, 0), grant.currency) if most is not None else "",
    )


def _lendings(rows: Any) -> list[dict]:
    return [
        {
            "lending": row,
            "decision": DECISIONS[row.decision],
            "limit": DECISIONS[row.decision].written(row.limit, row.currency),
        }
        for row in rows.select_related("lender", "borrower").order_by("from_at", "pk")
        if row.decision in DECISIONS
    ]


@signed_in
@require_POST
def lend(request: SignedIn) -> HttpResponse:
    now = database_now()
    form = LendForm(request.POST, noun=list(DECISIONS))

    def verb(said: dict) -> None:
        granting.lend(
            request.user, said["borrower"], said["decision"], said["amount"], currency=said["currency"],
            from_at=said["from_at"], to_at=said["to_at"], reason=said["reason"], now=now,
        )  # fmt: skip

    if not done(form, verb):
        return _show(request, form, 422)
    say(request, _("Lent to %(name)s.") % {"name": form.cleaned_data["borrower"].name})
    return redirect("authority")


@signed_in
@require_POST
def end_lending(request: SignedIn, pk: int) -> HttpResponse:
    lending = get_object_or_404(Lending, pk=pk, lender=request.user)
    return did(
        request,
        lambda: granting.take_back(lending, by=request.user, now=database_now()),
        _("Taken back."),
        where="authority",
    )


@signed_in
@require_safe
def used(request: SignedIn) -> HttpResponse:
    """What was decided by the table, newest first; for those who look after all of it, whether it reconciles."""
    person, now = request.user, database_now()
    rows = Use.objects.visible_to(person).select_related("decided_by", "principal", "asked_by")
    found = queues.page_of(queues.Listed(rows, order=("-at",)), request.GET.get("after"))
    cases = Case.objects.visible_to(person).in_bulk({row.case_id for row in found.rows})
    scope = scope_of(person)
    sees_all = scope.sees_everything or scope.has_duty(Duty.ADMINISTRATOR) or scope.has_duty(Duty.AUDITOR)
    sums = authority.reconciled() if sees_all else []
    return page(
        request,
        "desks/authority_used.html",
        {
            "uses": [
                {
                    "use": row,
                    "decision": DECISIONS[row.decision].name,
                    "amount": DECISIONS[row.decision].written(row.amount, row.currency),
                    "case": cases.get(row.case_id),
                }
                for row in found.rows
            ],
            "sums": [
                {
                    "line": words.line_of(each.grant),
                    "matrix": each.grant.matrix,
                    "used": DECISIONS[each.grant.decision].written(each.used, each.grant.currency),
                    "in_ledger": DECISIONS[each.grant.decision].written(each.in_ledger, each.grant.currency),
                    "agrees": each.agrees,
                    "number": each.number,
                }
                for each in sums
            ],
            "agrees": all(each.agrees for each in sums),
            "sees_all": sees_all,
            "after": found.after,
            "is_first": "after" not in request.GET,
            "now": now,
        },
    )


# -- requests ----------------------------------------------------------------------------------------------------------


@signed_in
@require_safe
def requests(request: SignedIn) -> HttpResponse:
    """What waits for this person, what they asked for, and with `?whose=all` everything they may see."""
    person, now = request.user, database_now()
    whose = request.GET.get("whose", "me")
    rows = AuthorityRequest.objects.visible_to(person).select_related("asked_by", "to_person", "decided_by")
    if whose == "me":
        rows = waiting_requests(person, now).select_related("asked_by", "to_person", "decided_by")
    elif whose == "mine":
        rows = rows.filter(asked_by=person)
    found = queues.page_of(queues.Listed(rows, order=("-asked_at",)), request.GET.get("after"))
    cases = Case.objects.visible_to(person).in_bulk({row.case_id for row in found.rows})
    clocks = {
        clock.about_id: clock
        for clock in Clock.objects.of("authority_request", *(row.pk for row in found.rows))
    }
    return page(
        request,
        "desks/requests.html",
        {
            "requests": [
                {**_shown(row), "case": cases.get(row.case_id), "clock": clocks.get(row.pk)}
                for row in found.rows
            ],
            "whose": whose if whose in ("me", "mine") else "all",
            "after": found.after,
            "is_first": "after" not in request.GET,
            "now": now,
        },
    )


def _shown(row: AuthorityRequest) -> dict:
    decision = DECISIONS.get(row.decision)
    return {
        "asked": row,
        "decision": decision.name if decision else row.decision,
        "amount": decision.written(row.amount, row.currency) if decision and decision.unit != "times" else "",
    }


@signed_in
@require_http_methods(["GET", "HEAD"])
def one(request: SignedIn, pk: str) -> HttpResponse:
    row = NOUNS["authority_request"].fetch(request.user, pk)
    if asked_for_alone(request):
        reader = Reader.of(request)
        found = offers("authority_request", row, reader)
        return form_alone(request, next((each for each in found if each.name == reader.wanted), None), {})
    return answer_with_request(request, row)


@shown_by("authority_request")
def answer_with_request(
    request: SignedIn, row: AuthorityRequest, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    person, now = request.user, database_now()
    clocks = list(Clock.objects.of(*row.about).select_related("version__standard", "department", "holder"))
    raised = list(
        Escalation.objects.filter(clock__in=clocks).order_by("happened_at").select_related("to_person")
    )
    groups = {"acts": offers("authority_request", row, Reader.of(request, refused))}
    case = Case.objects.visible_to(person).filter(pk=row.case_id).first() if row.case_id else None
    return page(
        request,
        "desks/request.html",
        {
            **_shown(row),
            "case": case,
            "clocks": shown_clocks(clocks, raised, now),
            "words": row.words.select_related("by").order_by("at", "pk"),
            "acts": with_refused(groups, "acts", refused)["acts"],
            "here": f"/requests/{row.pk}",
            "now": now,
            "rail_here": "/requests",
        },
        status=status,
    )
