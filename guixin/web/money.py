"""Money: whole numbers of a currency's smallest unit, read and shown in one place.

A sum is an `int` of minor units (fen, cents; whole yen, thousandths of a dinar) beside its currency's code. Nothing here
converts one currency into another: a rate has a date and somebody who answers for it, see understand/rates.py.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# ISO 4217, by how many decimals they have. Codes that are no money (XAU, XXX …) are left out.
_WITH_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"
_WITH_TWO = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC"
    " CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR"
    " JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD"
    " NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN"
    " SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW"
)
_DECIMALS = (
    dict.fromkeys(_WITH_TWO.split(), 2)
    | dict.fromkeys(_WITH_NONE.split(), 0)
    | dict.fromkeys(_WITH_THREE.split(), 3)
)
CURRENCIES = frozenset(_DECIMALS)
_SIGNS = {
    "CNY": "¥", "EUR": "€", "GBP": "£", "USD": "$", "JPY": "JP¥", "KRW": "₩", "HKD": "HK$", "TWD": "NT$", "INR": "₹",
}  # fmt: skip
LARGEST = (
    10**15
)  # minor units; above it somebody's cell is broken, and sums of a million such stay in 64 bits
_MARKS = re.compile(r"^(?:[A-Za-z]{3}\s*)?[¥￥€£$₩₹]?\s*|\s*(?:元|[A-Za-z]{3})?$")
_GROUPED = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$")


class NotMoney(ValueError):
    """The message is the sentence for the person whose sum it is."""


def firm_currency() -> str:
    """The currency the firm keeps its books in: the setting GUIXIN_CURRENCY."""
    return settings.CURRENCY


def decimals(currency: str) -> int:
    """How many decimals the currency has.

    >>> decimals("CNY"), decimals("JPY"), decimals("KWD")
    (2, 0, 3)
    """
    return _DECIMALS.get(currency, 2)


def currency_code(text: str) -> str:
    """The code as ISO 4217 writes it; raises NotMoney."""
    code = unicodedata.normalize("NFKC", text).strip().upper()
    code = {"RMB": "CNY", "人民币": "CNY", "元": "CNY", "£": "GBP", "€": "EUR", "¥": "CNY"}.get(code, code)
    if code not in CURRENCIES:
        raise NotMoney(_("“%s” is no currency; write its three letters, such as CNY.") % text[:20])
    return code


def number(text: str) -> Decimal:
    """A number as people write it: `1,234.50`, `￥12.5`, `－3`, `(20.00)` for minus 20. Raises NotMoney.

    A comma is taken for thousands only where it stands as one; `1,5` has two readings and is refused.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    is_negative = plain.startswith("(") and plain.endswith(")")
    if is_negative:
        plain = plain[1:-1].strip()
    sign = "-" if plain.startswith("-") else ""
    plain = sign + _MARKS.sub("", plain.removeprefix("-").strip())
    if _GROUPED.match(plain):
        plain = plain.replace(",", "")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise NotMoney(_("“%s” is not a number.") % text[:40]) from None
    if not value.is_finite():
        raise NotMoney(_("“%s” is not a number.") % text[:40])
    return -value if is_negative else value


def minor_units(amount: Decimal, currency: str) -> int:
    """The sum in the currency's smallest unit, half a unit rounded away from zero. Raises NotMoney if absurdly large.

    >>> minor_units(Decimal("12.345"), "CNY"), minor_units(Decimal("-980"), "JPY")
    (1235, -980)
    """
    units = (
        int(amount.scaleb(decimals(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
        if (abs(amount) < LARGEST)
        else LARGEST
    )
    if abs(units) >= LARGEST:
        raise NotMoney(_("“%s” is too large to be a sum of money.") % amount)
    return units


def written(units: int, currency: str) -> str:
    """The sum as a plain decimal, for files and programs.

    >>> written(-1205, "CNY"), written(980, "JPY")
    ('-12.05', '980')
    """
    return f"{Decimal(units).scaleb(-decimals(currency)):f}"


def shown(units: int, currency: str, *, rounded: bool = False) -> str:
    """The sum as the reader's language writes it: `¥1,234.50`, with the code where the sign would not be told apart.

    rounded   without the smaller unit, for lists and charts
    """
    places = 0 if rounded else decimals(currency)
    value = (
        Decimal(abs(units)).scaleb(-decimals(currency)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    )
    figure = f"{value:,.{places}f}"  # thousands also in Chinese, as every ledger and invoice has them
    sign = _SIGNS.get(currency)
    minus = "-" if units < 0 and value else ""
    if sign is None:
        return f"{minus}{figure} {currency}"
    is_chinese = (get_language() or "zh").startswith("zh")
    if currency == "CNY" and not is_chinese:
        sign = "CN¥"  # a bare ¥ is the yen to readers of English
    return f"{minus}{sign}{figure}"
