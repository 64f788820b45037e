"""What is announced about the purchases a case is about."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class PurchaseEvent(Event):
    """What both say: the line of the order, how many of it went wrong ("" all of it), and what that costs, a plain decimal with
    its currency, less what came back."""

    purchase_id: int
    order: str
    product: str
    quantity: str
    sum: str


@dataclass(frozen=True, kw_only=True)
class PurchaseNamed(PurchaseEvent):
    """A case is about this purchase of its customer. `how`: chosen, found by its number in the words, or carried over from another
    case."""

    kind: ClassVar[str] = "serve.purchase_named"
    sentence: ClassVar[str] = _("It is about order %(order)s: %(product)s, %(sum)s")
    how: str

    @classmethod
    def sentence_for(cls, facts: dict[str, Any]) -> str:
        if facts.get("how") == "found":
            return _("Order %(order)s was found by its number: %(product)s, %(sum)s")
        return cls.sentence


@dataclass(frozen=True, kw_only=True)
class PurchaseTakenOff(PurchaseEvent):
    """A case is not about this purchase after all. `why`: a person took it off ("hand"), its number of pieces was changed
    ("quantity"), or it is another customer's ("customer")."""

    kind: ClassVar[str] = "serve.purchase_taken_off"
    sentence: ClassVar[str] = _("It is not about order %(order)s after all: %(product)s, %(sum)s")
    why: str
