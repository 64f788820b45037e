"""What is announced about knowledge. Titles and words stand on the item and, where they matter later, in the personal part."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class KnowledgeEvent(Event):
    """What every event about an item says. `about` is the customer it is about, otherwise the item."""

    knowledge_id: int
    knowledge_kind: str


@dataclass(frozen=True, kw_only=True)
class KnowledgeCaptured(KnowledgeEvent):
    """Somebody wrote down what they know of a customer, a segment or the market. `source` is a code."""

    kind: ClassVar[str] = "understand.knowledge_captured"
    sentence: ClassVar[str] = _("Knowledge was written down: %(knowledge_kind)s")

    source: str
    evidence_kind: str
    evidence_id: int | None


@dataclass(frozen=True, kw_only=True)
class KnowledgeJudged(KnowledgeEvent):
    """The steward graded it: source A to F, content 1 to 6, worth 1 to 3."""

    kind: ClassVar[str] = "understand.knowledge_judged"
    sentence: ClassVar[str] = _("Knowledge was judged: %(reliability)s%(credibility)s")

    reliability: str
    credibility: int
    worth: int


@dataclass(frozen=True, kw_only=True)
class KnowledgeClassified(KnowledgeEvent):
    """It has a topic and a day on which it is looked at again: it is kept."""

    kind: ClassVar[str] = "understand.knowledge_classified"
    sentence: ClassVar[str] = _("Knowledge is kept, to be reviewed on %(review_on)s")

    review_on: str


@dataclass(frozen=True, kw_only=True)
class KnowledgeRevised(KnowledgeEvent):
    """It says something else now and must be judged anew; what it said before stands in its versions."""

    kind: ClassVar[str] = "understand.knowledge_revised"
    sentence: ClassVar[str] = _("Knowledge was changed: version %(version)s")

    version: int


@dataclass(frozen=True, kw_only=True)
class KnowledgeReviewed(KnowledgeEvent):
    """Looked at again: it still holds."""

    kind: ClassVar[str] = "understand.knowledge_reviewed"
    sentence: ClassVar[str] = _("Knowledge still holds, to be reviewed on %(review_on)s")

    review_on: str


@dataclass(frozen=True, kw_only=True)
class KnowledgeEnded(KnowledgeEvent):
    """It is not worth keeping (`dropped`), or no longer holds (`ended`)."""

    kind: ClassVar[str] = "understand.knowledge_ended"
    sentence: ClassVar[str] = _("Knowledge no longer holds")

    how: str

    @classmethod
    def sentence_for(cls, facts: dict) -> str:
        return _("Knowledge was not worth keeping") if facts.get("how") == "dropped" else cls.sentence


@dataclass(frozen=True, kw_only=True)
class KnowledgeUsed(KnowledgeEvent):
    """Somebody made use of it, perhaps for a case (`used_for_case`) or another customer."""

    kind: ClassVar[str] = "understand.knowledge_used"
    sentence: ClassVar[str] = _("Knowledge was used")

    version: int
    used_for_case: int | None
    used_for_customer: int | None


@dataclass(frozen=True, kw_only=True)
class KnowledgeShareEvent(Event):
    """What every event about a share says; `about` is the share: one version of an item for one department."""

    share_id: int
    knowledge_id: int
    knowledge_kind: str
    department_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class KnowledgeShared(KnowledgeShareEvent):
    """A department, with all below it, must know this. `readers`: how many people that is."""

    kind: ClassVar[str] = "understand.knowledge_shared"
    sentence: ClassVar[str] = _("You must know this: %(knowledge_kind)s")

    readers: int
    read_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class KnowledgeRead(KnowledgeShareEvent):
    """The actor said that they have read it: the proof that they saw this version."""

    kind: ClassVar[str] = "understand.knowledge_read"
    sentence: ClassVar[str] = _("Read what one must know, version %(version)s")


@dataclass(frozen=True, kw_only=True)
class KnowledgeShareOver(KnowledgeShareEvent):
    """Everybody of the department who is there has seen it, or (`all_saw_it` false) it no longer matters."""

    kind: ClassVar[str] = "understand.knowledge_share_over"
    sentence: ClassVar[str] = _("What a department must know no longer waits to be read")

    all_saw_it: bool

    @classmethod
    def sentence_for(cls, facts: dict) -> str:
        return _("Everybody of the department has read it") if facts.get("all_saw_it") else cls.sentence
