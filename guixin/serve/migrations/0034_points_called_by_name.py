from django.db import migrations

from guixin.organisation.revisions import bump_on_change


class Migration(migrations.Migration):
    dependencies = [("serve", "0033_price_of_what_went_wrong"), ("organisation", "0002_revisions")]

    operations = [bump_on_change("serve_opinionpoint", "names", columns=("code", "name", "name_en"))]
