"""What the composer on a case asks for: words to the customer, a note among ourselves, a task for a department."""

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.attach import WithFiles
from guixin.desks.forms.base import ActForm, DepartmentField, TermField, line, text
from guixin.desks.forms.case import SEVERITIES
from guixin.desks.forms.suggested import offer_suggestions
from guixin.serve.classifying import is_required
from guixin.serve.models import Case, Message, Template, Term
from guixin.serve.sending import LONGEST_HOLD

KINDS = [
    (kind.value, kind.label)
    for kind in (
        Message.Kind.REPLY,
        Message.Kind.PRELIMINARY,
        Message.Kind.ACKNOWLEDGEMENT,
        Message.Kind.ON_SITE,
    )
]
CHANNELS = [
    (each.value, each.label) for each in Case.Channel if each not in (Case.Channel.FILE, Case.Channel.API)
]


def hidden(**kwargs: Any) -> forms.CharField:
    return forms.CharField(widget=forms.HiddenInput, required=False, max_length=500, **kwargs)


class SayForm(WithFiles, ActForm):
    """Its files go to the server as soon as they are chosen, and are listed beside the input from then on. Without
    JavaScript they arrive with the words."""

    tab: ClassVar[str]

    def prepare(self) -> None:
        # The number in it, since a browser puts chosen files back into the input of this id, of this case only.
        self.fields["attachments"].widget.attrs |= {
            "id": f"say-{self.tab}-files-{self.noun.number}",
            "hx-post": f"/cases/{self.noun.number}/composer/{self.tab}/files",
            "hx-trigger": "files-ready",
            "hx-target": "closest .composer-files",
            "hx-swap": "outerHTML",
            "hx-params": "csrfmiddlewaretoken,attachments,file,listed_file",
            "hx-disabled-elt": "next .composer-send",
        }

    def choose_anew(self) -> None:
        """The server has what was chosen; the input begins empty."""
        self.fields["attachments"].widget.attrs |= {"data-choose-anew": ""}


class SayReplyForm(SayForm):
    """Words to the customer, and what else happens with them: settle the case, give a department a task, go on."""

    tab = "reply"

    kind = forms.ChoiceField(label=_("What is said"), choices=KINDS)
    channel = forms.ChoiceField(label=_("Over"), choices=CHANNELS)
    body = text(_("Words to the customer"), rows=5)
    template = hidden()
    article = hidden()  # of the handbook, whose words stand in the body
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    shown = hidden()

    settle = forms.BooleanField(label=_("Settle the case with it"), required=False)
    department = DepartmentField(label=_("Responsible department"), required=False)
    quality_point = TermField(Term.List.QUALITY_POINT, label=_("Quality point"), required=False)
    cause = TermField(Term.List.CAUSE, label=_("Cause"), required=False)
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=SEVERITIES, coerce=int, required=False, empty_value=None
    )
    task_for = DepartmentField(label=_("And give a task to"), nothing=_("Nobody"), required=False)
    instruction = line(_("What is asked of it"))
    opens_next = forms.BooleanField(label=_("Then open my next case"), required=False)

    def prepare(self) -> None:
        super().prepare()
        self.fields["kind"].initial = Message.Kind.REPLY
        channels = dict(CHANNELS)
        self.fields["channel"].initial = self.noun.channel if self.noun.channel in channels else "other"
        self.fields["severity"].initial = self.noun.severity
        self.fields["body"].widget.attrs |= {"data-words": "", "aria-describedby": "audience-reply"}
        if self.classifies:
            offer_suggestions(self, self.noun)

    @cached_property
    def classifies(self) -> bool:
        """Whether settling asks for a classification."""
        return self.noun.kind == Case.Kind.COMPLAINT or is_required(self.noun.kind)

    @property
    def settling(self) -> list[forms.BoundField]:
        return [self[name] for name in ("department", "quality_point", "cause", "severity")]

    def said(self) -> dict[str, Any]:
        """As `sending.send` wants it."""
        given = self.cleaned_data
        closing = task = None
        if given["settle"]:
            closing = {"department_id": given["department"].pk if given["department"] else None} | {
                name: given[name] for name in ("quality_point", "cause", "severity")
            }
        if given["task_for"]:
            task = {"department_id": given["task_for"].pk, "instruction": given["instruction"]}
        template = given["template"]
        return {
            "kind": given["kind"],
            "channel": given["channel"],
            "closing_with": closing,
            "task": task,
            "template": Template.objects.filter(pk=template).first() if template.isdecimal() else None,
            "seen": given["seen"],
            "shown": tuple(int(each) for each in given["shown"].split(",") if each.isdecimal()),
        }


class SayNoteForm(SayForm):
    tab = "note"
    body = text(_("Note"), rows=4, help_text=_("@name tells that colleague."))

    def prepare(self) -> None:
        super().prepare()
        self.fields["body"].widget.attrs |= {"data-words": "", "aria-describedby": "audience-note"}


class SayTaskForm(SayForm):
    tab = "task"
    department = DepartmentField(label=_("Department"))
    instruction = text(_("What is asked of it"), rows=3)

    def prepare(self) -> None:
        super().prepare()
        self.fields["instruction"].widget.attrs |= {"data-words": "", "aria-describedby": "audience-task"}


FORMS: dict[str, type[SayForm]] = {each.tab: each for each in (SayReplyForm, SayNoteForm, SayTaskForm)}


class HoldForm(forms.Form):
    """For the page of one's own settings."""

    hold_seconds = forms.IntegerField(
        label=_("How long a reply can be taken back, in seconds"),
        min_value=0,
        max_value=LONGEST_HOLD,
        help_text=_("0 sends at once; at most 60. A promise that runs out sooner shortens it."),
    )
