"""Setting Django up for a command of the terminal."""

from __future__ import annotations

import os

__all__ = ["set_up"]


def set_up() -> None:
    """Read the settings and make Django ready.

    Raises
    ------
    ParameterError
        With every fault of the settings.
    """
    # Whatever the environment says: a command of ours works on our own settings.
    os.environ["DJANGO_SETTINGS_MODULE"] = "wholesystem.web.settings"
    # Everything that is written from here on is for its owner only.
    os.umask(0o077)
    import django

    django.setup()
