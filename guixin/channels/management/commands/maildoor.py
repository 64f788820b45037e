"""guixin maildoor [--listen 127.0.0.1:8024] [--smtp]"""

import signal
from threading import Event

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from guixin.channels.mail.door import Door


class Command(BaseCommand):
    help = "Take mail from the firm's own mail server, by LMTP or SMTP: stored before it is acknowledged."

    def add_arguments(self, parser):
        parser.add_argument("--listen", default="127.0.0.1:8024", help="address and port; 127.0.0.1:8024")
        parser.add_argument("--smtp", action="store_true", help="speak SMTP instead of LMTP")

    def handle(self, *, listen, smtp, **options):
        host, _colon, port = listen.rpartition(":")
        if not port.isdecimal():
            raise CommandError(_("“%s” is no address with a port, such as 127.0.0.1:8024.") % listen)
        over = Event()
        for polite_kill in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(polite_kill, lambda number, frame: over.set())
        try:
            with Door(host.strip("[]"), int(port), is_lmtp=not smtp):
                self.stdout.write(_("Mail is taken at %s.") % listen)
                over.wait()
        except OSError as why:
            raise CommandError(str(why)) from why
