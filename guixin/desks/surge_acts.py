"""What people do with a surge."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.acts import act
from guixin.desks.forms.surge import AcknowledgementForm
from guixin.serve import surges
from guixin.serve.overview import may_oversee


@act(noun="surge", name="acknowledgement", form=AcknowledgementForm, title=gettext_lazy("Acknowledge the surge"),
     button=gettext_lazy("Acknowledge the alarm"), may=lambda surge, person: may_oversee(person),
     offered=lambda surge: surge.is_waiting, look="main")  # fmt: skip
def acknowledge(surge, said, *, by, now):
    surges.acknowledge(surge, said["done"], by=by, now=now)
    return _("Acknowledged. It is raised again if a day is much worse than these.")
