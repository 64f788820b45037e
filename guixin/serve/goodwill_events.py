"""What is promised to the customer of a case, and the price of what went wrong."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class GoodwillPromised(Event):
    """Money was promised to the customer of a case, or something worth it, within an authority. `sum` is a plain decimal
    and its currency; `compensation` says what: goodwill, refund, replacement, credit or gift."""

    kind: ClassVar[str] = "serve.goodwill_promised"
    sentence: ClassVar[str] = _("Goodwill of %(sum)s was promised")
    goodwill_id: int
    sum: str
    use_id: int
    compensation: str = "goodwill"

    @classmethod
    def sentence_for(cls, facts: dict[str, Any]) -> str:
        if facts.get("compensation", "goodwill") == "goodwill":
            return cls.sentence
        return _("%(compensation)s of %(sum)s was promised")


@dataclass(frozen=True, kw_only=True)
class PriceStated(Event):
    """What went wrong costs this (`sum`, a plain decimal and its currency), by the customer's `order` or by hand; what is given for
    the case is held against it. `before`: what was stated until now, blank: nothing."""

    kind: ClassVar[str] = "serve.price_stated"
    sentence: ClassVar[str] = _("The price of what went wrong: %(sum)s")
    sum: str
    before: str
    order: str

    @classmethod
    def sentence_for(cls, facts: dict[str, Any]) -> str:
        return (
            _("The price of what went wrong: %(sum)s instead of %(before)s")
            if facts.get("before")
            else cls.sentence
        )


@dataclass(frozen=True, kw_only=True)
class GoodwillTakenBack(Event):
    """Promised money is not given after all; the authority is free again."""

    kind: ClassVar[str] = "serve.goodwill_taken_back"
    sentence: ClassVar[str] = _("Goodwill of %(sum)s was taken back")
    goodwill_id: int
    sum: str


@dataclass(frozen=True, kw_only=True)
class GoodwillHandedOver(Event):
    """What was promised reached the customer: paid, sent, credited. `reference` is the number of the payment or parcel."""

    kind: ClassVar[str] = "serve.goodwill_handed_over"
    sentence: ClassVar[str] = _("%(compensation)s of %(sum)s: paid or handed over on %(given_on)s")
    goodwill_id: int
    sum: str
    compensation: str
    given_on: str
    reference: str
