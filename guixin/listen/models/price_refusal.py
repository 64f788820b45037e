"""Four prices somebody answered that their study did not take, and why. The answer itself stays with the response."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guixin.listen.models.questionnaire import Question
from guixin.listen.models.response import Response
from guixin.understand.models import PriceStudy


class PriceRefusal(models.Model):
    class Reason(models.TextChoices):
        CLOSED = "closed", _("the study had ended")
        CUSTOMER_TWICE = "customer_twice", _("this customer had answered the study already")
        TOO_MANY = "too_many", _("the study holds as many answers as it can")
        BAD_PRICE = "bad_price", _("a price was too high")
        OTHER = "other", _("the answer contradicts itself or another one")

    response = models.ForeignKey(Response, models.CASCADE, related_name="price_refusals", db_index=False)
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", db_index=False)
    study = models.ForeignKey(PriceStudy, models.CASCADE, related_name="refusals")
    reason = models.TextField(choices=Reason)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="one_price_refusal_a_question")
        ]

    def __str__(self) -> str:
        return f"price refusal {self.pk}"
