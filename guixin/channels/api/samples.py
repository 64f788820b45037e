"""Who is asked by a wave, for programs: the plan and what it reaches, the draw, how far the sending came; the rules of asking."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, Text, TimeOfDay, Word
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import NotThere
from guixin.channels.api.waves import called, to_edit
from guixin.listen import asking, building, inviting, sampling
from guixin.listen.margins import margin
from guixin.listen.models import Sample, Wave, asking_rules
from guixin.listen.sampling import LARGEST, Plan
from guixin.listen.who_answered import Answered, who_answered
from guixin.organisation.models import Scopes
from guixin.web.refusals import Refused

router = Router(tags=["surveys"], auth=Needs(Scopes.CUSTOMERS_READ))
changing = Needs(Scopes.STANDARDS_WRITE)


class FrameGiven(Input):
    """Where people come from. What the source does not ask is left out."""

    source: Literal["segment", "cases", "contacts", "purchases"]
    segment: Word = Field("", description="Code of a segment in force.")
    which: Literal["any", "open", "closed"] = Field(
        "any", description="Of cases: open now, closed in these days, or both."
    )
    kinds: list[Word] = Field(
        default=[], max_length=20, description="Only cases, or contacts, of these kinds."
    )
    department: Word = Field("", description="Code of a department: only cases it or one below it had.")
    days: int = Field(30, ge=1, le=1098)
    since: date | None = Field(None, description="Of purchases, the first day.")
    until: date | None = Field(None, description="Of purchases, the last day.")


class SampleWords(Input):
    """Blank: the usual words, in the customer's language. The body needs `{link}`."""

    subject: Word = ""
    subject_en: Word = ""
    body: Text = ""
    body_en: Text = ""


class SamplePlan(Input):
    """`quotas`: by stratum, after how many answers nobody else of it is asked or reminded."""

    frame: FrameGiven
    way: Literal["email", "phone"] = "email"
    size: int | None = Field(
        None, ge=1, le=LARGEST, description="How many are asked at most; none: everybody."
    )
    by: Literal["", "grade", "segment", "market", "department"] = ""
    allocation: Literal["proportional", "equal"] = "proportional"
    quotas: dict[Word, int] = {}
    seed: int | None = Field(None, ge=0, lt=2**31)
    expected_rate: int | None = Field(None, ge=1, le=100, description="Per cent who will answer.")
    asks_open_complaints: bool = False
    remind_after_days: int | None = Field(None, ge=1, le=60)
    valid_days: int | None = Field(None, ge=1, le=366)
    words: SampleWords = SampleWords()


class StratumShown(BaseModel):
    code: str
    people: int
    free: int
    asked: int
    invited: int = Field(0, description="Whose invitation left.")
    answered: int = 0
    weight: float | None = Field(
        None, description="What one answer counts for, so that strata count as among the people."
    )


class WaveSampleShown(BaseModel):
    """What a plan reaches, or how it was drawn. `margin`: ± (0 to 1) at 95 %, of the answers expected, and after the draw of those
    there are; null with too few to tell. `problem`: why it could not be drawn as it stands."""

    frame: dict[str, Any]
    way: str
    size: int | None
    by: str
    allocation: str
    quotas: dict[str, int]
    seed: int
    asks_open_complaints: bool
    remind_after_days: int | None
    valid_days: int | None
    drawn_at: datetime | None
    stopped_at: datetime | None
    people: int
    left_out: dict[str, int]
    asked: int
    rate: int
    rate_from: str
    margin: float | None
    strata: list[StratumShown]
    sending: dict[str, int]
    not_sent: dict[str, int]
    reminded: int
    who_answered: str = Field(
        "", description="Whether those who answered differ from those who were asked, in words."
    )
    problem: str


class AskingRulesGiven(Input):
    quiet_days: int = Field(ge=0, le=asking.LONGEST_QUIET)
    quiet_from: TimeOfDay | None = None
    quiet_to: TimeOfDay | None = None


class AskingRulesShown(BaseModel):
    quiet_days: int
    quiet_from: str | None
    quiet_to: str | None


def _of(wave: Wave) -> Sample:
    found = Sample.objects.select_related("wave__version").filter(wave=wave).first()
    if found is None:
        raise NotThere(_("Nobody was drawn for this wave."))
    return found


_PLANNED = (
    "way", "size", "by", "allocation", "quotas", "seed", "asks_open_complaints", "remind_after_days", "valid_days", "drawn_at",
    "stopped_at",
)  # fmt: skip


