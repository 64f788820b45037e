"""What an article says, as words for a reply."""

from guixin.handbook.html_tree import plain_text
from guixin.handbook.markup import rendered
from guixin.handbook.models import Article


def words_for_reply(article: Article, language: str) -> str:
    """The text in the customer's language, as somebody would type it; of a lesson nothing, which is for our people."""
    return "" if article.is_lesson else plain_text(rendered(article.text_in(language)))
