"""A mailbox: where it is fetched, and what its mail becomes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.channels.models import Mailbox
from guixin.desks.forms.base import ActForm, DepartmentField, line
from guixin.serve.models import Case

PLAIN = (
    "address", "name", "host", "port", "security", "login", "folder", "done_folder", "case_kind", "authserv_id",
    "tags_addresses", "acknowledges",
)  # fmt: skip


class MailboxForm(ActForm):
    address = line(_("Address customers write to"), required=True)
    name = line(_("Name that stands before it in our mails"))
    host = line(
        _("IMAP server"),
        help_text=_("Empty: its mail is handed over by your own mail server (guixin maildoor)."),
    )
    port = forms.IntegerField(label=_("Port"), initial=993, min_value=1, max_value=65535)
    security = forms.ChoiceField(label=_("Connection"), choices=Mailbox.Security.choices)
    login = line(_("Login"))
    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Kept sealed and never shown again. Empty: the one that is kept stays."),
    )
    folder = line(_("Folder"), required=True, initial="INBOX")
    done_folder = line(
        _("Folder for mail that was read"), help_text=_("Empty: it stays where it is, marked as seen.")
    )
    case_kind = forms.ChoiceField(label=_("A new mail becomes"), choices=Case.Kind.choices)
    department = DepartmentField(label=_("Department"), nothing=_("As the rules say"), required=False)
    authserv_id = line(
        _("Name of your server in Authentication-Results"),
        help_text=_("Only what it says about a sender counts. Empty: nobody's word counts."),
    )
    tags_addresses = forms.BooleanField(
        label=_("The server delivers service+tag@ to service@"), required=False, initial=True
    )
    acknowledges = forms.BooleanField(
        label=_("Tell senders that their mail arrived"), required=False, initial=True
    )

    def prepare(self) -> None:
        if self.noun is not None:
            self.initial = {name: getattr(self.noun, name) for name in PLAIN}
            self.initial["department"] = self.noun.department_id or ""

    def values(self) -> dict[str, Any]:
        """As `mailboxes.add` and `change` want them, without the password."""
        return {name: self.cleaned_data[name] for name in (*PLAIN, "department")}
