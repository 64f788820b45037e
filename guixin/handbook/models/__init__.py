from guixin.handbook.models.article import (
    Article,
    ArticleFile,
    ArticleKind,
    ArticleState,
    ArticleVersion,
    Audience,
)
from guixin.handbook.models.question import Question
from guixin.handbook.models.use import ArticleCase, ArticleVote

__all__ = [
    "Article",
    "ArticleCase",
    "ArticleFile",
    "ArticleKind",
    "ArticleState",
    "ArticleVersion",
    "ArticleVote",
    "Audience",
    "Question",
]
