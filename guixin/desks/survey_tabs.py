"""What the pages of a wave share: the way from one to the other, and from a figure to the responses behind it."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from guixin.listen.five_gaps import asks_both
from guixin.listen.models import Wave
from guixin.listen.theming import open_questions


def behind_address(wave: Wave, **which: str) -> str:
    """The list of the responses a figure was counted from; blank where the wave is anonymous."""
    if wave.is_anonymous:
        return ""
    return f"{reverse('wave_responses', args=[wave.code])}?{urlencode({k: v for k, v in which.items() if v})}"


def has_gaps(wave: Wave) -> bool:
    """What our own people believe customers expect has no gaps of its own."""
    return asks_both(wave.version.sheet) and not wave.is_of_our_people


def of_wave(wave: Wave, here: str) -> dict[str, Any]:
    """What every page of a wave's results shows on top."""
    tabs = [
        ("wave", pgettext("wave", "What came back")),
        ("wave_plank", _("Short plank")),
        ("wave_groups", _("By group")),
    ]
    if open_questions(wave.version.sheet):
        tabs.append(("wave_themes", _("Open answers")))
    if has_gaps(wave):
        tabs.insert(2, ("wave_gaps", _("Five gaps")))
    if not wave.is_anonymous:
        tabs.append(("wave_responses", _("Responses")))
    return {
        "wave": wave,
        "name": wave.shown_name(get_language() or "zh-hans"),
        "tabs": [(reverse(name, args=[wave.code]), words, name == here) for name, words in tabs],
    }
