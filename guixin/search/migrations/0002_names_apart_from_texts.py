from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [
        migrations.AddField(model_name="counted", name="names", field=models.BigIntegerField(default=0, db_default=0)),
    ]
