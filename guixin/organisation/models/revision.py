from django.db import models


class Revision(models.Model):
    """The version number of one kind of configuration, moved by triggers only (see organisation/revisions.py)."""

    name = models.TextField(primary_key=True)
    number = models.BigIntegerField()

    def __str__(self):
        return f"{self.name} {self.number}"
