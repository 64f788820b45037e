"""Contact people (联系人): who at a company has which say in a purchase, and what moves them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.understand.following import follows_customer
from guixin.understand.models.customer import Customer


class Role(models.TextChoices):
    """A part in the decision to buy, after Webster and Wind's buying centre."""

    USER = "user", _("User")
    INFLUENCER = "influencer", _("Influencer")
    BUYER = "buyer", _("Buyer")
    DECIDER = "decider", _("Decider")
    GATEKEEPER = "gatekeeper", _("Gatekeeper")


@follows_customer("contact_person", field="person", once=("company",))
@follows_customer("contact_of_company", field="company", once=("person",))
class ContactPerson(models.Model):
    """A person at a company: what they are there, their say, and their motives. Whoever left stays readable."""

    company = models.ForeignKey(Customer, models.CASCADE, related_name="contact_people", db_index=False)
    person = models.ForeignKey(Customer, models.CASCADE, related_name="roles_at", db_index=False)
    position = models.TextField(blank=True)
    roles = ArrayField(models.TextField(choices=Role), default=list, blank=True)
    motives = models.TextField(blank=True)
    since = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "person"], name="contact_person_once"),
            models.CheckConstraint(condition=Q(roles__contained_by=Role.values), name="contact_roles_known"),
            models.CheckConstraint(condition=~Q(company=models.F("person")), name="contact_not_oneself"),
        ]
        indexes = [models.Index(fields=["person"], name="contact_person_person")]

    def __str__(self):
        return f"{self.person_id} at {self.company_id}"

    def roles_in_words(self) -> str:
        return ", ".join(str(Role(each).label) for each in self.roles)
