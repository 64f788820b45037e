"""Themes (主题) of open answers: what many of them are about, as a worker found it and people corrected it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.listen.models.questionnaire import Question
from guixin.listen.models.response import Answer
from guixin.listen.models.wave import Wave

coded(
    "theme_correction",
    [
        ("named", _("a theme was named")),
        ("merged", _("two themes were merged")),
        ("moved", _("an answer was moved")),
    ],
)


class ThemeSet(models.Model):
    """What the open answers to one question of a wave are about.

    `answers`    how many there were when it was counted
    `agreement`  the share of them to which themes learnt from either half of the answers give the same place; none: too few to try
    `version`    moves with every correction, so that a count that began before is not kept
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="theme_sets", db_index=False)
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", db_index=False)
    answers = models.PositiveIntegerField(default=0)
    agreement = models.FloatField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "question"], name="themes_of_question_once")]

    def __str__(self) -> str:
        return f"themes of {self.question_id} in wave {self.wave_id}"


class Theme(models.Model):
    """`name`: as somebody called it; blank: it is called by its `words`.

    `weights`    what it is made of: for each theme that went into it {word: weight}, the heaviest
    `typical`    the answer that says most of its words
    `figures`    {"n", "share": [share, low, high], "mean": [mean, low, high] or none}, of the answers it has
    `is_kept`    somebody corrected it: the next count leaves it as it is and learns the others beside it
    """

    of = models.ForeignKey(ThemeSet, models.CASCADE, related_name="themes")
    name = models.TextField(blank=True, default="")
    words = models.JSONField(default=list)
    weights = models.JSONField(default=list)
    typical = models.ForeignKey(Answer, models.SET_NULL, null=True, related_name="+", db_index=False)
    figures = models.JSONField(default=dict)
    is_kept = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["typical"], name="theme_typical", condition=Q(typical__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"theme {self.pk}"

    @property
    def called(self) -> str:
        return self.name or " · ".join(self.words[:3])


class ThemedAnswer(models.Model):
    """A theme one open answer speaks of; no theme: it fits none, it is one of the others. `by_hand`: somebody put it there, and there
    alone."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="themed", db_index=False)
    of = models.ForeignKey(ThemeSet, models.CASCADE, related_name="placed", db_index=False)
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, related_name="placed", db_index=False)
    fit = models.FloatField(default=0)
    by_hand = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(F("of"), F("theme"), F("fit").desc(), F("answer"), name="answers_of_theme"),
            models.Index(fields=["theme"], name="themed_by", condition=Q(theme__isnull=False)),
        ]
        constraints = [models.UniqueConstraint(fields=["answer", "theme"], name="answer_in_theme_once")]

    def __str__(self) -> str:
        return f"answer {self.answer_id} in theme {self.theme_id}"
