from django.db import migrations

from guixin.organisation.revisions import bump_on_change


class Migration(migrations.Migration):
    dependencies = [("promise", "0016_communication_plans"), ("organisation", "0002_revisions")]

    operations = [bump_on_change("promise_blueprint", "names", columns=("code", "name", "name_en"))]
