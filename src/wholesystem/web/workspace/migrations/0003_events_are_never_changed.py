from django.db import migrations

from wholesystem.web.audit.append_only import allow_changes, refuse_changes


class Migration(migrations.Migration):
    dependencies = [("workspace", "0002_job_attempts")]

    operations = [
        migrations.RunPython(refuse_changes("workspace_event"), allow_changes("workspace_event"))
    ]
