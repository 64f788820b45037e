"""Whatever names a person says who did it, or is passed on when that person's work is handed over, or says here why not."""

from django.apps import apps

from guixin.organisation.models import Person
from guixin.organisation.passing_on import sorts
from guixin.serve.handing_over import COLUMNS

# Columns that end in "by" say who did something: history, which stays.
HELD_ALL_THE_SAME = {"serve.CallBack.taken_by"}  # somebody is to ring

NOTHING_WAITS = {
    # Who somebody is and what they may do, which goes when they leave and not when their work does.
    "organisation.Post.person", "organisation.Skill.people", "organisation.Absence.person", "organisation.Absence.deputy",
    "organisation.ApiKey.person", "organisation.SignInLink.person", "organisation.Lending.lender",
    "organisation.Lending.borrower", "organisation.Use.principal",
    # One's own desk.
    "serve.Draft.person", "serve.DraftFile.person", "serve.Presence.person", "serve.SavedView.owner",
    "serve.ViewCount.person", "serve.Snooze.person", "serve.Watch.person", "channels.Notice.person",
    "channels.Told.person", "channels.NoticeWishes.person",
    # Read by oneself: nobody reads it in another's place.
    "understand.KnowledgeReading.person",
    # Who was told by the ladder: the deputy and the next level have it by themselves.
    "promise.Escalation.from_person", "promise.Escalation.to_person", "understand.Contact.raised_to",
    "promise.Extension.authority",
    # History under another name.
    "serve.HardProblem.instead_of",
    "promise.VisitRhythm.owner",  # as it began; its series of contacts is passed on
    "recover.Recovery.holder",  # goes with the owner of its case
}  # fmt: skip


def held_columns() -> set[str]:
    found = set()
    for model in apps.get_models():
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            name = f"{model._meta.label}.{field.name}"
            is_history = field.name == "by" or field.name.endswith("_by")
            if field.related_model is Person and (not is_history or name in HELD_ALL_THE_SAME):
                found.add(name)
    return found


def test_everything_a_person_holds_is_passed_on_or_excused():
    covered = {column for sort in sorts().values() for column in sort.columns} | set(COLUMNS)

    assert held_columns() - covered - NOTHING_WAITS == set(), (
        "say in passing_on.py of its package how it is passed on"
    )
    assert covered & NOTHING_WAITS == set()
    assert NOTHING_WAITS - held_columns() == set()
