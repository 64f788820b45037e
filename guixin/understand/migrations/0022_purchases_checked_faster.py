from django.db import migrations

# Asked for how many are missing rather than whether one is: for a million lines the database then compares whole sets, where it had
# looked for each line's customer and product one by one, hoping to find a missing one soon.
_REFERS = """
    CREATE OR REPLACE FUNCTION understand_purchase_refers() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE missing bigint;
    BEGIN
        -- planned anew each time: one line and a million want different ways
        EXECUTE 'SELECT
            (SELECT count(*) FROM (SELECT DISTINCT customer_id AS id FROM new_rows WHERE customer_id IS NOT NULL) n
                LEFT JOIN understand_customer c USING (id) WHERE c.id IS NULL)
            + (SELECT count(*) FROM (SELECT DISTINCT product_id AS id FROM new_rows WHERE product_id IS NOT NULL) n
                LEFT JOIN understand_product p USING (id) WHERE p.id IS NULL)
            + (SELECT count(*) FROM (SELECT DISTINCT takes_back_id AS id FROM new_rows WHERE takes_back_id IS NOT NULL) n
                LEFT JOIN understand_purchase t USING (id) WHERE t.id IS NULL)' INTO missing;
        IF missing > 0 THEN
            RAISE foreign_key_violation USING MESSAGE = 'a purchase names a customer, product or purchase that is not there';
        END IF;
        RETURN NULL;
    END $$;
"""
_BEFORE = """
    CREATE OR REPLACE FUNCTION understand_purchase_refers() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE found boolean;
    BEGIN
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
"""


class Migration(migrations.Migration):
    dependencies = [("understand", "0021_heads_confirm_what_they_read")]

    operations = [migrations.RunSQL(_REFERS, _BEFORE)]
