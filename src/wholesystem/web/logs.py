"""Logs: one JSON object a line, with no word that a person wrote.

A line has a time, a level, an event and numbers. What is not on the list of `FIELDS` is left
out, so that a library which logs a person's words cannot bring them in.
"""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["FIELDS", "JsonLines", "configuration", "request_id"]

FIELDS = ("route", "method", "status", "ms", "user", "task", "queue", "count", "bytes", "fault")
"""What a line may say besides time, level, event and request: `extra` of a logging call."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request that is being answered; empty outside one."""

OURS = "wholesystem"


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; of an error its type and places in the program, never its message."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": _event(record),
        }
        if request_id.get():
            line["request"] = request_id.get()
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _places(record.exc_info[2])
        return json.dumps(line, default=str)


def _event(record: logging.LogRecord) -> str:
    """Our own events are fixed words. Others' messages may hold anything: their source only."""
    if record.name.partition(".")[0] == OURS and not record.args:
        return str(record.msg)
    return f"{record.name}:{record.funcName}"


def _places(trace: Any) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-12:]


def configuration(level: str, file: Path | None) -> dict[str, Any]:
    """Configuration of logging, for `logging.config.dictConfig`.

    Parameters
    ----------
    level : str
        ``DEBUG``, ``INFO``, ``WARNING`` or ``ERROR``.
    file : Path or None
        File to add to; the standard error stream if None.

    Returns
    -------
    dict
        Every logger writes to it; none but ours below warnings.
    """
    handler: dict[str, Any] = {"class": "logging.StreamHandler", "formatter": "lines"}
    if file is not None:
        # It is opened at the first line, so that --help makes no file.
        handler = {
            "class": "logging.handlers.WatchedFileHandler",
            "formatter": "lines",
            "filename": str(file),
            "encoding": "utf-8",
            "delay": True,
        }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": JsonLines}},
        "handlers": {"out": handler},
        "root": {"handlers": ["out"], "level": "WARNING"},
        "loggers": {
            OURS: {"level": level},
            # Django puts handlers of its own here, for development.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            # Our own line of a request says it; Django's holds the raw path.
            "django.request": {"level": "ERROR"},
        },
    }
