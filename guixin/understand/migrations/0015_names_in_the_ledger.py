from django.db import migrations

from guixin.organisation.revisions import bump_on_change


class Migration(migrations.Migration):
    dependencies = [("understand", "0014_price_research"), ("organisation", "0002_revisions")]

    operations = [
        bump_on_change("understand_segment", "names", columns=("code", "name", "name_en")),
        bump_on_change("understand_attribute", "names", columns=("code", "name", "name_en")),
    ]
