from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listen", "0013_asked_by_phone")]

    operations = [
        migrations.AddField(
            model_name="wave",
            name="tried_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="waveplan",
            name="places",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
    ]
