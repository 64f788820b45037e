"""Taking in purchases, thousands or millions of lines together: put aside first, then landed by a few statements.

Lines are written into a staging table as they are read, which costs little more than copying them. Then, in one
transaction, whole sets find their customers and products, get their keys and land. So nothing is held in memory, a
kill leaves nothing half done, and what lands is counted by the database.

The key of a line without one is made of what stands in it and of how many lines of the batch read the same before it:
two equal lines of an order are two lines, and the same file read again is not.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import psycopg
from django.db import connection, transaction
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand.arriving import Arrival, arrive
from guixin.understand.events import PurchasesTakenIn
from guixin.understand.models import Customer, Identity, Merge, Purchase
from guixin.understand.purchase_lines import Line

COLUMNS = ("batch", *Line._fields)
TOGETHER = 5_000  # customers made by one statement
MANY = 1_000  # lines after which the planner should look again
LISTED = 100_000  # lines told one by one for the same reason


@dataclass(frozen=True)
class Doubt:
    """A line that did not land for a reason only the database knows, or landed with a fault."""

    line: int
    reason: str
    sentence: str
    landed: bool


@dataclass
class Landed:
    """What became of a batch."""

    landed: int = 0
    already: int = 0
    customers_made: int = 0
    products_made: int = 0
    without_customer: int = 0
    tied: int = 0  # returns and cancellations whose order was found
    doubts: list[Doubt] = field(default_factory=list)

    def figures(self) -> dict[str, int]:
        return {name: n for name, n in asdict(self).items() if name not in ("landed", "already", "doubts")}


def batch_for_now() -> int:
    """A batch of our own, for lines that land in the transaction that brought them; imports use their own number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT -nextval('understand_purchase_batch')")
        return cursor.fetchone()[0]


def put_aside(batch: int, lines: Iterable[Line]) -> None:
    """Copy lines into the staging table, as they come."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        names = ", ".join(COLUMNS)
        with cursor.copy(f"COPY understand_stagedpurchase ({names}) FROM STDIN") as copy:
            write = copy.write_row
            for line in lines:
                write((batch, *line))


def aside(batch: int) -> int:
    """How many lines of the batch wait; after a power cut none, since the staging table is not logged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM understand_stagedpurchase WHERE batch = %s", [batch])
        return cursor.fetchone()[0]


