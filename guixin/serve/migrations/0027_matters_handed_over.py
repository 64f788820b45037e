import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is no part of a case is handed over too: its rows name none."""

    dependencies = [("serve", "0026_causes")]

    operations = [
        migrations.AlterField(
            model_name="bulkitem",
            name="case",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="serve.case"
            ),
        ),
    ]
