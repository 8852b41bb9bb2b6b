from django.db import migrations

from wholesystem.web.audit.append_only import allow_changes, refuse_changes


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(refuse_changes("audit_siteevent"), allow_changes("audit_siteevent"))
    ]
