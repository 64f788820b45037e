"""How a customer is addressed in a letter, and where it goes."""

from django.utils import translation
from django.utils.translation import gettext as _

from guixin.organisation.pinyin import is_han, surname_of
from guixin.understand.models import Customer, Identity
from guixin.understand.models.identity import IdentityKind
from guixin.web.languages import for_reader


def salutation(customer: Customer | None) -> str:
    """In the active language. It tells no more than the masked name does: the words stand in the timeline."""
    if customer is None or not customer.name.strip():
        return ""
    if customer.kind == Customer.Kind.COMPANY:
        return customer.name
    name = customer.name.replace("·", "").replace(" ", "")
    if not is_han(name):
        return _("customer")
    language = translation.get_language() or ""
    return _("Mr or Ms %(surname)s") % {"surname": for_reader(surname_of(name), language)}


def newest_address(customer_id: int | None, kind: str) -> str:
    """The newest of the customer's identities of a kind, as a letter is sent to it; blank for none. Looked up when it leaves,
    never stored."""
    identity = Identity.objects.filter(customer=customer_id, kind=kind).order_by("-pk").first()
    if identity is None:
        return ""
    return identity.raw.strip() if kind == IdentityKind.EMAIL else identity.normal
