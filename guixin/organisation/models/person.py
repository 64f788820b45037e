from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from guixin.organisation.pinyin import spell


class PersonQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def find(self, text):
        """By login, name, or the pinyin of the name; prefixes count."""
        typed = text.strip()
        if not typed:
            return self.none()
        letters = typed.casefold().replace(" ", "")
        return self.filter(
            Q(login__istartswith=typed)
            | Q(name__startswith=typed)
            | Q(name_pinyin__startswith=letters)
            | Q(name_initials__startswith=letters)
        )


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]  # made by Django at run time
    def create_user(self, login, password=None, **fields):
        """A person who can sign in, or (no password) one who cannot yet."""
        person = self.model(login=login.strip(), **fields)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, login):
        return self.get(login=login)


class Person(AbstractBaseUser):
    """Somebody who works here. What they may do comes from their posts, never from flags on the person."""

    login = models.TextField(unique=True)
    name = models.TextField()
    name_pinyin = models.TextField(blank=True, editable=False)
    name_initials = models.TextField(blank=True, editable=False)
    email = models.EmailField(blank=True)
    phone = models.TextField(blank=True)
    language = models.TextField(default="zh-hans")
    is_active = models.BooleanField(default=True)
    preferences = models.JSONField(default=dict, blank=True)  # how they want the pages; see web/preferences.py

    objects = PersonManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        indexes = [
            models.Index(fields=["name_pinyin"], name="person_pinyin", opclasses=["text_pattern_ops"]),
            models.Index(fields=["name_initials"], name="person_initials", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self):
        return self.name

    def spell_name(self):
        """Fill the two search columns; `save` does it, bulk writers call it themselves."""
        self.name_pinyin, self.name_initials = spell(self.name)
        return self

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is None or "name" in update_fields:
            self.spell_name()
            if update_fields is not None:
                update_fields = {*update_fields, "name_pinyin", "name_initials"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


class Absence(models.Model):
    """Away during [from_at, to_at), with whoever decides meanwhile."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="absences")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    deputy = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="deputising")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")),
                name="absence_deputy_is_somebody_else",
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.from_at:%Y-%m-%d}..{self.to_at:%Y-%m-%d}"
