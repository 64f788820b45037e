"""What understand reads from a firm file: what is asked of customers, the words of consents, and the segments."""

from django.utils.translation import gettext as _

from guixin.organisation.firm import Loading, section
from guixin.organisation.models import Person
from guixin.understand import consenting, describing, segmenting
from guixin.understand.models import Attribute, Purpose, Segment
from guixin.understand.rules import CannotFollow, checked
from guixin.web.refusals import Refused


@section("attributes")
def load_attributes(entries, loading: Loading) -> None:
    """[attributes.machines] name, name_en, kind = "text" | "number" | "date" | "choice" | "yes_no", choices = ["…"],
    required, personal, of = "person" | "company", place. `withdrawn = true` no longer asks for it."""
    for code, entry in loading.each(entries):
        loading.known_keys(
            entry, "name", "name_en", "kind", "choices", "required", "personal", "of", "place", "withdrawn"
        )
        there = Attribute.objects.filter(code=code).first()
        about = {
            "name": loading.needed(entry, "name"),
            "name_en": entry.get("name_en", ""),
            "choices": entry.get("choices", []),
            "required": bool(entry.get("required")),
            "personal": bool(entry.get("personal")),
            "asked_of": entry.get("of", ""),
        }
        if "place" in entry:
            about["place"] = entry["place"]
        try:
            if there is None:
                there = describing.define(
                    kind=entry.get("kind", "text"), code=code, by=None, now=loading.now, **about
                )
                loading.created["Attribute"] += 1
            elif there.kind != entry.get("kind", "text"):
                raise loading.refuse(
                    _("What may stand there cannot be changed; ask for it under another code.")
                )
            elif any(getattr(there, name) != value for name, value in about.items()):
                describing.redefine(there, about, by=None, now=loading.now)
                loading.changed["Attribute"] += 1
            if bool(entry.get("withdrawn")) != bool(there.withdrawn_at):
                verb = describing.withdraw if entry.get("withdrawn") else describing.restore
                verb(there, by=None, now=loading.now)
                loading.changed["Attribute"] += 1
        except Refused as refusal:
            raise loading.refuse(str(refusal)) from refusal


@section("consents")
def load_consents(entries, loading: Loading) -> None:
    """[consents.news] text, text_en: what customers are shown when they agree. A changed text is a new version."""
    for purpose, entry in loading.each(entries):
        loading.known_keys(entry, "text", "text_en")
        if purpose not in Purpose.values:
            raise loading.refuse(
                _("There is no purpose “%(purpose)s”. There are: %(known)s.")
                % {"purpose": purpose, "known": ", ".join(Purpose.values)}
            )
        there = consenting.wordings().get(purpose)
        made = consenting.publish_wording(
            purpose, loading.needed(entry, "text"), entry.get("text_en", ""), by=None, now=loading.now
        )
        if there is None or made.pk != there.pk:
            (loading.changed if there else loading.created)["ConsentWording"] += 1


@section("segments")
def load_segments(entries, loading: Loading) -> None:
    """[segments.key-accounts] name, name_en, purpose, owner = "ye",
    rule = { match = "all", parts = [ { fact = "grade", asks = "in", value = ["A"] } ] }.

    A new segment stands behind those there are. A changed rule is published as its next version, and a worker sorts the
    customers by it. `withdrawn = true` takes it out of force.
    """
    for code, entry in loading.each(entries):
        loading.known_keys(entry, "name", "name_en", "purpose", "owner", "rule", "withdrawn")
        segment = Segment.objects.filter(code=code).first()
        try:
            if entry.get("withdrawn"):
                if segment and segment.is_published:
                    segmenting.withdraw(segment, by=None, now=loading.now)
                    loading.changed["Segment"] += 1
                continue
            _keep(code, entry, segment, loading)
        except CannotFollow as why:
            raise loading.refuse(f"rule: {why}") from why
        except Refused as why:
            raise loading.refuse(str(why)) from why


def _keep(code: str, entry: dict, segment: Segment | None, loading: Loading) -> None:
    said = {
        "name": loading.needed(entry, "name"),
        "name_en": entry.get("name_en", ""),
        "purpose": entry.get("purpose", ""),
        "owner": loading.find(Person, _("person"), login=loading.needed(entry, "owner")),
    }
    if segment is None:
        segment = segmenting.define(code, **said, by=None, now=loading.now)
        loading.created["Segment"] += 1
    elif any(getattr(segment, name) != value for name, value in said.items()):
        segment = segmenting.describe(segment, said, by=None, now=loading.now)
        loading.changed["Segment"] += 1
    rule = checked(loading.needed(entry, "rule"), code=code)
    there = segment.versions.filter(withdrawn_at=None).first() if segment.is_published else None
    if there is None or there.rule != rule:
        segmenting.publish(segment, rule, by=None, now=loading.now)
        (loading.changed if there else loading.created)["SegmentVersion"] += 1
