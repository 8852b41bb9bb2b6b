"""The workspace for a WSGI server."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from wholesystem.web.locks import hold

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholesystem.web.settings")
application = get_wsgi_application()
# As long as this process lives, no restore can take the data from under it.
hold(settings.DATA_FOLDER)
