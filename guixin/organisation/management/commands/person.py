"""guixin person password LOGIN: the new password is read from standard input, never from the command line.
guixin person link LOGIN: prints a link that lets them choose one, once.

Neither is needed as a rule: a server prints the link of the first administrator, and people invite each other by pages.
"""

import sys
from getpass import getpass

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from guixin.ledger.clock import database_now
from guixin.organisation.first_firm import ensure_first_firm
from guixin.organisation.models import Person, SignInLink
from guixin.organisation.signing_in import make_link


class Command(BaseCommand):
    help = "Give somebody a password, read from standard input, or a link to choose one."

    def add_arguments(self, parser):
        parser.add_argument("act", choices=["password", "link"])
        parser.add_argument("login")

    def handle(self, *, act, login, **options):
        ensure_first_firm(database_now())
        person = Person.objects.filter(login=login).first()
        if person is None:
            raise CommandError(_("There is nobody with the login “%(login)s”.") % {"login": login})
        if act == "link":
            _link, token = make_link(person, SignInLink.Purpose.INVITATION, by=None, now=database_now())
            self.stdout.write(f"{settings.BASE_URL}/invitation/{token}")
            return
        password = getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        try:
            validate_password(password, person)
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        person.set_password(password)
        person.save(update_fields=["password"])
        self.stdout.write(_("%(login)s can sign in with the new password.") % {"login": login})
