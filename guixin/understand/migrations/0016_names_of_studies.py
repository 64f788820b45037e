from django.db import migrations

from guixin.organisation.revisions import bump_on_change


class Migration(migrations.Migration):
    dependencies = [("understand", "0015_names_in_the_ledger")]

    operations = [bump_on_change("understand_pricestudy", "names", columns=("code", "name", "name_en"))]
