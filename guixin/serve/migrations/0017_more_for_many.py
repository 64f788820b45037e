from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("serve", "0016_snoozed_cases")]
    operations = [
        migrations.AlterField(
            model_name="bulkchange",
            name="act",
            field=models.TextField(
                choices=[
                    ("owner", "Another owner"),
                    ("department", "Give it to a department"),
                    ("details", "Severity or category"),
                    ("note", "Internal note"),
                    ("template", "Canned reply"),
                    ("escalate", "Escalate"),
                    ("snooze", "Put to sleep"),
                    ("close", "Close"),
                    ("hand_over", "Handing over"),
                ]
            ),
        )
    ]
