"""What the handbook reads from a firm file: its first articles, each under a code of its own."""

from typing import Any

from django.utils.translation import gettext as _

from guixin.handbook import publishing, writing
from guixin.handbook.models import Article
from guixin.handbook.models.article import WORDS
from guixin.organisation.firm import Loading, section
from guixin.organisation.models import Person
from guixin.web.refusals import Refused

KEYS = {"kind", "audience", "topic", "category", "owner", "valid_from", "valid_until", "draft", "withdrawn"}


@section("articles")
def load_articles(entries, loading: Loading) -> None:
    """[articles.stuck-slider] kind = "article" | "policy" | "script" | "lesson", title_zh, text_zh, title_en, text_en, for a
    lesson failed_zh, instead_zh …; audience = "staff" | "customers", topic, category, owner, valid_from, valid_until.

    Published at once unless `draft = true`; changed words are the next version, unless somebody has changed the article
    in the handbook meanwhile. `withdrawn = true` takes it out of force.
    """
    for code, entry in loading.each(entries):
        loading.known_keys(entry, *sorted(KEYS), *WORDS)
        article = Article.objects.filter(code=code).first()
        try:
            _keep(code, entry, article, loading)
        except Refused as why:
            raise loading.refuse(str(why)) from why


def _keep(code: str, entry: dict[str, Any], article: Article | None, loading: Loading) -> None:
    words = {name: entry[name] for name in WORDS if name in entry}
    facts = {name: entry[name] for name in writing.FACTS if name in entry}
    if article is None:
        owner = loading.find(Person, _("person"), login=loading.needed(entry, "owner"))
        article = writing.begin(
            entry.get("kind", "article"), words, by=None, now=loading.now, owner=owner, code=code, **facts
        )
        if not entry.get("draft"):
            publishing.publish(article, by=None, now=loading.now)
        loading.created["Article"] += 1
    elif not article.versions.exclude(by=None).exists() and _differs(article, words | facts):
        writing.revise(article, words, read_at_version=article.version, by=None, now=loading.now, **facts)
        loading.changed["Article"] += 1
    if entry.get("withdrawn") and article.is_published and article.owner is not None:
        publishing.withdraw(article, _("Withdrawn by the firm file."), by=article.owner, now=loading.now)
        loading.changed["Article"] += 1


def _differs(article: Article, said: dict[str, Any]) -> bool:
    return any(
        getattr(article, name) != (value.strip() if isinstance(value, str) else value)
        for name, value in said.items()
    )
