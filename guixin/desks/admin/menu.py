"""What the administrator's pages are, in the order an administrator sets up a firm."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Entry:
    """`name` is the name of the page's address; `words` its title; `what` one line on what is done there."""

    name: str
    words: Any
    what: Any


@dataclass(frozen=True)
class Group:
    words: Any
    entries: list[Entry]


MENU = [
    Group(
        _("The firm"),
        [
            Entry("departments", _("The departments"), _("The tree, working hours, positions; who leads.")),
            Entry("people", _("People"), _("Invite, posts, lock, new password, leaving.")),
            Entry("skills", _("Skills and experts"), _("To whom hard problems are sent, and who is free.")),
            Entry("absences", _("Absences"), _("Who is away when, and who decides meanwhile.")),
            Entry("ladder", _("Ladder"), _("Who is told when a promise breaks, and where nobody would be.")),
            Entry(
                "calendars", _("Working hours"), _("Shifts and lunch breaks that deadlines are counted in.")
            ),
            Entry(
                "holidays",
                _("Holidays"),
                _("The year's holidays and make-up days, from the official notice."),
            ),
        ],
    ),
    Group(
        _("Promises and rules"),
        [
            Entry("admin_standards", _("Service standards"), _("What is promised, to whom, and the remedy.")),
            Entry(
                "admin_authority",
                _("Authority matrix"),
                _("What each position may decide and spend, previewed."),
            ),
            Entry(
                "recovery_rules",
                _("Rules of recovery"),
                _("What is proposed to make a customer whole, by severity, fault and grade."),
            ),
            Entry(
                "visit_rules",
                _("Rules for visits"),
                _("How visitors are received and followed up; tried before published."),
            ),
            Entry("rules", _("Routing rules"), _("Who gets a share of which case; tried before published.")),
            Entry("admin_terms", _("Lists of words"), _("Categories, quality points and causes.")),
            Entry(
                "templates",
                pgettext_lazy("words", "Templates"),
                _("Canned replies under “/”, and what is done with them."),
            ),
            Entry(
                "admin_forms",
                _("Forms of requests"),
                _("What a service request asks, drafted, previewed, published."),
            ),
            Entry(
                "attributes", _("What we ask of customers"), _("Fields of your own on the customer's record.")
            ),
            Entry("consent_wordings", _("Words of consent"), _("What customers are shown when they agree.")),
            Entry("grading", _("Grading of customers"), _("Who is an A and why; tried before published.")),
            Entry("rates", _("Exchange rates"), _("What other currencies are worth, from which day on.")),
            Entry("policy", _("Policy"), _("Repeats, sending back, calling again, urging.")),
        ],
    ),
    Group(
        _("Channels and data"),
        [
            Entry("imports", _("Import"), _("Cases and customers from Excel or CSV, with the file back.")),
            Entry("mailboxes", _("Mailboxes"), _("Addresses customers write to, and whether they are read.")),
            Entry(
                "robots",
                _("Staff notices"),
                _("Robots in WeCom, DingTalk, Feishu or any webhook; quiet hours."),
            ),
            Entry(
                "call_back_lines", _("Call-backs"), _("Which department rings back, when, how many at once.")
            ),
            Entry("places", _("Opinion points"), _("QR cards at counters, on products and vehicles.")),
            Entry("api_keys", _("API keys"), _("What other programs may read and do, and until when.")),
            Entry("webhooks", _("Webhooks"), _("Which of your systems is told what happens here.")),
        ],
    ),
    Group(
        _("The system"),
        [
            Entry("health", _("System"), _("Whether everything runs, and what to do when not.")),
            Entry("ledger", _("Ledger"), _("Who did what when, and who looked at personal data.")),
        ],
    ),
]
