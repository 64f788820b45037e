"""Business calendars and due times. Plain Python: it knows nothing of Django or of what is promised."""

from guixin.worktime.calendars import ALWAYS, NINE_TO_SIX, Shift, WorkCalendar
from guixin.worktime.counting import (
    NoWorkingTime,
    StillPaused,
    due_at,
    elapsed,
    is_provisional,
    opens_next,
)
from guixin.worktime.openings import TooFarAway
from guixin.worktime.stretches import Stretch, working_out, working_out_in_words

__all__ = [
    "ALWAYS",
    "NINE_TO_SIX",
    "NoWorkingTime",
    "Shift",
    "StillPaused",
    "Stretch",
    "TooFarAway",
    "WorkCalendar",
    "due_at",
    "elapsed",
    "is_provisional",
    "opens_next",
    "working_out",
    "working_out_in_words",
]
