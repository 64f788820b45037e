"""What closed cases taught about classifying the next one (分类建议): one table of weights, read without a library."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded


class Classifier(models.Model):
    """One round of learning for one field, with how good it was on later cases it had not seen.

    `classes` are codes (of departments or terms) in the order of the weights, the commonest first. Only the newest of a
    field has weights; the older ones stay for their figures.
    """

    class Field(models.TextChoices):
        DEPARTMENT = "department", _("Responsible department")
        QUALITY_POINT = "quality_point", _("Quality point")
        CAUSE = "cause", _("Cause")

    field = models.TextField(choices=Field)
    learnt_at = models.DateTimeField()
    last_closing_id = models.BigIntegerField()  # newer closings are not in it
    cases = models.PositiveIntegerField()  # closed cases of this field, whether or not they were enough
    classes = ArrayField(models.TextField(), default=list)
    intercepts = ArrayField(models.FloatField(), default=list)
    is_offered = models.BooleanField(
        default=False
    )  # enough cases, and better than always saying the commonest
    measured = models.JSONField(default=dict)  # see `learning.Measured`

    class Meta:
        indexes = [models.Index(fields=["field", "-id"], name="classifier_newest")]

    def __str__(self) -> str:
        return f"{self.field} {self.pk}"


class ClassifierWeight(models.Model):
    """One word, or piece of one, and what it says for each class."""

    classifier = models.ForeignKey(Classifier, models.CASCADE, related_name="weights", db_index=False)
    word = models.TextField()
    idf = models.FloatField()
    weights = ArrayField(models.FloatField())  # in the order of the classes

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "classifier"], name="one_weight_a_word")]

    def __str__(self) -> str:
        return f"{self.classifier_id} {self.word}"


coded("field", Classifier.Field.choices)
