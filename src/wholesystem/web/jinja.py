"""The Jinja environment of the pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import jinja2
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from wholesystem.web.form_parts import FUNCTIONS

__all__ = ["make_environment", "write_date", "write_time", "write_utc_time"]


def make_environment(**options: Any) -> jinja2.Environment:
    """Environment with this project's functions and filters.

    Parameters
    ----------
    **options : object
        Of `jinja2.Environment`, from Django's settings.

    Returns
    -------
    jinja2.Environment
        Escapes everything. A name that is not there is empty, as the NHS templates need it.
    """
    environment = jinja2.Environment(
        **{
            **options,
            "undefined": jinja2.ChainableUndefined,
            "autoescape": True,
            # As the NHS templates expect: without them a page is mostly blank lines.
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
    )
    environment.globals |= {"static": static, "url": _url, **FUNCTIONS}
    environment.filters |= {"date": write_date, "time": write_time, "utc_time": write_utc_time}
    return environment


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    """Path of a page: ``url("accounts:person", pk=1)``."""
    return reverse(name, args=args, kwargs=kwargs)


def write_date(day: date | None) -> str:
    """A day as the NHS content guide writes it.

    Parameters
    ----------
    day : date or datetime or None
        A datetime is taken in the time zone of the pages.

    Returns
    -------
    str
        Such as ``3 November 2017``; empty for None.
    """
    if not day:
        return ""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    return f"{day.day} {day:%B %Y}"


def write_time(moment: datetime | None) -> str:
    """A moment as day and time of the pages' time zone.

    Parameters
    ----------
    moment : datetime or None
        With a time zone.

    Returns
    -------
    str
        Such as ``3 November 2017 at 14:05``; empty for None.
    """
    if not moment:
        return ""
    return f"{write_date(moment)} at {timezone.localtime(moment):%H:%M}"


def write_utc_time(moment: datetime | None) -> str:
    """A moment of a review's row, as `write_time` writes it.

    Parameters
    ----------
    moment : datetime or None
        Naive UTC.

    Returns
    -------
    str
        Such as ``3 November 2017 at 14:05``; empty for None.
    """
    return write_time(moment.replace(tzinfo=UTC)) if moment else ""
