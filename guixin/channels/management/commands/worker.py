"""guixin worker [--only clocks,ledger,…] [--processes 4] [--once]"""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from guixin.channels.supervising import Supervisor
from guixin.channels.work import Worker, loops


class Command(BaseCommand):
    help = "Do what runs without anybody asking: deadlines, numbering, post, notices, imports."

    def add_arguments(self, parser):
        kinds = ", ".join(loop.kind for loop in loops())
        parser.add_argument("--only", default="", help=f"some of: {kinds}; separated by commas")
        parser.add_argument("--processes", type=int, default=1, help="several; one that dies is replaced")
        parser.add_argument("--once", action="store_true", help="do what there is to do now, then end")

    def handle(self, *, only, once, processes, **options):
        wanted = [kind.strip() for kind in only.split(",") if kind.strip()]
        known = [loop.kind for loop in loops()]
        if unknown := [kind for kind in wanted if kind not in known]:
            raise CommandError(
                _("There is no work called “%(kind)s”. There are: %(known)s.")
                % {"kind": unknown[0], "known": ", ".join(known)}
            )
        if once:
            Worker(wanted).run_once()
        elif processes > 1:
            Supervisor(wanted, processes).run()
        else:
            Worker(wanted).run()
