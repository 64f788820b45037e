"""By which ways somebody wants to be told of what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.channels.notice_topics import Topic
from guixin.desks.forms.customer import hour


def topics(label: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=Topic.choices, required=False, widget=forms.CheckboxSelectMultiple, **kwargs
    )


class WishesForm(forms.Form):
    mail = topics(_("By e-mail"))
    robot = topics(_("In the chat of my department"))
    quiet_from = hour(_("Leave me in peace from"))
    quiet_to = hour(_("until"))
