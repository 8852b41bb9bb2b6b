"""What the commands of the terminal do with the workspace, as plain functions."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.validators import validate_email
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from wholesystem.errors import UserError
from wholesystem.web.accounts import actions, first_code
from wholesystem.web.accounts.links import password_path
from wholesystem.web.accounts.models import NAME_LENGTH, User
from wholesystem.web.answers.forgetting import forget_all
from wholesystem.web.audit.chain import find_breaks
from wholesystem.web.background import run_worker, start_worker
from wholesystem.web.hooks import find_hook
from wholesystem.web.locks import held
from wholesystem.web.serving import make_server
from wholesystem.web.site.health import look_after_health

__all__ = [
    "check_histories",
    "check_tables",
    "check_workspace",
    "create_account",
    "migrate",
    "serve",
    "work",
]

EXAMPLE = ("wholesystem.web.workspace.example", "load_example")
FRAMEWORKS = ("wholesystem.web.workspace.example", "load_frameworks")
HISTORIES = ("wholesystem.web.workspace.histories", "find_breaks")
Say = Callable[[str], None]


def migrate() -> None:
    """Make the tables, or bring them up to date, with the questions that come with the program."""
    call_command("migrate", verbosity=0, interactive=False)
    load_frameworks = find_hook(*FRAMEWORKS)
    if load_frameworks is not None:
        load_frameworks()


def check_tables() -> None:
    """Check that the tables are there and up to date.

    Raises
    ------
    UserError
        If not.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise UserError(
            f"The tables in {settings.DATA_FOLDER} are not there, or those of an earlier version."
            " Run first: wholesystem workspace migrate"
        )


def serve(*, host: str, port: int, example: bool, say: Say) -> None:
    """Serve the workspace until Ctrl-C, with a worker in a thread.

    Parameters
    ----------
    host : str
        Address to listen on.
    port : int
        0 for any free one.
    example : bool
        Whether the packaged review is loaded.
    say : callable
        Tells the person a line.
    """
    with held(settings.DATA_FOLDER):
        server = make_server(host, port)
        migrate()
        forget_all()
        load_example = find_hook(*EXAMPLE) if example else None
        if load_example is not None:
            load_example()
        shown = f"[{host}]" if ":" in host else host
        lines = [f"Open http://{shown}:{server.effective_port}/ in a browser. Ctrl-C stops it."]
        if not User.objects.exists():
            code = first_code.make_code()
            lines.append(f"The first visit creates the first account, with this code: {code}")
        _serve(server, lines, say)


def _serve(server: Any, lines: list[str], say: Say) -> None:
    stop = Event()
    worker = start_worker(stop)
    # What a service manager sends ends it as Ctrl-C does: requests and tasks come to their end.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for line in lines:
            say(line)
        server.run()
    except KeyboardInterrupt:  # before the server itself listens for it
        pass
    finally:
        stop.set()
        server.close()
        worker.join(timeout=30)


def work() -> None:
    """Work off the queue until Ctrl-C; a second one stops in the middle of a task."""
    stop = Event()
    with held(settings.DATA_FOLDER), _stopping(stop):
        run_worker(stop)


@contextmanager
def _stopping(stop: Event) -> Iterator[None]:
    def end(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    before = {one: signal.signal(one, end) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def check_workspace(*, deploy: bool, say: Say) -> bool:
    """Check the settings and the health of the workspace.

    Parameters
    ----------
    deploy : bool
        Whether what a server on a network needs is checked too.
    say : callable
        Tells the person a line.

    Returns
    -------
    bool
        Whether all is well.
    """
    from django.core import checks

    found = [
        one
        for one in checks.run_checks(include_deployment_checks=deploy)
        if not one.is_silenced() and one.level >= checks.WARNING
    ]
    for one in found:
        say(f"{one.id}: {one.msg} {one.hint or ''}".rstrip())
    findings = look_after_health()
    for finding in findings:
        say(f"{finding.name}: {'well' if finding.is_well else 'NOT WELL'}. {finding.says}")
    return not found and all(finding.is_well for finding in findings)


def check_histories(say: Say) -> bool:
    """Check the chain of account events, and the history of every review.

    Parameters
    ----------
    say : callable
        Tells the person a line.

    Returns
    -------
    bool
        Whether every link holds.
    """
    breaks = [f"Account event {one.number}: {one.what}" for one in find_breaks()]
    of_reviews = find_hook(*HISTORIES)
    breaks += of_reviews() if of_reviews is not None else []
    for line in breaks or ["Every link holds."]:
        say(line)
    return not breaks


def create_account(*, email: str, name: str, administrator: bool) -> str:
    """Make an account.

    Parameters
    ----------
    email, name : str
        The person's.
    administrator : bool
        Whether it is an administrator's.

    Returns
    -------
    str
        Path of the page on which the person sets a password.

    Raises
    ------
    UserError
        If the address or name is not one, or the address has an account.
    """
    try:
        validate_email(email)
    except ValidationError:
        raise UserError(
            f"{email!r} is no e-mail address. Write one such as ann@example.org."
        ) from None
    if not 0 < len(name.strip()) <= NAME_LENGTH or not name.isprintable():
        raise UserError(
            f"{name!r} is no name. A name has 1 to {NAME_LENGTH} letters. For example: --name"
            ' "Ann Other"'
        )
    user = actions.create_account(email=email, name=name.strip(), is_administrator=administrator)
    return password_path(user)
