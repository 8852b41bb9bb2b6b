"""Small parts of the workspace: locks, hooks, settings of the database, dates as words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from wholesystem.errors import UserError
from wholesystem.web import settings as real_settings
from wholesystem.web.hooks import find_hook
from wholesystem.web.jinja import write_date, write_time
from wholesystem.web.locks import held
from wholesystem.web.logs import configuration


def test_any_number_may_use_a_folder_and_one_may_restore(tmp_path: Path) -> None:
    with held(tmp_path), held(tmp_path):
        with pytest.raises(UserError, match="is running"), held(tmp_path, alone=True):
            pass
    with held(tmp_path, alone=True):
        with pytest.raises(UserError, match="is being restored"), held(tmp_path):
            pass
    with held(tmp_path):
        pass


def test_a_hook_that_nobody_offers_is_none() -> None:
    assert find_hook("wholesystem.web.nothing", "x") is None
    assert find_hook("wholesystem.web.hooks", "nothing") is None
    assert find_hook("wholesystem.web.hooks", "find_hook") is find_hook


def test_sqlite_loses_nothing_acknowledged_and_lets_readers_read() -> None:
    options = real_settings.DATABASES["default"]["OPTIONS"]

    assert options["init_command"] == "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] >= 10


def test_passwords_need_twelve_characters_and_argon2_comes_first() -> None:
    assert real_settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    lengths = [one.get("OPTIONS", {}) for one in real_settings.AUTH_PASSWORD_VALIDATORS]
    assert {"min_length": 12} in lengths


def test_pages_ask_for_signing_in_unless_they_say_otherwise() -> None:
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in real_settings.MIDDLEWARE
    assert real_settings.DEBUG is False


def test_dates_are_written_as_the_nhs_writes_them() -> None:
    moment = datetime(2018, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight in London

    assert write_date(date(2017, 11, 3)) == "3 November 2017"
    assert write_date(moment) == "2 July 2018"
    assert write_time(moment) == "2 July 2018 at 00:30"
    assert write_date(None) == write_time(None) == ""


def test_the_log_goes_to_a_file_where_asked(tmp_path: Path) -> None:
    handler = configuration("INFO", tmp_path / "log.jsonl")["handlers"]["out"]

    assert handler["filename"] == str(tmp_path / "log.jsonl")
    assert not (tmp_path / "log.jsonl").exists()
    assert configuration("INFO", None)["handlers"]["out"]["class"] == "logging.StreamHandler"
