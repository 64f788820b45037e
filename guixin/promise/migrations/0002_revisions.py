from django.db import migrations

from guixin.organisation.revisions import bump_on_change


class Migration(migrations.Migration):
    dependencies = [("promise", "0001_promise"), ("organisation", "0002_revisions")]
    operations = [
        bump_on_change("promise_standard", "standards"),
        bump_on_change("promise_standardversion", "standards"),
    ]
