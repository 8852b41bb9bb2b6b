"""The commands of the review workspace: their functions and their part of the table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from wholesystem import _options
from wholesystem._options import Command, argument, option
from wholesystem.errors import UserError

__all__ = ["WORKSPACE_COMMANDS"]


def _say(line: str) -> None:
    print(line)
    sys.stdout.flush()


def _on_workspace(*, tables: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make Django ready before a command; unless said otherwise, the tables must be there."""

    def wrap(run: Callable[..., None]) -> Callable[..., None]:
        @wraps(run)
        def command(**options: Any) -> None:
            from wholesystem.web.starting import database_told, set_up

            set_up()
            with database_told():
                if tables:
                    from wholesystem.web.running import check_tables

                    check_tables()
                run(**options)

        return command

    return wrap


@_on_workspace(tables=False)
def _run_serve(*, host: str, port: int, example: bool) -> None:
    """Start the workspace, and serve it until Ctrl-C."""
    from wholesystem.web import running

    running.serve(host=host, port=port, example=example, say=_say)
    print()


@_on_workspace(tables=False)
def _run_migrate() -> None:
    """Make the workspace's tables, or bring them up to date."""
    from wholesystem.web import running

    running.migrate()
    print("The tables are up to date.")


@_on_workspace()
def _run_worker() -> None:
    """Do the workspace's background work until Ctrl-C."""
    from wholesystem.web import running

    _say("Working. Ctrl-C stops after the task in hand; a second one at once.")
    running.work()


@_on_workspace()
def _run_backup(*, file: Path) -> None:
    """Write all that the workspace holds into one file."""
    from wholesystem.web.backup import write_backup

    manifest = write_backup(file)
    print(f"Wrote {file}: {_content(manifest.tables, manifest.files)}.")
    print(
        "It holds people's words and the hashes of passwords. Keep it where only you can read it."
    )


@_on_workspace(tables=False)
def _run_restore(*, file: Path, replace: bool) -> None:
    """Put a backup back."""
    from wholesystem.web.backup import restore_backup

    manifest, aside = restore_backup(file, replace=replace)
    print(f"Put back {_content(manifest.tables, manifest.files)}, as of {manifest.made_at}.")
    if aside is not None:
        print(f"The database as it was before is {aside}. Delete it once you do not need it.")


def _content(tables: dict[str, int], files: dict[str, str]) -> str:
    rows, documents = sum(tables.values()), len(files) - len(tables)
    return f"{rows:,} rows of {len(tables)} tables and {documents:,} documents"


@_on_workspace(tables=False)
def _run_check(*, deploy: bool) -> None:
    """Check the settings and health of the workspace."""
    from wholesystem.web import running

    if not running.check_workspace(deploy=deploy, say=_say):
        raise UserError("Something is not as it must be: see above. Mend it and check again.")


@_on_workspace()
def _run_verify_audit() -> None:
    """Check the chain of account events and every review's history."""
    from wholesystem.web import running

    if not running.check_histories(_say):
        raise UserError(
            "The history was changed from outside the program: see above. Compare it with a backup"
            " from before."
        )


@_on_workspace()
def _run_create_account(*, email: str, name: str, administrator: bool) -> None:
    """Make an account, and print the path on which its password is set."""
    from wholesystem.web import running

    path = running.create_account(email=email, name=name, administrator=administrator)
    print("Made the account. Its password is set at this path of the workspace's address:")
    print(path)


BACKUP = argument("FILE.zip", dest="file", help="the backup")

WORKSPACE_COMMANDS: tuple[Command, ...] = (
    Command(
        "serve",
        "start the review workspace and serve it to this computer",
        _run_serve,
        (
            option(
                "--port",
                type=_options.port,
                metavar="PORT",
                default=8000,
                help="0 to 65535; 8000 if not given, 0 takes any free one",
            ),
            option(
                "--host",
                metavar="ADDRESS",
                default="127.0.0.1",
                help="address to listen on; 127.0.0.1, this computer only, if not given",
            ),
            option(
                "--no-example",
                dest="example",
                action="store_false",
                help="do not load the packaged review of Oxfordshire",
            ),
        ),
    ),
    Command(
        "workspace migrate", "make the workspace's tables, or bring them up to date", _run_migrate
    ),
    Command("workspace worker", "do the workspace's background work until Ctrl-C", _run_worker),
    Command(
        "workspace backup",
        "write all that the workspace holds into one file",
        _run_backup,
        (BACKUP,),
    ),
    Command(
        "workspace restore",
        "put a backup back",
        _run_restore,
        (
            BACKUP,
            option(
                "--replace",
                action="store_true",
                help="put it in place of the data that is there",
            ),
        ),
    ),
    Command(
        "workspace check",
        "check the settings and the health of the workspace",
        _run_check,
        (
            option(
                "--deploy",
                action="store_true",
                help="also what a server on a network needs, such as HTTPS",
            ),
        ),
    ),
    Command(
        "workspace verify-audit",
        "check that no history was changed from outside the program",
        _run_verify_audit,
    ),
    Command(
        "workspace create-account",
        "make an account, whose password is set by a link",
        _run_create_account,
        (
            option("email", metavar="EMAIL", help="the e-mail address to sign in with"),
            option("--name", metavar="NAME", required=True, help="the person's name"),
            option(
                "--administrator",
                action="store_true",
                help="make it an administrator's; the first account always is",
            ),
        ),
    ),
)
