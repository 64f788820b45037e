"""guixin firm load FILE | guixin firm check FILE"""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from guixin.ledger.clock import database_now
from guixin.organisation import firm


class Command(BaseCommand):
    help = "Make the firm (calendars, departments, positions, people, …) what a TOML file says."

    def add_arguments(self, parser):
        parser.add_argument("act", choices=["load", "check"], help="check tries everything and keeps nothing")
        parser.add_argument("file")

    def handle(self, *, act, file, **options):
        try:
            loading = firm.load(file, now=database_now(), dry_run=act == "check")
        except firm.CannotLoad as wrong:
            raise CommandError(str(wrong)) from wrong
        for noun in sorted({*loading.created, *loading.changed}):
            self.stdout.write(
                _("%(noun)s: %(created)d new, %(changed)d changed")
                % {"noun": noun, "created": loading.created[noun], "changed": loading.changed[noun]}
            )
        if loading.changed_nothing:
            self.stdout.write(_("The firm is already as the file says."))
        elif act == "check":
            self.stdout.write(_("The file is in order. Nothing was changed."))
