from django.db import migrations

from wholesystem.web.audit.append_only import allow_replacing, refuse_replacing


class Migration(migrations.Migration):
    dependencies = [("workspace", "0004_search")]

    operations = [
        migrations.RunPython(
            refuse_replacing("workspace_event", "review_id", "number"),
            allow_replacing("workspace_event"),
        )
    ]
