"""Who a customer at the desk may already be, with the reasons shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.pinyin import spell
from guixin.understand.folding import folded_name, simplified
from guixin.understand.identities import IdentityKind, known, last_four
from guixin.understand.models.customer import Customer
from guixin.understand.models.identity import Identity

REASONS = {
    "same_phone": _("the same phone"),
    "same_email": _("the same e-mail"),
    "same_wechat": _("the same WeChat"),
    "same_wecom": _("the same WeCom"),
    "same_order": _("the same order"),
    "same_other": _("the same identifier"),
    "same_name": _("the same name"),
    "same_company": _("the same company"),
    "same_sound_and_last_digits": _(
        "a name that sounds the same, and a phone with the same last four digits"
    ),
}
FOUND_AT_MOST = 20
_WEIGHT = {"same_name": 2, "same_sound_and_last_digits": 3}
_WEIGHT_OF_IDENTITY = 4


@dataclass(frozen=True)
class Likeness:
    """A customer who may be meant, and why we think so (keys of REASONS)."""

    customer: Customer
    reasons: tuple[str, ...]

    @property
    def weight(self) -> int:
        return sum(_WEIGHT.get(reason, _WEIGHT_OF_IDENTITY) for reason in self.reasons)

    def in_words(self) -> str:
        return in_words(self.reasons)


def in_words(reasons: Iterable[str]) -> str:
    return ", ".join(str(REASONS[reason]) for reason in reasons)


def likely_duplicates(name: str, identities: Iterable[tuple[str, str]], region: str = "CN") -> list[Likeness]:
    """Customers this may already be, the likeliest first, at most 20. A hint for a person, never a decision."""
    written = known(identities, region)
    reasons: dict[int, list[str]] = {}
    if written:
        held = Q()
        for each in written:
            held |= Q(kind=each.kind, normal=each.normal)
        for pk, kind in Identity.objects.filter(held).order_by("pk").values_list("customer_id", "kind")[:100]:
            _add(reasons, pk, f"same_{kind}")
    if asked := folded_name(name):
        spelt = spell(simplified(" ".join(name.split()))).full
        ends = {last_four(each.kind, each.normal) for each in written if each.kind == IdentityKind.PHONE} - {
            None
        }
        if spelt and ends:
            sounding = Identity.objects.filter(last4__in=ends, customer__name_pinyin=spelt)
            for pk in sounding.order_by("pk").values_list("customer_id", flat=True)[:100]:
                if "same_phone" not in reasons.get(pk, ()):
                    _add(reasons, pk, "same_sound_and_last_digits")
        if asked:
            for pk in (
                Customer.objects.filter(name_folded=asked).order_by("-pk").values_list("pk", flat=True)[:100]
            ):
                _add(reasons, pk, "same_name")
    customers = Customer.objects.standing().prefetch_related("identities").in_bulk(list(reasons))
    found = [Likeness(customers[pk], tuple(why)) for pk, why in reasons.items() if pk in customers]
    return sorted(found, key=lambda each: (-each.weight, each.customer.pk))[:FOUND_AT_MOST]


def _add(reasons: dict[int, list[str]], pk: int, reason: str) -> None:
    if reason not in reasons.setdefault(pk, []):
        reasons[pk].append(reason)
