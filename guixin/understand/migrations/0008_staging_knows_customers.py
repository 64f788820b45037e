from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("understand", "0007_segment_value_in_minor_units")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE understand_stagedpurchase
                ADD COLUMN customer_name text, ADD COLUMN phone text, ADD COLUMN email text;
            CREATE SEQUENCE understand_purchase_batch;
            """,
            """
            DROP SEQUENCE understand_purchase_batch;
            ALTER TABLE understand_stagedpurchase DROP COLUMN customer_name, DROP COLUMN phone, DROP COLUMN email;
            """,
        ),
    ]
