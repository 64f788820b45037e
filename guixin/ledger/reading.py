"""Reads that pages make all day: a query that Django writes once, and that the server plans once.

Writing the SQL of a query with its joins costs Django more than sending it and making the objects of its rows; the
planning costs the server more than running it. A page of a case makes twenty such reads.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from psycopg.adapt import Loader
from psycopg.pq import Format
from psycopg.types.numeric import Int8

M = TypeVar("M", bound=Model)


class Reading(Generic[M]):
    """`CLOCKS = Reading(lambda case_id: Clock.objects.filter(case_id=case_id))`, then `CLOCKS.rows(17)`.

    The lambda takes ids, and nothing else may change what it asks for: no language, no time, no reader. It may use
    `select_related` and annotations, but neither `values` nor `prefetch_related`.

    besides     more columns, as SQL that knows nothing of the rows: what would be asked for next anyway
    """

    def __init__(self, query: Callable[..., QuerySet[M]], *, besides: str = ""):
        self._query, self._besides = query, besides
        self._written: _Written | None = None

    def rows(self, *ids: int) -> list[M]:
        return [made for made, _besides in self._rows(ids)]

    def first(self, *ids: int) -> M | None:
        return next(iter(self.rows(*ids)), None)

    def first_with_besides(self, *ids: int) -> tuple[M, tuple] | None:
        """The first row and the columns asked for besides."""
        return next(iter(self._rows(ids)), None)

    def _rows(self, ids: tuple[int, ...]) -> list[tuple[M, tuple]]:
        return self.written().rows(ids)

    def written(self) -> "_Written":
        self._written = self._written or _Written(self._query, self._besides)
        return self._written


class Together:
    """Several readings in one statement, for a page that needs all of them: `OF_CASE = Together(tasks=TASKS, clocks=CLOCKS)`,
    then `OF_CASE.rows(case_id=17)["clocks"]`. `OF_CASE | Together(…)` asks for more.

    Each reading is given the ids its lambda names. Its rows come as an array of records, in its order and in the binary
    form, where every value keeps its type.
    """

    def __init__(self, **readings: Reading):
        self.readings = readings
        self._sql: str | None = None

    def __or__(self, other: "Together") -> "Together":
        return Together(**{**self.readings, **other.readings})

    def rows(self, **ids: int) -> dict[str, list[Any]]:
        written = {name: reading.written() for name, reading in self.readings.items()}
        if self._sql is None:
            self._sql = f"SELECT {', '.join(as_array(each.sql) for each in written.values())}"
        values = [Int8(ids[name]) for each in written.values() for name in each.wanted]
        connection.ensure_connection()
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
            cursor.adapters.register_loader("jsonb", JsonAsText)
            (found,) = cursor.execute(self._sql, values, binary=True).fetchall()
        return {
            name: [each.made_of(row) for row in rows]
            for (name, each), rows in zip(written.items(), found, strict=True)
        }


Statement = tuple[str, Sequence]  # and its values


def read_at_once(*asked: QuerySet | Statement) -> list[list[Any]]:
    """The objects of several query sets, and the rows of statements, which differ from one time to the next, in one statement."""
    written: list[tuple[str, Sequence, Callable[[tuple], Any] | None]] = []
    for each in asked:
        if isinstance(each, tuple):
            written.append((*each, tuple))
            continue
        compiler = each.query.get_compiler(using=connection.alias)
        try:
            written.append((*compiler.as_sql(), Maker(each, compiler).made_of))
        except EmptyResultSet:  # it asks for none of nothing
            written.append(("", (), None))
    wanted = [each for each in written if each[2]]
    found: Iterator[Any] = iter(())
    if wanted:
        connection.ensure_connection()
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
            cursor.adapters.register_loader("jsonb", JsonAsText)
            # With its values in it and unprepared, as Django sends its own: the plan depends on them.
            sql = f"SELECT {', '.join(as_array(sql) for sql, _values, _made_of in wanted)}"
            values = [value for _sql, values, _made_of in wanted for value in values]
            said = psycopg.ClientCursor(connection.connection).mogrify(sql, values)
            found = iter(cursor.execute(said, prepare=False, binary=True).fetchone() or ())
    return [[made_of(row) for row in next(found)] if made_of else [] for _sql, _values, made_of in written]


def as_array(sql: str) -> str:
    """The rows of a statement as one value: an array of records, in its order."""
    return f"ARRAY(SELECT ROW(asked.*) FROM ({sql}) AS asked)"  # noqa: S608  what Django or we wrote


class JsonAsText(Loader):
    """As Django wants it: its fields read the JSON themselves. In the binary form a byte of the version comes first."""

    format = Format.BINARY

    def load(self, data: Any) -> str:
        return bytes(data[1:]).decode()


class _Written:
    """The SQL, where each id stands among its values, and how objects are made of the rows."""

    def __init__(self, query: Callable[..., QuerySet], besides: str):
        # Written once with ids nobody has, to see where they stand.
        names = list(inspect.signature(query).parameters)
        marks = [-(2**40) - place for place, _name in enumerate(names)]
        asked = query(*marks)
        compiler = asked.query.get_compiler(using=connection.alias)
        sql, values = compiler.as_sql()
        places = [
            marks.index(value) if isinstance(value, int) and value in marks else None for value in values
        ]
        self.sql = _with_constants(sql, values, places)
        if besides:
            self.sql = f"SELECT asked.*, {besides} FROM ({self.sql}) AS asked"  # noqa: S608  code's own words
        self._width = len(compiler.select)
        self._places = [place for place in places if place is not None]
        self.wanted = [names[place] for place in self._places]
        self.made_of = Maker(asked, compiler).made_of

    def rows(self, ids: tuple[int, ...]) -> list[tuple[Any, tuple]]:
        values = [Int8(ids[place]) for place in self._places]  # of one type, so that it stays one statement
        connection.ensure_connection()
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
            found = cursor.execute(self.sql, values).fetchall()
        return [(self.made_of(row), row[self._width :]) for row in found]


class Maker:
    """Makes the objects of a query set of its rows."""

    def __init__(self, asked: QuerySet, compiler: Any):
        if asked._iterable_class is not ModelIterable:
            raise TypeError("A reading gives objects of a model.")
        select, about = compiler.select, compiler.klass_info
        own = slice(about["select_fields"][0], about["select_fields"][-1] + 1)
        self._model, self._own = about["model"], own
        self._names = [each[0].target.attname for each in select[own]]
        self._annotated = list((compiler.annotation_col_map or {}).items())
        self._related = get_related_populators(about, select, connection.alias)  # type: ignore[call-arg]  # the stubs are of a later Django
        self._converters = list(compiler.get_converters([each[0] for each in select]).items())

    def made_of(self, row: tuple) -> Any:
        if self._converters:
            converted = list(row)
            for place, (converters, expression) in self._converters:
                for convert in converters:
                    converted[place] = convert(converted[place], expression, connection)
            row = tuple(converted)
        made = self._model.from_db(connection.alias, self._names, row[self._own])
        for related in self._related:
            related.populate(row, made)
        for name, place in self._annotated:
            setattr(made, name, row[place])
        return made


def _with_constants(sql: str, values: Sequence[Any], places: Sequence[int | None]) -> str:
    """Whatever is no id is written into the SQL: a plan made for any state would not use an index of the open ones."""
    return sql.replace("%%", "%%%%") % tuple(
        connection.ops.compose_sql("%s", [value]).replace("%", "%%") if place is None else "%s"  # type: ignore[attr-defined]
        for value, place in zip(values, places, strict=True)
    )
