from django.db import migrations

from wholesystem.web.workspace.search_tables import drop_search, make_search


class Migration(migrations.Migration):
    dependencies = [("workspace", "0003_events_are_never_changed")]

    operations = [migrations.RunPython(make_search, drop_search)]
