"""Why a plan repays as it does, and how far, in the reader's words: what the failure did, which word of the case says so, and what repays it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.recover.models import Recovery, RecoveryStep, StepKind
from guixin.recover.proposing import in_kind
from guixin.serve.deciding import subject_of_case
from guixin.serve.models import Case, Failure, Goodwill, Stake, Term
from guixin.serve.stakes import price_of_cases
from guixin.web import money

BEST = {
    Failure.MONEY: gettext_lazy("Money lost is repaid best with money: a refund."),
    Failure.GOODS: gettext_lazy("Flawed goods are repaid best with goods: an exchange."),
    Failure.SERVICE: gettext_lazy("Service that failed or came late is repaid best by doing it again, or putting it right."),
    Failure.ATTENTION: gettext_lazy("Inattention is repaid best with an apology; money does not make up for it."),
}  # fmt: skip


@dataclass(frozen=True)
class InKind:
    best: str  # what repays in kind
    because: str  # which word of the case says what it did
    is_planned: bool


def in_kind_words(recovery: Recovery, steps: Sequence[RecoveryStep], language: str) -> InKind | None:
    """None: nobody has said what the failure did."""
    kind = in_kind(recovery.failure)
    if kind is None:
        return None
    wanted = {StepKind(each.kind) for each in steps if each.state != RecoveryStep.State.DROPPED}
    which, _colon, code = recovery.failure_from.partition(":")
    word = Term.objects.filter(list=which, code=code).first() if code else None
    because = ""
    if word is not None:
        because = _("“%(failure)s”, because the case has the %(list)s “%(word)s”.") % {
            "failure": recovery.get_failure_display(), "list": Term.List(which).label, "word": word.shown_name(language),
        }  # fmt: skip
    return InKind(str(BEST[Failure(recovery.failure)]), because, kind in wanted)


def price_words(case: Case) -> str:
    """What went wrong costs, and how much of it is promised by now; blank: nobody knows. And how it is known."""
    family = subject_of_case(case).cases
    price = price_of_cases(family)
    if price is None:
        return ""
    rows = Goodwill.objects.owed_or_given().filter(case__in=family, currency=price.currency)
    promised = rows.aggregate(sum=Sum("amount"))["sum"] or 0
    words = _("What went wrong costs %(price)s; %(promised)s are promised, %(share)s %% of it.") % {
        "price": money.shown(price.amount, price.currency), "promised": money.shown(promised, price.currency),
        "share": round(100 * promised / price.amount),
    }  # fmt: skip
    stake = Stake.objects.filter(case__in=family).select_related("by").order_by("at", "pk").last()
    whence = _("Stated by %s.") % stake.by.name if stake else _("Known by the orders the case names.")
    return f"{words} {whence}"
