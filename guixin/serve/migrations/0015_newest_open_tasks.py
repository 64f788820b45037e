from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("serve", "0014_open_cases_by_what_is_rare")]
    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["-given_at", "-id"], name="task_newest", condition=Q(state__in=["given", "accepted"])
            ),
        ),
    ]
