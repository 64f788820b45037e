from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.keys import MOVABLE


class KeysForm(forms.Form):
    """One field for each key that may be moved; an empty one, or the key itself, is the usual one."""

    def __init__(self, *args, own: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        for at, (usual, words) in enumerate(MOVABLE.items()):
            self.fields[f"key_{at}"] = forms.CharField(
                label=words,
                required=False,
                max_length=1,
                initial=own.get(usual, usual),
                widget=forms.TextInput(
                    attrs={"autocomplete": "off", "autocapitalize": "off", "class": "key-field"}
                ),
            )

    def clean(self):
        taken: dict[str, str] = {}
        for at, usual in enumerate(MOVABLE):
            wanted = self.cleaned_data.get(f"key_{at}") or usual
            if wanted == "g" or not (wanted.isascii() and wanted.isprintable()):
                self.add_error(f"key_{at}", _("Take one letter, digit or sign of the keyboard other than g."))
            elif wanted in taken:
                self.add_error(f"key_{at}", _("“%(key)s” is used twice.") % {"key": wanted})
            taken[wanted] = usual
        self.own = {usual: wanted for wanted, usual in taken.items() if wanted != usual}
        return self.cleaned_data


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=gettext_lazy("Password now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_old(self):
        if not self.person.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError(_("This is not your password now."))
        return self.cleaned_data["old"]

    def clean_new(self):
        password_validation.validate_password(self.cleaned_data["new"], self.person)
        return self.cleaned_data["new"]
