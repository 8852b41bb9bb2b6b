"""Values of settings, each made of the text of an environment variable."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

__all__ = [
    "SettingError",
    "read_address",
    "read_database",
    "read_folder",
    "read_hosts",
    "read_level",
    "read_secret",
    "read_text",
    "read_time_zone",
    "read_whole_number",
    "read_yes_no",
]

LEAST_SECRET = 50
LEVELS = ("debug", "info", "warning", "error")
HOST = re.compile(r"\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")


class SettingError(ValueError):
    """Text that breaks a setting's rule.

    Parameters
    ----------
    rule : str
        The rule, as a sentence.
    remedy : str
        What to do, as a sentence.
    """

    def __init__(self, rule: str, remedy: str) -> None:
        super().__init__(rule)
        self.rule, self.remedy = rule, remedy


def read_text(text: str) -> str:
    """The text itself, on one line."""
    if not text.isprintable():
        raise SettingError("It must be one line of plain text.", "Take out what does not print.")
    return text


def read_yes_no(text: str) -> bool:
    """Whether the text says yes."""
    if text.lower() not in ("yes", "no"):
        raise SettingError("It must be yes or no.", "Write yes, or leave it out.")
    return text.lower() == "yes"


def read_whole_number(low: int, high: int) -> Callable[[str], int]:
    """Reader of whole numbers from `low` to `high`."""

    def read(text: str) -> int:
        number = int(text) if re.fullmatch("[0-9]{1,9}", text) else None
        if number is None or not low <= number <= high:
            raise SettingError(
                f"It must be a whole number from {low} to {high}.", "Write it in digits."
            )
        return number

    return read


def read_folder(text: str) -> Path | None:
    """A path; None where blank."""
    if not text:
        return None
    path = Path(text).expanduser()
    if not path.is_absolute():
        # Commands are typed in different folders; they must all mean the same one.
        raise SettingError("It must be a whole path, from the root.", f"Such as {path.absolute()}.")
    return path


def read_hosts(text: str) -> list[str]:
    """Names of hosts, without ports."""
    hosts = [one.strip() for one in text.split(",") if one.strip()]
    if not hosts or not all(HOST.fullmatch(one) for one in hosts):
        raise SettingError(
            "It must be names with commas between, without https:// and without a port.",
            "Such as review.example.org.",
        )
    return hosts


def read_address(text: str) -> str:
    """An IP address; empty where blank."""
    try:
        return str(ipaddress.ip_address(text)) if text else ""
    except ValueError:
        raise SettingError("It must be an IP address.", "Such as 127.0.0.1.") from None


def read_secret(text: str) -> str:
    """A secret key; empty where blank."""
    if text and (len(text) < LEAST_SECRET or len(set(text)) < 5):
        raise SettingError(
            f"It must have {LEAST_SECRET} characters or more, drawn at random.",
            "Leave it out, and one is made.",
        )
    return text


def read_level(text: str) -> str:
    """A level of the log, as the standard library writes it; empty where blank."""
    if text and text.lower() not in LEVELS:
        raise SettingError(f"It must be one of {', '.join(LEVELS)}.", "Or leave it out.")
    return text.upper()


def read_time_zone(text: str) -> str:
    """Name of a time zone that this computer knows."""
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        raise SettingError(
            "It must be the name of a time zone.", "Such as Europe/London."
        ) from None
    return text


DATABASE_RULE = (
    "It must be postgres://user:password@host:port/name.",
    "Write %40 for an @ in the password, and so on; or leave it out for SQLite.",
)


def read_database(text: str) -> dict[str, Any] | None:
    """Django's settings of a PostgreSQL database; None where blank, for SQLite."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise SettingError(*DATABASE_RULE) from None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in ("postgres", "postgresql") or not name or "/" in name:
        raise SettingError(*DATABASE_RULE)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A folder of a Unix socket is written ?host=/var/run/postgresql
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
