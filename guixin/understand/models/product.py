"""Products under the firm's own keys, each belonging to a line of business where somebody said so."""

import unicodedata

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def product_key(code: str) -> str:
    """The same for `85123A`, `85123a` and full-width writing of it: files are not careful about that."""
    return " ".join(unicodedata.normalize("NFKC", code).split()).casefold()


class Product(models.Model):
    """Something the firm sells. What a purchase file names and we did not know is added with its code."""

    code = models.TextField(help_text=_("The firm's own key."))
    key = models.TextField(unique=True, editable=False)  # product_key(code)
    name = models.TextField(blank=True, default="")
    line = models.TextField(blank=True, default="", help_text=_("The product line it belongs to."))
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="product_has_code", condition=~Q(key=""))]
        indexes = [models.Index(fields=["line"], name="product_line", condition=~Q(line=""))]

    def __str__(self) -> str:
        return self.code

    def save(self, *args, **kwargs):
        self.key = product_key(self.code)
        super().save(*args, **kwargs)
