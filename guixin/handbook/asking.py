"""What people look for: counted by words and place, so that the steward sees what the handbook lacks."""

import re
import unicodedata
from datetime import date, timedelta

from django.db.models import F

from guixin.handbook.models import Question
from guixin.ledger.bulk import fetch_rows
from guixin.understand.folding import simplified

LONGEST = 40
FORGET_ONCE_ASKED_AFTER = timedelta(days=30)
FORGET_AFTER = timedelta(days=365)
_ADDRESS = re.compile(r"\S*@\S*")
_NUMBER = re.compile(r"[+(]?\d(?:[\s\-/().]*\d){4,}")  # five digits and more may be somebody's


def words_of(text: str) -> str:
    """The question as it is counted: folded, and without what could tell who asked or of whom.

    >>> words_of("Ｚipper　拉头 卡住 13800138000 wang@example.com")
    'zipper 拉头 卡住'
    """
    folded = unicodedata.normalize("NFKC", simplified(text or "")[:400]).casefold()
    return " ".join(_NUMBER.sub(" ", _ADDRESS.sub(" ", folded)).split())[:LONGEST]


def asked(text: str, place: str, *, found: int, today: date) -> None:
    """Count the question. One statement, which waits for nobody for long; nothing is told about who asked."""
    if words := words_of(text):
        fetch_rows(_COUNT, [words, place, found, today, today])


def opened(text: str, place: str, *, today: date) -> None:
    """Something found by this question was opened."""
    if words := words_of(text):
        Question.objects.filter(words=words, place=place).update(opened=F("opened") + 1, last_on=today)


def prune(today: date) -> int:
    """Forget what was asked once long ago, and what nobody has asked for a year."""
    once = Question.objects.filter(asked=1, last_on__lt=today - FORGET_ONCE_ASKED_AFTER).delete()[0]
    return once + Question.objects.filter(last_on__lt=today - FORGET_AFTER).delete()[0]


_COUNT = """
    INSERT INTO handbook_question AS q (words, place, asked, opened, found, first_on, last_on)
    VALUES (%s, %s, 1, 0, %s, %s, %s)
    ON CONFLICT (words, place) DO UPDATE SET asked = q.asked + 1, found = EXCLUDED.found, last_on = EXCLUDED.last_on
    RETURNING q.id
"""
