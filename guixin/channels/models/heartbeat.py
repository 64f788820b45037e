"""A sign of life from each loop of each worker."""

from django.db import models


class Heartbeat(models.Model):
    """When a worker's loop was last seen alive, by the real clock of the database, never a virtual one."""

    name = models.TextField()  # host and process: "desk-1:4711"
    kind = models.TextField()  # the loop: clocks, ledger, post …
    beat_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "kind"], name="one_heartbeat_a_loop")]

    def __str__(self) -> str:
        return f"{self.name} {self.kind} {self.beat_at}"