def forget(batch: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM understand_stagedpurchase WHERE batch = %s", [batch])


@transaction.atomic
def land(batch: int, source: str, *, now: datetime, by: Person | None = None) -> Landed:
    """Land what was put aside: all of it, or nothing. Lines that are here already stay as they are."""
    done = Landed()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '96MB'")
        cursor.execute("ANALYZE understand_stagedpurchase")
        done.customers_made = _find_customers(cursor, batch, now)
        cursor.execute(_MAKE_PRODUCTS, [now, batch])
        done.products_made = cursor.rowcount
        cursor.execute(_KEYED, [batch])
        staged = cursor.rowcount
        cursor.execute(_NUMBERED)
        cursor.execute(_LAND, [source, now])
        done.landed = cursor.rowcount
        done.already = staged - done.landed
        if done.already:
            done.doubts += _said_otherwise(cursor, source)
            done.already -= len(done.doubts)
        done.doubts += _ambiguous(cursor)
        cursor.execute("SELECT count(*) FROM keyed_purchase WHERE customer_id IS NULL")
        done.without_customer = cursor.fetchone()[0]
        if done.landed >= MANY:  # else the next statement is planned for the table as it was, perhaps empty
            cursor.execute("ANALYZE understand_purchase")
        if done.landed:
            cursor.execute(_TIE, [source, now])
            done.tied = cursor.rowcount
        cursor.execute("DROP TABLE keyed_purchase, staged_customer")
    forget(batch)
    if done.landed:
        record(
            PurchasesTakenIn(
                happened_at=now,
                actor_id=by.pk if by else None,
                about=("purchases", batch),
                source=source,
                lines=done.landed,
                without_customer=done.without_customer,
            )
        )
    return done


# -- who bought --------------------------------------------------------------------------------------------------


def _find_customers(cursor, batch: int, now: datetime) -> int:
    """Fill staged_customer: for each way a customer is written, who that is. Returns how many were made.

    A customer's number is the firm's own key, so it decides alone; phones and names go the way of the front desk.
    """
    cursor.execute(_WRITTEN_CUSTOMERS, [batch])
    made = _make_numbered(cursor, now)
    cursor.execute(
        "SELECT n, customer_number, customer_name, phone, email FROM staged_customer"
        " WHERE customer_id IS NULL AND holders = 0 ORDER BY n"
    )
    named = iter(cursor.fetchall())
    while some := list(islice(named, TOGETHER)):
        arrived = arrive([_arrival(*row[1:]) for row in some], now=now)
        made += len({customer.pk for customer, is_new in arrived if is_new})
        cursor.execute(
            "UPDATE staged_customer s SET customer_id = v.id FROM unnest(%s::bigint[], %s::bigint[]) AS v (n, id)"
            " WHERE s.n = v.n",
            [[row[0] for row in some], [customer.pk for customer, _new in arrived]],
        )
    return made


def _make_numbered(cursor, now: datetime) -> int:
    """Customers of whom only their number is known: by one statement each, however many."""
    blank = Customer(created_at=now)
    fields = [field for field in Customer._meta.concrete_fields if not field.primary_key]
    names = ", ".join(str(field.column) for field in fields)
    values = ", ".join(f"%s::{field.db_type(connection)}" for field in fields)
    cursor.execute(
        f"INSERT INTO understand_customer (id, {names}) SELECT customer_id, {values} FROM staged_customer"  # noqa: S608
        " WHERE is_new",
        [field.get_db_prep_save(getattr(blank, field.attname), connection) for field in fields],
    )
    cursor.execute(
        "INSERT INTO understand_identity (customer_id, kind, raw, normal)"
        " SELECT customer_id, %s, customer_number, customer_number FROM staged_customer WHERE is_new",
        [Identity.Kind.OTHER.value],
    )
    return cursor.rowcount


def _arrival(number: str | None, name: str | None, phone: str | None, email: str | None) -> Arrival:
    known = [(Identity.Kind.OTHER, number), (Identity.Kind.PHONE, phone), (Identity.Kind.EMAIL, email)]
    return Arrival(name=name or "", identities=[(kind, raw) for kind, raw in known if raw])


# A merged customer's number leads to the one that remains. Whoever is known by a new number alone gets an id at once.
_WRITTEN_CUSTOMERS = """
    CREATE TEMP TABLE staged_customer ON COMMIT DROP AS
    SELECT n, customer_number, customer_name, phone, email, holders, is_new,
           CASE WHEN holders = 1 THEN customer_id
                WHEN is_new THEN nextval(pg_get_serial_sequence('understand_customer', 'id')) END AS customer_id
    FROM (SELECT w.*, h.holders, h.customer_id,
                 h.holders = 0 AND coalesce(w.customer_number, '') <> '' AND coalesce(w.customer_name, '') = ''
                     AND coalesce(w.phone, '') = '' AND coalesce(w.email, '') = '' AS is_new
          FROM (SELECT min(line) AS n, customer_number, customer_name, phone, email FROM understand_stagedpurchase
                WHERE batch = %s AND customer_id IS NULL
                  AND coalesce(customer_number, customer_name, phone, email) IS NOT NULL
                GROUP BY customer_number, customer_name, phone, email) w
          CROSS JOIN LATERAL (  -- one by one, by the index: what is known of the identities may be of before the last file
              SELECT count(*) AS holders, min(c.id) AS customer_id
              FROM understand_identity i
              JOIN understand_customer c ON c.id = i.customer_id AND c.merged_into_id IS NULL
              WHERE i.kind = 'other' AND i.normal = w.customer_number) h
          ORDER BY n) in_order
"""

# -- what was bought ---------------------------------------------------------------------------------------------

# Named by what most lines call it: a product of ten thousand lines is called "?" or "damaged" in some.
_MAKE_PRODUCTS = """
    INSERT INTO understand_product (code, key, name, line, added_at)
    SELECT min(code), key, coalesce((array_agg(name ORDER BY said DESC, name) FILTER (WHERE name <> ''))[1], ''),
           coalesce((array_agg(line ORDER BY said DESC, line) FILTER (WHERE line <> ''))[1], ''), %s
    FROM (SELECT min(product_code) AS code, product_key AS key, coalesce(product_name, '') AS name,
                 coalesce(product_line, '') AS line, count(*) AS said
          FROM understand_stagedpurchase WHERE batch = %s AND product_key IS NOT NULL
          GROUP BY product_key, product_name, product_line) n
    GROUP BY key
    ON CONFLICT (key) DO NOTHING
"""
_KEYED = """
    CREATE TEMP TABLE keyed_purchase ON COMMIT DROP AS
    SELECT s.line, coalesce(s.customer_id, c.customer_id) AS customer_id, coalesce(c.holders, 0) AS holders,
           s.customer_number, p.id AS product_id, s.kind, s.bought_at, s.quantity, s.amount, s.currency, s.order_key,
           s.content, coalesce(s.line_key, s.content || '-1') AS line_key, s.line_key IS NULL AS is_made,
           s.takes_back_order
    FROM (SELECT *, md5(concat_ws('|', order_key, coalesce(product_key, ''), kind, extract(epoch FROM bought_at),
                                  quantity, amount, currency)) AS content
          FROM understand_stagedpurchase WHERE batch = %s) s
    LEFT JOIN understand_product p ON p.key = s.product_key
    LEFT JOIN staged_customer c  -- not IS NOT DISTINCT FROM, for which there is no hash
           ON s.customer_id IS NULL AND coalesce(c.customer_number, '') = coalesce(s.customer_number, '')
          AND coalesce(c.customer_name, '') = coalesce(s.customer_name, '')
          AND coalesce(c.phone, '') = coalesce(s.phone, '') AND coalesce(c.email, '') = coalesce(s.email, '')
"""
# Only what is there twice is put in order: sorting every line by its content would cost more than all the rest of it.
_NUMBERED = """
    UPDATE keyed_purchase k SET line_key = k.content || '-' || again.number
    FROM (SELECT line, row_number() OVER (PARTITION BY content ORDER BY line) AS number FROM keyed_purchase
          WHERE content IN (SELECT content FROM keyed_purchase GROUP BY content HAVING count(*) > 1)) again
    WHERE k.line = again.line AND again.number > 1 AND k.is_made
"""

# By customer, since half the work is keeping indexes, and what belongs together is then written together; lines with a key of their
# own as they stand in the file, so that of two with the same key the first one lands.
_LAND = """
    INSERT INTO understand_purchase (customer_id, product_id, kind, bought_at, quantity, amount, currency, order_key,
                                     line_key, source, landed_at)
    SELECT customer_id, product_id, kind, bought_at, quantity, amount, currency, order_key, line_key, %s, %s
    FROM keyed_purchase ORDER BY is_made, CASE WHEN is_made THEN customer_id END, line
    ON CONFLICT (source, line_key) DO NOTHING
"""


def _said_otherwise(cursor, source: str) -> list[Doubt]:
    """Lines whose own key is here with other content: a file was corrected, which a purchase never is."""
    cursor.execute(
        "SELECT k.line FROM keyed_purchase k JOIN understand_purchase p USING (line_key)"
        " WHERE p.source = %s AND (p.amount, p.quantity, p.kind, p.currency, p.order_key)"
        " <> (k.amount, k.quantity, k.kind, k.currency, k.order_key) ORDER BY k.line LIMIT %s",
        [source, LISTED],
    )
    sentence = _(
        "This line is here already and says something else; what is wrong is taken back by another line."
    )
    return [Doubt(line, "said_otherwise", sentence, landed=False) for (line,) in cursor.fetchall()]


def _ambiguous(cursor) -> list[Doubt]:
    cursor.execute(
        "SELECT line, customer_number FROM keyed_purchase WHERE customer_id IS NULL AND holders > 1"
        " ORDER BY line LIMIT %s",
        [LISTED],
    )
    sentence = _("Several customers hold the number “%s”; the line landed without a customer.")
    return [Doubt(line, "whose_number", sentence % number, landed=True) for line, number in cursor.fetchall()]


# A return that names its order is tied to that order's line; one that does not, to the customer's latest purchase of
# the product before it that was large enough.
_TIE = """
    UPDATE understand_purchase r SET takes_back_id = found.id
    FROM understand_purchase back
    JOIN keyed_purchase k ON k.line_key = back.line_key AND k.kind IN ('return', 'cancellation')
    CROSS JOIN LATERAL (
        (SELECT s.id FROM understand_purchase s
         WHERE s.order_key = k.takes_back_order AND s.source = back.source AND s.kind = 'sale'
         ORDER BY (s.product_id IS NOT DISTINCT FROM back.product_id) DESC, s.id LIMIT 1)
        UNION ALL
        (SELECT s.id FROM understand_purchase s
         WHERE k.takes_back_order IS NULL AND s.customer_id = back.customer_id AND s.product_id = back.product_id
           AND s.kind = 'sale' AND s.bought_at <= back.bought_at AND s.quantity >= -back.quantity
         ORDER BY s.bought_at DESC, s.id DESC LIMIT 1)
        LIMIT 1) found
    WHERE r.id = back.id AND back.source = %s AND back.landed_at = %s AND back.kind IN ('return', 'cancellation')
"""


# -- two customers are one, or two again -------------------------------------------------------------------------


def carry_purchases(merges: Iterable[Any]) -> None:
    """Reaction: what the one had bought comes along; the merge knows which lines, so that they can go back."""
    for event in merges:
        lines = Purchase.objects.filter(customer_id=event.merged_customer_id)
        ids = list(lines.order_by("pk").values_list("pk", flat=True))
        Purchase.objects.filter(pk__in=ids).update(customer_id=event.about[1])
        Merge.objects.get(pk=event.merge_id).carry("purchase", ids)


def return_purchases(undone: Iterable[Any]) -> None:
    """Reaction: they are two again; the lines that had come go back."""
    for event in undone:
        ids = Merge.objects.get(pk=event.merge_id).moved.get("purchase", ())
        Purchase.objects.filter(pk__in=ids, customer_id=event.about[1]).update(
            customer_id=event.merged_customer_id
        )
