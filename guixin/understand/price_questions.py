"""What a price study asks, in the usual words, and how likely somebody calls it to buy."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guixin.understand.models import PriceStudy
from guixin.web.languages import for_reader

PRICES = ("too_cheap", "cheap", "expensive", "too_expensive")
LIKELIHOODS = ("buys_cheap", "buys_expensive")
QUESTIONS = (*PRICES, *LIKELIHOODS)
WORDS: dict[str, Any] = {
    "too_cheap": _("Too cheap"),
    "cheap": _("Cheap"),
    "expensive": _("Expensive"),
    "too_expensive": _("Too expensive"),
    "buys_cheap": _("Would buy at the cheap price"),
    "buys_expensive": _("Would buy at the expensive price"),
}
LIKELY: dict[int, Any] = {
    1: _("Surely not"),
    2: _("Hardly"),
    3: _("Perhaps"),
    4: _("Probably"),
    5: _("Surely"),
}
_THIS = {"zh": "这个产品", "en": "this product"}
# Van Westendorp's four questions and the two of Newton, Miller and Smith, in both languages whoever looks.
_USUAL = {
    "too_cheap": {
        "zh": "{product}的价格低到多少，您会觉得太便宜，以至于怀疑它的质量？",
        "en": "At what price would {product} be so cheap that you would doubt its quality?",
    },
    "cheap": {
        "zh": "{product}的价格在多少时，您会觉得便宜、买得划算？",
        "en": "At what price would {product} be cheap: a bargain?",
    },
    "expensive": {
        "zh": "{product}的价格在多少时，您会开始觉得贵，但仍会考虑购买？",
        "en": "At what price would {product} begin to seem expensive, so that you would think twice but might still buy?",
    },
    "too_expensive": {
        "zh": "{product}的价格高到多少，您会觉得太贵，不再考虑购买？",
        "en": "At what price would {product} be too expensive to consider?",
    },
    "buys_cheap": {
        "zh": "按您说的便宜的价格，您有多大可能购买？",
        "en": "How likely would you be to buy at the price you called cheap?",
    },
    "buys_expensive": {
        "zh": "按您说的贵的价格，您有多大可能购买？",
        "en": "How likely would you be to buy at the price you called expensive?",
    },
}


def question(study: PriceStudy, name: str, language: str) -> str:
    """As it is asked: the study's own words, else the usual ones. `language`: zh… or en…"""
    asked_in = "zh" if language.startswith("zh") else "en"
    own = study.wording.get(name, {}).get(asked_in)
    words = own or _USUAL[name][asked_in].format(product=study.product or _THIS[asked_in])
    return for_reader(words, language) if asked_in == "zh" else words
