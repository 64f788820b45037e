from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

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
    is_active = models.BooleanField(default=True)  # works here
    locked_at = models.DateTimeField(null=True, blank=True)  # may not sign in, and still works here
    sign_in_round = models.PositiveIntegerField(default=0)  # moved on: every session of before ends
    preferences = models.JSONField(
        default=dict, blank=True
    )  # how they want the pages; see web/preferences.py

    # Of whoever is signed in: the moment they were read and the revisions then; see revisions.py.
    looked_at: tuple | None = None

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

    @property
    def may_sign_in(self) -> bool:
        return self.is_active and self.locked_at is None

    def _get_session_auth_hash(self, secret=None):
        """A session belongs to a password and a round; when either changes, it is over."""
        before = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]  # the stubs lack it
        if not self.sign_in_round:
            return before
        return salted_hmac(
            "guixin.sign_in_round", f"{before}:{self.sign_in_round}", secret=secret
        ).hexdigest()

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @transaction.atomic
    def prefer(self, **chosen):
        """Keep how this person wants the pages. The language is also that of the notices they are sent."""
        as_kept = Person.objects.select_for_update().values_list("preferences", flat=True).get(pk=self.pk)
        self.preferences = as_kept | chosen
        self.language = chosen.get("language", self.language)
        self.save(update_fields=["preferences", *(["language"] if "language" in chosen else [])])

    def sign_out_everywhere(self):
        """Every session of this person ends with its next request, on whatever device."""
        Person.objects.filter(pk=self.pk).update(sign_in_round=F("sign_in_round") + 1)
        self.refresh_from_db(fields=["sign_in_round"])


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
