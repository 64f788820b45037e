from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, text


class AcknowledgementForm(ActForm):
    done = text(
        _("What was done, or why nothing has to be"), rows=3,
        help_text=_("For example: shipping stopped, supplier told, customers called; or: the gale of Sunday, over."),
    )  # fmt: skip
