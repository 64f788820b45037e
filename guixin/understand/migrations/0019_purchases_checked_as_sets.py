import django.db.models.deletion
from django.db import migrations, models

# What foreign keys promise, asked once for all rows of a statement instead of once for each: of a million lines the
# keys took a third of the time. A line can only name what is there; what lines name cannot go, which is asked at the
# end of the transaction, as the keys did. Nothing here deletes customers or products.
_REFERS = """
    CREATE FUNCTION understand_purchase_refers() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE found boolean;
    BEGIN
        -- planned anew each time: one line and a million want different ways
        EXECUTE 'SELECT EXISTS (SELECT FROM new_rows n WHERE n.customer_id IS NOT NULL
                    AND NOT EXISTS (SELECT FROM understand_customer c WHERE c.id = n.customer_id))
                 OR EXISTS (SELECT FROM new_rows n WHERE n.product_id IS NOT NULL
                    AND NOT EXISTS (SELECT FROM understand_product p WHERE p.id = n.product_id))
                 OR EXISTS (SELECT FROM new_rows n WHERE n.takes_back_id IS NOT NULL
                    AND NOT EXISTS (SELECT FROM understand_purchase t WHERE t.id = n.takes_back_id))' INTO found;
        IF found THEN
            RAISE foreign_key_violation USING MESSAGE = 'a purchase names a customer, product or purchase that is not there';
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER purchase_refers_insert AFTER INSERT ON understand_purchase REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION understand_purchase_refers();
    CREATE TRIGGER purchase_refers_update AFTER UPDATE ON understand_purchase REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION understand_purchase_refers();

    CREATE FUNCTION understand_purchase_needs() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE found boolean;
    BEGIN
        found := CASE TG_TABLE_NAME
            WHEN 'understand_customer' THEN EXISTS (SELECT FROM understand_purchase WHERE customer_id = OLD.id)
            WHEN 'understand_product' THEN EXISTS (SELECT FROM understand_purchase WHERE product_id = OLD.id)
            ELSE EXISTS (SELECT FROM understand_purchase WHERE takes_back_id = OLD.id) END;
        IF found THEN
            RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || ' ' || OLD.id || ' is still named by a purchase';
        END IF;
        RETURN NULL;
    END $$;
"""
_TABLES = ("customer", "product", "purchase")
_NEEDS = "".join(
    f"""
    CREATE CONSTRAINT TRIGGER purchase_needs_{table} AFTER DELETE ON understand_{table}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION understand_purchase_needs();"""
    for table in _TABLES
)
_BACK = (
    "".join(f"DROP TRIGGER purchase_needs_{table} ON understand_{table};" for table in _TABLES)
    + """
    DROP TRIGGER purchase_refers_insert ON understand_purchase;
    DROP TRIGGER purchase_refers_update ON understand_purchase;
    DROP FUNCTION understand_purchase_needs();
    DROP FUNCTION understand_purchase_refers();
"""
)


def _unchecked(name: str, to: str, related_name: str) -> migrations.AlterField:
    return migrations.AlterField(
        "purchase",
        name,
        models.ForeignKey(
            db_constraint=False,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name=related_name,
            to=to,
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("understand", "0018_found_by_the_one_search")]

    operations = [
        _unchecked("customer", "understand.customer", "purchases"),
        _unchecked("product", "understand.product", "+"),
        _unchecked("takes_back", "understand.purchase", "taken_back_by"),
        migrations.RunSQL(_REFERS + _NEEDS, _BACK),
    ]
