"""Writes the payloads into every text of every table, past all validation: what is shown has to hold on its own."""

import json
from itertools import count

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from guixin.ledger.clock import set_virtual_clock
from guixin.organisation.models import Person
from guixin.promise.models import Standard
from guixin.serve import watching
from guixin.serve.models import Case, Draft, IntakeTemplate, Presence
from guixin.serve.tests import make
from tests.security.payloads import ALL, group
from tests.security.world import World, case_of

# Not words but names of ours: of states and kinds, codes in addresses, secrets, places of files.
OURS = {
    "code", "decision", "number", "login", "password", "path", "prefix", "secret_hash", "token_hash", "kind", "list", "measure", "state",
    "language", "category", "media_type", "sha256", "query", "stored_as", "about_kind", "scopes", "duties", "sees", "timezone",
    "channel", "lane", "what", "act", "quality_point", "cause", "origin", "source", "external_id", "acted_how", "tab", "grade",
    "market", "original", "secret", "salt", "view", "of", "key", "hash", "seal", "caller", "method", "mapping", "tracking", "for_kind",
    "for_category", "for_channel", "for_grade", "name_pinyin", "name_initials", "name_folded", "value", "normal", "shown", "doubt", "outcome",
    "prefers", "asked", "shared", "ref", "holiday", "listed", "url", "email", "role", "listens", "severity", "tracking_secret", "tracking_salt",
}  # fmt: skip
THEIRS_ALL_THE_SAME = {
    "StrategyTask.what",
    "Surge.value",
    "StrategyTask.outcome",
    "StrategyStep.words",
}  # words of people under a name of ours
UNTOUCHED = {"sessions", "contenttypes", "auth", "ledger"}  # the ledger keeps no words and is written once
LONG = {"body", "story", "instruction", "result", "reason", "comment", "summary", "note", "act_note", "decision_note", "raw", "sentence"}  # fmt: skip

PASSWORD = "of He, who looks at it"


def is_theirs(model, name: str) -> bool:
    """Whether people write this column, rather than the program."""
    return name not in OURS or f"{model.__name__}.{name}" in THEIRS_ALL_THE_SAME


def plant() -> dict:
    """A world with something in every table a page shows; answers what the pages are called."""
    set_virtual_clock(make.NOON)
    world = World()
    _furnish(world)
    numbers = count()
    for model in apps.get_models():
        if model._meta.app_label in UNTOUCHED or not model._meta.managed:
            continue
        for field in model._meta.local_concrete_fields:
            if (
                isinstance(field, models.TextField | models.CharField)
                and not field.choices
                and is_theirs(model, field.name)
            ):
                _poison(model, field, numbers)
    Draft.objects.update(said={"body": ALL})
    reader = Person.objects.get(login="he")
    reader.set_password(PASSWORD)
    reader.save(update_fields=["password"])
    connection.close()
    named = {name: str(thing) for name, thing in world["quality"].items()}
    return json.loads(json.dumps(named))


def _poison(model, field, numbers) -> None:
    if field.unique or isinstance(
        field, models.URLField | models.EmailField | models.SlugField | models.UUIDField
    ):
        return
    for pk in model.objects.values_list("pk", flat=True)[:200]:
        number = next(numbers)
        for text in ([ALL] if field.name in LONG else []) + [
            group(number, 1500),
            group(number, 200),
            group(number, 90),
        ]:
            if field.max_length and len(text) > field.max_length:
                continue
            try:
                with transaction.atomic():
                    model.objects.filter(pk=pk).update(**{field.name: text})
                break
            except DatabaseError:
                continue


def _furnish(world: World) -> None:
    now = make.NOON
    for side in ("quality", "logistics"):
        case = case_of(world, side)
        watching.watch(case, by=make.he(), now=now)
        for person in Person.objects.filter(login__in=["wang", "li", "sun"]):
            Presence.objects.create(case=case, person=person, doing="writing", at=now)
        Draft.objects.create(case=case, person=make.he(), tab="note", said={"body": ALL}, at=now)
    make.closed_case(now=now)
    for number in range(12):
        make.case(by=make.he(), subject=str(number))
    IntakeTemplate.objects.create(code="common", name="x", subject="x", story="x")
    Standard.objects.update(name_en="x")
    Case.objects.filter(state="open").update(product="x")
