from django.db import migrations

# Whoever writes a customer, one or a hundred thousand of them: a worker reads their names for the search.
NOTED = """
    CREATE FUNCTION understand_customer_came() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO search_pending (kind, key) SELECT 'customer', id FROM new_rows WHERE name <> '';
        RETURN NULL;
    END $$;
    CREATE TRIGGER customer_came AFTER INSERT ON understand_customer REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION understand_customer_came();

    CREATE FUNCTION understand_customer_named() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO search_pending (kind, key) VALUES ('customer', OLD.id);
        RETURN NULL;
    END $$;
    CREATE TRIGGER customer_named AFTER UPDATE ON understand_customer FOR EACH ROW
        WHEN ((OLD.name, OLD.organisation, OLD.merged_into_id) IS DISTINCT FROM
              (NEW.name, NEW.organisation, NEW.merged_into_id))
        EXECUTE FUNCTION understand_customer_named();
    CREATE TRIGGER customer_gone AFTER DELETE ON understand_customer FOR EACH ROW
        EXECUTE FUNCTION understand_customer_named();

    INSERT INTO search_pending (kind, key)
        SELECT 'customer', id FROM understand_customer WHERE name <> '' AND merged_into_id IS NULL;
"""
FORGOTTEN = """
    DROP TRIGGER customer_came ON understand_customer;
    DROP TRIGGER customer_named ON understand_customer;
    DROP TRIGGER customer_gone ON understand_customer;
    DROP FUNCTION understand_customer_came();
    DROP FUNCTION understand_customer_named();
    DELETE FROM search_pending WHERE kind = 'customer';
    DELETE FROM search_document WHERE kind = 'customer';
"""


class Migration(migrations.Migration):
    dependencies = [("understand", "0019_purchases_checked_as_sets"), ("search", "0002_names_apart_from_texts")]
    operations = [migrations.RunSQL(NOTED, FORGOTTEN)]
