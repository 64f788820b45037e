from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("serve", "0017_snoozed_cases")]
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
        ),
        migrations.AlterField(
            model_name="attachment",
            name="doubt",
            field=models.TextField(
                blank=True,
                choices=[
                    ("", ""),
                    ("unknown", "We do not know this kind of file; it is kept as it came."),
                    ("broken_picture", "This is no photo we can read; it is kept as it came."),
                    (
                        "other_picture",
                        "This kind of photo is kept as it came, perhaps with the place where it was taken; "
                        "send it as JPEG to have that removed.",
                    ),
                    ("empty", "The file is empty."),
                ],
                default="",
            ),
        ),
    ]
