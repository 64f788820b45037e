"""guixin apikey create LOGIN NAME --scopes cases:read,cases:write | list | revoke PREFIX"""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from guixin.ledger.clock import database_now
from guixin.organisation.models import ApiKey, Person, Scopes
from guixin.organisation.models.api_key import CannotIssue


class Command(BaseCommand):
    help = "Make, list and revoke keys for programs. A key is shown once."

    def add_arguments(self, parser):
        acts = parser.add_subparsers(dest="act", required=True)
        create = acts.add_parser("create", help="make a key that acts as somebody")
        create.add_argument("login")
        create.add_argument("name", help="what the key is for")
        create.add_argument("--scopes", default="all", help=f"all, or some of: {', '.join(Scopes.values)}")
        create.add_argument("--days", type=int, help="until it expires; for ever if not given")
        acts.add_parser("list", help="every key, without its secret")
        revoke = acts.add_parser("revoke", help="from now on the key opens nothing")
        revoke.add_argument("prefix", help="what stands between “gx_” and the second “_”")

    def handle(self, *, act, **options):
        {"create": self.create, "list": self.list, "revoke": self.revoke}[act](options, database_now())

    def create(self, options, now):
        person = Person.objects.filter(login=options["login"], is_active=True).first()
        if person is None:
            raise CommandError(_("There is nobody with the login “%(login)s”.") % {"login": options["login"]})
        wanted = options["scopes"]
        scopes = list(Scopes.values) if wanted == "all" else [each.strip() for each in wanted.split(",")]
        expires_at = now + timedelta(days=options["days"]) if options["days"] else None
        try:
            _key, text = ApiKey.issue(person, options["name"], scopes, now, expires_at)
        except CannotIssue as why:
            raise CommandError(str(why)) from why
        self.stdout.write(text)

    def list(self, options, now):
        for key in ApiKey.objects.select_related("person").order_by("pk"):
            state = "" if key.is_usable(now) else "  (" + _("no longer valid") + ")"
            self.stdout.write(f"{key}  {key.person.login}  {','.join(key.scopes)}{state}")

    def revoke(self, options, now):
        key = ApiKey.objects.filter(prefix=options["prefix"]).first()
        if key is None:
            raise CommandError(_("There is no such key."))
        key.revoke(now=now)
