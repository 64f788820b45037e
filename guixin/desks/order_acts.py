"""What people do with the purchases a case is about."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guixin.desks.acts import Done, act
from guixin.desks.case_acts import SERVING
from guixin.desks.forms.base import ActForm
from guixin.desks.forms.orders import OrderForm
from guixin.desks.nouns import address
from guixin.serve import orders, permitting
from guixin.serve.models import CasePurchase


@act(name="orders", key="b", rare=True, form=OrderForm, title=gettext_lazy("Name the order it is about"),
     button=gettext_lazy("It is about this"), **SERVING)  # fmt: skip
def name_orders(case, said, *, by, now):
    lines, order = said["lines"], said["order"]
    if order and not lines:
        made = orders.name_order(case, order, by=by, now=now)
    else:
        made = orders.name_purchases(case, dict.fromkeys(lines, said["quantity"]), by=by, now=now)
    if not made:
        raise orders.CannotName(_("Give the number of the order, or choose its lines."))
    words = ngettext(
        "Named; its price is known now.", "%(n)s lines are named; their price is known now.", len(made)
    )
    return Done(words % {"n": len(made)}, undo=f"{address(CasePurchase.ABOUT, made[0])}/undoing")


def _may(named: CasePurchase, person) -> bool:
    return permitting.may_serve(named.case, person)


OF_A_LINE: dict[str, Any] = {
    "noun": CasePurchase.ABOUT,
    "form": ActForm,
    "may": _may,
    "offered": lambda named: True,
}


@act(
    name="taking-off",
    title=gettext_lazy("It is not about this"),
    button=gettext_lazy("Take it off"),
    **OF_A_LINE,
)
def take_off(named, said, *, by, now):
    orders.take_off(named, by=by, now=now)
    undo = f"{address(CasePurchase.ABOUT, named)}/naming"
    return Done(_("Taken off; it stays in what happened."), where=address("case", named.case), undo=undo)


@act(
    name="undoing",
    title=gettext_lazy("Take the naming back"),
    button=gettext_lazy("Take it back"),
    **OF_A_LINE,
)
def take_back(named, said, *, by, now):
    orders.take_back_naming(named, by=by, now=now)
    return Done(_("Taken off; it stays in what happened."), where=address("case", named.case))


@act(name="naming", title=gettext_lazy("Name it again"), button=gettext_lazy("Name it again"), **OF_A_LINE)
def name_again(named, said, *, by, now):
    orders.name_again(named, by=by, now=now)
    return Done(_("Named; its price is known now."), where=address("case", named.case))
