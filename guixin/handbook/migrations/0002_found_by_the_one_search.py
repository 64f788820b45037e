from django.db import migrations

READ_AGAIN = "INSERT INTO search_pending (kind, key) SELECT 'article', id FROM handbook_article"


class Migration(migrations.Migration):
    dependencies = [("handbook", "0001_articles"), ("search", "0001_initial")]
    operations = [
        migrations.RemoveIndex(model_name="article", name="article_terms"),
        migrations.RemoveField(model_name="article", name="terms"),
        migrations.RunSQL(READ_AGAIN, migrations.RunSQL.noop),
    ]
