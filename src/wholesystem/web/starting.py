"""Setting Django up for a command of the terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from wholesystem.errors import UserError

__all__ = ["database_told", "set_up"]


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


@contextmanager
def database_told() -> Iterator[None]:
    """Tell in plain words that the database does not answer, or takes no more.

    Yields
    ------
    None
        Within it Django is ready.

    Raises
    ------
    UserError
        If the database fails; what was written is what was acknowledged.
    """
    from django.db import OperationalError

    try:
        yield
    except OperationalError as error:
        raise UserError(
            f"The database does not do it: {str(error).strip()}. It must run, be reached by"
            " WHOLESYSTEM_DATABASE, and have room on its disk. What was there is as it was. Mend"
            " it and try again."
        ) from None
