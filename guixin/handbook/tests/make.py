"""Articles everybody knows: how to free a stuck slider, and what a recall of colours taught."""

from guixin.handbook import lessons, publishing, writing
from guixin.handbook.models import Article
from guixin.organisation.models import Person
from guixin.organisation.tests.make import chen, he, li, sun, tang, wang, zhao
from guixin.understand.tests.make import NOON

__all__ = ["NOON", "article", "chen", "he", "lesson", "li", "sun", "tang", "wang", "zhao"]

STUCK = {
    "title_zh": "拉头卡住怎么办", "text_zh": "先在链牙上**涂蜡**，再来回拉动。",
    "title_en": "A slider that sticks", "text_en": "Rub *wax* on the teeth, then pull it to and fro.",
}  # fmt: skip
COLOUR = {
    "title_zh": "没有对色板就大货染色", "failed_zh": "只看了照片。", "instead_zh": "对色板签字以后才染。",
}  # fmt: skip


def article(*, by: Person | None = None, publish: bool = True, now=NOON, kind="article", **more) -> Article:
    """By He, the steward's peer, who sees everything; any of the words and facts of `writing.begin`."""
    words = STUCK | {name: more.pop(name) for name in list(more) if name.endswith(("_zh", "_en"))}
    made = writing.begin(kind, words, by=by or he(), now=now, **more)
    return publishing.publish(made, by=he(), now=now) if publish else made


def lesson(*case_ids: int, by: Person | None = None, publish: bool = True, now=NOON, **more) -> Article:
    words = COLOUR | {name: more.pop(name) for name in list(more) if name.endswith(("_zh", "_en"))}
    return lessons.teach(case_ids or (41, 42), words, by=by or he(), now=now, publish=publish, **more)
