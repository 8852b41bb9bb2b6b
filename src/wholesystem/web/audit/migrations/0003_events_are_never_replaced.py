from django.db import migrations

from wholesystem.web.audit.append_only import allow_replacing, refuse_replacing


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.RunPython(
            refuse_replacing("audit_siteevent", "number"),
            allow_replacing("audit_siteevent"),
        )
    ]
