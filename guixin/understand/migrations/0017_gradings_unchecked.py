import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("understand", "0016_names_of_studies")]

    operations = [
        migrations.AlterField(
            "customerworth",
            "grading",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="understand.grading",
            ),
        ),
    ]
