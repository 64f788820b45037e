"""A response (答卷): one person's answers to one wave, a row for each question."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.listen.models.place import WavePlace
from guixin.listen.models.questionnaire import Question
from guixin.listen.models.wave import Wave
from guixin.organisation.models import Person
from guixin.serve.models import Case
from guixin.understand.following import follows_customer
from guixin.understand.models import Contact, Customer, Purchase


class ResponseQuerySet(models.QuerySet["Response"]):
    def counted(self) -> "ResponseQuerySet":
        """Given to the end, and not struck out."""
        return self.filter(completed_at__isnull=False, struck_at=None)

    def in_figures(self, wave: Wave) -> "ResponseQuerySet":
        """Those the figures are counted from: of an anonymous wave what joined them in fives, see `joins_figures`."""
        return self.counted().filter(joined_figures=True) if wave.is_anonymous else self.counted()


@follows_customer("survey_response")
class Response(models.Model):
    """`key` tells responses of a wave apart, so that a link used twice or a file read twice adds nothing: "link:" and a
    hash only the holder of the link can make, "place:" and one of what the browser at a place keeps, "r:" and the third party's own number, or "h:" and what stands in the row.

    `joined_figures`: of an anonymous wave, whether it is counted yet. Responses join at least five at once, or what one more
    changed in the figures would be that one's answers.

    What it is about is a case, a visit (contact) or a purchase; all blank in an anonymous wave.
    """

    class Source(models.TextChoices):
        LINK = "link", _("Link")
        PLACE = "place", _("At a place")
        PHONE = "phone", _("By phone")
        FILE = "file", _("File")
        API = "api", _("Program")

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="responses", db_index=False)
    key = models.TextField()
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+", db_index=False)
    purchase = models.ForeignKey(Purchase, models.SET_NULL, null=True, related_name="+", db_index=False)
    place = models.ForeignKey(WavePlace, models.SET_NULL, null=True, related_name="responses", db_index=False)
    source = models.TextField(choices=Source)
    taken_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False
    )  # by phone
    stratum = models.TextField(blank=True, default="")  # of the sample, unless the wave is anonymous
    language = models.TextField(blank=True, default="")
    begun_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    joined_figures = models.BooleanField(default=False)
    struck_at = models.DateTimeField(null=True)
    struck_why = models.TextField(blank=True, default="")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "key"], name="response_once")]
        indexes = [
            models.Index(fields=["customer"], name="response_of", condition=Q(customer__isnull=False)),
            models.Index(fields=["case"], name="response_about", condition=Q(case__isnull=False)),
            models.Index(
                fields=["wave", "id"],
                name="response_counted",
                condition=Q(completed_at__isnull=False, struck_at=None),
            ),
            models.Index(
                fields=["place", "begun_at"], name="response_at_place", condition=Q(place__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"response {self.pk}"  # never the answers: this lands in logs


class Answer(models.Model):
    """`value`: a point of a scale; `words`: the word chosen, or their own. A question without an answer has no row."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers", db_index=False)
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", db_index=False)
    value = models.SmallIntegerField(null=True)
    words = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="one_answer_a_question"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(words=""), name="answer_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
