"""How a customer is addressed in a letter."""

from django.utils import translation
from django.utils.translation import gettext as _

from guixin.organisation.pinyin import is_han, surname_of
from guixin.understand.models import Customer
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
