from collections.abc import Callable

import pytest

from guixin.search import indexing, kinds
from guixin.search.models import Pending
from guixin.serve.tests import make

SHELF = "shelf"


@pytest.fixture
def shelf() -> Callable[..., None]:
    """`shelf(title, body)` puts a text there to be found, under the next number from 1; kept in this list alone."""
    books: dict[int, kinds.Text] = {}
    hidden: set[int] = set()

    def visible_to(person):
        return Pending.objects.exclude(pk__in=hidden) if hidden else None

    kinds.register(
        kinds.Kind(
            name=SHELF, words="Books", page="", icon="book", rows=Pending, visible_to=visible_to,
            texts=lambda keys: [books[key] for key in keys if key in books],
        )
    )  # fmt: skip

    def put(title: str, body: str = "", **more) -> None:
        key = len(books) + 1
        books[key] = kinds.Text(key=key, title=title, body=body, changed_at=make.NOON, **more)
        indexing.index(SHELF, [key])

    put.books, put.hidden = books, hidden
    yield put
    kinds.forget(SHELF)
