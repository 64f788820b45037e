from django.db import migrations

READ_AGAIN = "INSERT INTO search_pending (kind, key) SELECT 'knowledge', id FROM understand_knowledge"


class Migration(migrations.Migration):
    dependencies = [("understand", "0017_gradings_unchecked"), ("search", "0001_initial")]
    operations = [
        migrations.RemoveIndex(model_name="knowledge", name="knowledge_terms"),
        migrations.RemoveField(model_name="knowledge", name="terms"),
        migrations.RunSQL(READ_AGAIN, migrations.RunSQL.noop),
    ]