def _shown(sample: Sample, now: datetime) -> dict[str, Any]:
    told = {name: getattr(sample, name) for name in _PLANNED} | {"frame": sample.frame, "problem": ""}
    if sample.drawn_at:
        how, far = sample.drawn or {}, inviting.progress(sample.wave)
        who = who_answered(sample)
        by_stratum = {one.code: one for one in who.strata} if who else {}
        answered = sample.wave.invitations.filter(key__isnull=False, is_answered=True).count()
        return told | {
            "people": how["frame"], "left_out": how["left_out"], "asked": how["asked"], "rate": how["rate"],
            "rate_from": how["rate_from"], "margin": margin(answered, how["frame"]),
            "strata": [_stratum(code, each, by_stratum.get(code)) for code, each in sorted(how["strata"].items())],
            "who_answered": who.in_words(sampling.names_of(sample.by)) if who else "",
            "sending": far.by_state, "not_sent": far.not_sent, "reminded": far.reminded,
        }  # fmt: skip
    nothing: dict[str, Any] = {"sending": {}, "not_sent": {}, "reminded": 0}
    try:
        seen = sampling.preview(sample, now)
    except Refused as why:
        empty = {
            "people": 0,
            "left_out": {},
            "asked": 0,
            "rate": 0,
            "rate_from": "",
            "margin": None,
            "strata": [],
        }
        return told | nothing | empty | {"problem": str(why)}
    return told | nothing | {
        "people": seen.frame, "left_out": seen.left_out, "asked": seen.asked, "rate": seen.rate, "rate_from": seen.rate_from,
        "margin": seen.margin, "strata": [vars(each) for each in seen.strata],
    }  # fmt: skip


def _stratum(code: str, drawn: dict[str, int], told: Answered | None) -> dict[str, Any]:
    found = {"code": code, **drawn}
    return (
        found | {name: getattr(told, name) for name in ("invited", "answered", "weight")} if told else found
    )


@router.get("/waves/{code}/sample", response=WaveSampleShown, summary="Who is asked by a wave")
def shown(request: HttpRequest, code: str):
    return _shown(_of(called(request, code)), now_of(request))


@router.put("/waves/{code}/sample", auth=changing, response=WaveSampleShown, summary="Plan who is asked")
def keep(request: HttpRequest, code: str, given: SamplePlan):
    wave, said = to_edit(request, code), given.model_dump()
    frame = said["frame"] | {"from": said["frame"]["source"]}
    plan = Plan(**{**said, "frame": frame})
    sampling.keep_plan(wave, plan, by=by(request), now=now_of(request))
    return _shown(_of(wave), now_of(request))


@router.delete(
    "/waves/{code}/sample", auth=changing, response={204: None}, summary="Forget a plan that was not drawn"
)
def forget(request: HttpRequest, code: str):
    sampling.forget_plan(to_edit(request, code), by=by(request), now=now_of(request))
    return Status(204, None)


@router.put(
    "/waves/{code}/sample/drawing",
    auth=changing,
    response=WaveSampleShown,
    summary="Draw, and begin to invite",
)
def draw(request: HttpRequest, code: str):
    wave = to_edit(request, code)
    sampling.draw(wave, by=by(request), now=now_of(request))
    return _shown(_of(wave), now_of(request))


@router.put("/waves/{code}/sample/stop", auth=changing, response=WaveSampleShown, summary="Stop the sending")
def stop(request: HttpRequest, code: str):
    sample = _of(to_edit(request, code))
    inviting.stop(sample.wave, by=by(request), now=now_of(request))
    return _shown(_of(sample.wave), now_of(request))


@router.delete(
    "/waves/{code}/sample/stop", auth=changing, response=WaveSampleShown, summary="Let the sending go on"
)
def go_on(request: HttpRequest, code: str):
    sample = _of(to_edit(request, code))
    inviting.go_on(sample.wave, by=by(request), now=now_of(request))
    return _shown(_of(sample.wave), now_of(request))


@router.get("/asking-rules", response=AskingRulesShown, summary="How often customers are asked")
def rules(request: HttpRequest):
    must(building.may_begin(by(request)))
    found = asking_rules()
    times = {
        name: f"{at:%H:%M}" if (at := getattr(found, name)) else None for name in ("quiet_from", "quiet_to")
    }
    return {"quiet_days": found.quiet_days, **times}


@router.put(
    "/asking-rules", auth=changing, response=AskingRulesShown, summary="Say how often customers are asked"
)
def change_rules(request: HttpRequest, given: AskingRulesGiven):
    must(building.may_begin(by(request)))
    asking.change_rules(**given.model_dump(), by=by(request), now=now_of(request))
    return rules(request)
