"""Files added to a case by themselves; those that come with words are added by the act that says the words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guixin.desks.acts import act
from guixin.desks.forms.attach import WithFiles, kept_files
from guixin.desks.forms.base import ActForm
from guixin.serve.attaching import CannotAttach, attach


class AddFilesForm(WithFiles, ActForm):
    def prepare(self) -> None:
        self.fields["attachments"].widget.attrs |= {"required": True}


@act(noun="case", name="attachments", form=AddFilesForm, title=gettext_lazy("Add photos and files"),
     button=gettext_lazy("Add"), may=lambda case, person: True, offered=lambda case: True)  # fmt: skip
def add_files(case, said, *, by, now):
    kept = kept_files(said)
    if not kept:
        raise CannotAttach(_("Choose a file first."))
    attach(kept, case=case, by=by, now=now)
    return ngettext("%(count)s file was added.", "%(count)s files were added.", len(kept)) % {
        "count": len(kept)
    }
