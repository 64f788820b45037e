"""The handbook as the search finds it: each article once, in both of its languages."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guixin.handbook.html_tree import plain_text
from guixin.handbook.markup import rendered
from guixin.handbook.models import Article
from guixin.handbook.models.article import EVEN, WORDS, Audience, keeps_handbook
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.search import indexing, kinds

BEGINS = 160  # characters of its text that a suggestion shows
IN_TEXT = [name for name in WORDS if not name.startswith("title")]


def texts(keys: Collection[int]) -> Iterator[kinds.Text]:
    """What people said of it is worth as much as it is likely to help the next one."""
    for article in Article.objects.filter(pk__in=keys):
        said = [plain_text(rendered(getattr(article, name))) for name in IN_TEXT]
        yield kinds.Text(
            key=article.pk,
            title=" · ".join(filter(None, [article.title_zh, article.title_en])),
            body="\n".join([*said, article.topic]),
            language="zh-hans" if article.title_zh else "en",
            changed_at=article.written_at,
            is_public=article.audience == Audience.CUSTOMERS and article.is_published,
            is_offered=article.is_published,
            worth=article.standing - EVEN,
        )


def visible_to(person: Person | None) -> QuerySet | None:
    if person is None:
        return Article.objects.public(timezone.localdate(database_now()))
    return None if keeps_handbook(scope_of(person)) else Article.objects.visible_to(person)


def shown(keys: Collection[int]) -> Mapping[int, dict[str, Any]]:
    """What the desk wants to know of each before it opens it, and whether it may be told to a customer."""
    language, today = get_language() or "zh-hans", timezone.localdate(database_now())
    return {
        article.pk: {
            "kind": article.get_kind_display(),
            "is_lesson": article.is_lesson,
            "may_be_told": article.is_in_force(today) and not article.is_lesson,
            "begins": _beginning(article.in_language("text", language)),
            "instead": _beginning(article.in_language("instead", language)),
            "helped": article.helped_percent,
        }
        for article in Article.objects.filter(pk__in=list(keys))
    }


def _beginning(text: str) -> str:
    said = " ".join(plain_text(rendered(text[: 20 * BEGINS])).split())
    return said if len(said) <= BEGINS else f"{said[: BEGINS - 1]}…"


def keep_found(happened: Sequence[Any]) -> None:
    """Reaction: what an article says has changed, who may find it, or what people think of it."""
    indexing.index(Article.FOUND_AS, sorted({event.article_id for event in happened}))


def offer() -> None:
    """`guixin/reactions.py` calls it once."""
    kinds.register(
        kinds.Kind(
            name=Article.FOUND_AS, words=_("Handbook"), page="handbook_article", icon="bookmark", rows=Article,
            texts=texts, visible_to=visible_to, shown=shown, place=10,
        )
    )  # fmt: skip
