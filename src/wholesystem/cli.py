"""The commands: one table of them, one function each.

Start reading at `COMMANDS`. Nothing heavy is imported until a command runs, so that `--help`
answers at once. Exit codes: 0 done; 1 our fault; 2 something the person can mend; 130 stopped
with Ctrl-C.
"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wholesystem import __version__, _options
from wholesystem._case_commands import CASE_COMMANDS
from wholesystem._indicator_commands import INDICATOR_COMMANDS
from wholesystem._options import (
    DAYS,
    MODEL,
    OUT,
    PROGRESS,
    REPLICATIONS,
    SEED,
    Command,
    argument,
    option,
)
from wholesystem._profile_commands import PROFILE_COMMANDS
from wholesystem._report_commands import REPORT_COMMANDS
from wholesystem._review_commands import REVIEW_COMMANDS
from wholesystem._stays_commands import STAYS_COMMANDS
from wholesystem._workspace_commands import WORKSPACE_COMMANDS
from wholesystem.errors import UserError, WholesystemError

__all__ = ["COMMANDS", "build_parser", "main"]

DEMO_FOLDER = Path("out/demo")
STOPPED = 130


# --------------------------------------------------------------------------- the commands


def _run_demo(*, out: Path, replications: int, progress: bool) -> None:
    """Simulate the packaged area and make its page."""
    from wholesystem import examples

    for line in examples.run_demo(out, replications, progress):
        print(line)


def _run_new(*, folder: Path) -> None:
    """Copy a small commented model for people to start their own from."""
    from wholesystem import examples

    examples.copy_new_model(folder)
    print(f"Wrote a small model to {folder}. Open its tables, then run it with:")
    print(f"  wholesystem simulate {folder} --out {folder}-results")


def _run_simulate(
    *,
    model: Path,
    out: Path,
    replications: int | None,
    days: float | None,
    seed: int | None,
    stays: bool,
    sets: list[str],
    progress: bool,
) -> None:
    """Simulate a model and write its results."""
    from wholesystem import files, flow, reports

    files.check_folder(out)
    chosen = flow.apply_sets(flow.read_model(model), sets)
    result = flow.simulate(
        chosen, replications=replications, days=days, seed=seed, stays=True, progress=progress
    )
    # The figures before the files: drawing the page takes as long again as running the model.
    print(*result.lines(), sep="\n", flush=True)
    with files.staged_folder(out) as folder:
        result.write_files(folder, stays=stays)
        reports.write_run_page(result, folder)
    _print_notes(result.warnings)
    print(f"Wrote the results to {out}. Open {out / 'index.html'} in a browser.")


def _run_compare(
    *,
    model: Path,
    scenarios: list[_options.Scenario],
    out: Path,
    replications: int | None,
    days: float | None,
    seed: int | None,
    progress: bool,
) -> None:
    """Compare scenarios with a model and write the paired differences."""
    from wholesystem import files, flow
    from wholesystem.flow.results import write_csv

    files.check_folder(out)
    baseline = flow.read_model(model)
    named = {}
    for scenario in scenarios:
        if scenario.name in named:
            raise UserError(
                f"Two scenarios are named {scenario.name}. Each needs a name of its own."
                f" Name one: other={scenario.model or ','.join(scenario.sets)}"
            )
        named[scenario.name] = (
            flow.read_model(scenario.model)
            if scenario.model
            else flow.apply_sets(baseline, list(scenario.sets))
        )
    differences = flow.compare(
        baseline, named, replications=replications, days=days, seed=seed, progress=progress
    )
    with files.staged_folder(out) as folder:
        write_csv(differences, folder / "differences.csv")
    print(f"Wrote {out / 'differences.csv'}.")


def _run_model_check(*, model: Path) -> None:
    """Read a model's tables and report every fault."""
    from wholesystem import flow

    found = flow.read_model(model)
    _print_notes(found.warnings)
    print(f"{model} is a sound model: {len(found.services)} services, {len(found.routes)} routes.")


def _run_model_to_excel(*, model: Path, workbook: Path) -> None:
    """Write a model folder as one workbook."""
    from wholesystem import flow

    flow.to_excel(model, workbook)
    print(f"Wrote {workbook}.")


def _run_model_from_excel(*, workbook: Path, folder: Path) -> None:
    """Write a workbook as a model folder."""
    from wholesystem import flow

    flow.from_excel(workbook, folder)
    print(f"Wrote the tables to {folder}.")


def _run_show(*, folder: Path, port: int) -> None:
    """Show a folder of results in a browser on this computer until Ctrl-C."""
    from wholesystem._serve import make_server

    with make_server(folder, port) as server:
        print(f"Open http://127.0.0.1:{server.server_port}/ on this computer. Ctrl-C stops it.")
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


def _print_notes(warnings: Sequence[str]) -> None:
    for warning in warnings:
        print(f"Note: {warning}", file=sys.stderr)


# --------------------------------------------------------------------------- the table


COMMANDS: tuple[Command, ...] = (
    Command(
        "demo",
        "simulate Oxfordshire in 2017 and make its page",
        _run_demo,
        (
            option(
                "--out",
                type=Path,
                metavar="DIR",
                default=DEMO_FOLDER,
                help="folder of the results; out/demo if not given",
            ),
            option(
                "--replications",
                type=_options.replications,
                metavar="N",
                default=30,
                help="how many times to run the year, 2 to 10000 (30 if not given)",
            ),
            PROGRESS,
        ),
    ),
    Command(
        "new",
        "copy a small commented model to start your own from",
        _run_new,
        (
            argument(
                "DIR", dest="folder", help="the new model's folder; must not exist, or be empty"
            ),
        ),
    ),
    Command(
        "simulate",
        "simulate a model and write its results",
        _run_simulate,
        (
            MODEL,
            OUT,
            REPLICATIONS,
            DAYS,
            SEED,
            option(
                "--stays",
                action="store_true",
                help="also write stays.parquet, the stays of the first replication",
            ),
            option(
                "--set",
                dest="sets",
                action="append",
                default=[],
                metavar="TABLE.KEY.COLUMN=VALUE",
                help="change one cell of the model's tables for this run; may be repeated",
            ),
            PROGRESS,
        ),
    ),
    Command(
        "compare",
        "compare scenarios with a model: paired differences with intervals",
        _run_compare,
        (
            MODEL,
            option(
                "scenarios",
                nargs="+",
                type=_options.scenario,
                metavar="SCENARIO",
                help="another MODEL, NAME=MODEL, or NAME=TABLE.KEY.COLUMN=VALUE[,...]",
            ),
            OUT,
            REPLICATIONS,
            DAYS,
            SEED,
            PROGRESS,
        ),
    ),
    Command("model check", "report every fault of a model's tables", _run_model_check, (MODEL,)),
    Command(
        "model to-excel",
        "write a model folder as one Excel workbook",
        _run_model_to_excel,
        (MODEL, argument("FILE.xlsx", dest="workbook", help="the workbook to write")),
    ),
    Command(
        "model from-excel",
        "write an Excel workbook as a model folder",
        _run_model_from_excel,
        (
            argument("FILE.xlsx", dest="workbook", help="the workbook to read"),
            argument("DIR", dest="folder", help="the model's folder; made if absent"),
        ),
    ),
    *STAYS_COMMANDS,
    *PROFILE_COMMANDS,
    *INDICATOR_COMMANDS,
    *REVIEW_COMMANDS,
    *REPORT_COMMANDS,
    *CASE_COMMANDS,
    *WORKSPACE_COMMANDS,
    Command(
        "show",
        "show the demo's page, or another folder's, on this computer only",
        _run_show,
        (
            argument(
                "DIR",
                dest="folder",
                nargs="?",
                default=DEMO_FOLDER,
                help="a folder with an index.html; out/demo if not given",
            ),
            option(
                "--port",
                type=_options.port,
                metavar="PORT",
                default=8000,
                help="0 to 65535; 8000 if not given, 0 takes any free one",
            ),
        ),
    ),
)

GROUPS = {
    "cases": "draw cases to look at from stays",
    "indicators": "list the indicators, and check or keep published files of them",
    "model": "check a model's tables, or carry them to and from Excel",
    "review": "check, show, pack or start a review, with no server",
    "stays": "check and measure stays",
    "workspace": "look after the review workspace: tables, worker, backup, accounts",
}


# --------------------------------------------------------------------------- running one


def build_parser() -> argparse.ArgumentParser:
    """Parser of the whole command line, made from `COMMANDS`.

    Returns
    -------
    argparse.ArgumentParser
        Its result holds the chosen command as ``command``.
    """
    parser = argparse.ArgumentParser(
        prog="wholesystem",
        description="How people move through a local health and social care system.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"wholesystem {__version__}")
    parser.add_argument(
        "--debug", action="store_true", help="show where in the program an error arose"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    groups: dict[str, Any] = {}
    for command in COMMANDS:
        group, _, word = command.words.rpartition(" ")
        if group and group not in groups:
            its_parser = commands.add_parser(group, help=GROUPS[group], allow_abbrev=False)
            groups[group] = its_parser.add_subparsers(
                title="commands", metavar="COMMAND", required=True
            )
        one = groups.get(group, commands).add_parser(
            word, help=command.summary, description=_sentence(command.summary), allow_abbrev=False
        )
        for flags, settings in command.options:
            one.add_argument(*flags, **settings)
        one.set_defaults(command=command)
    return parser


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Run one command line.

    Parameters
    ----------
    argv : sequence of str, optional
        What was typed after ``wholesystem``; the process's own if None.
    environ : mapping of str to str, optional
        Environment variables; the process's own if None. ``WHOLESYSTEM_DEBUG=1`` shows where an
        error arose, as ``--debug`` does.

    Returns
    -------
    int
        Exit code: 0 done, 1 our fault, 2 something the person can mend, 130 stopped with Ctrl-C.

    Raises
    ------
    SystemExit
        With 0 after ``--help`` and ``--version``, with 2 for a wrong option.
    """
    if argv is None:
        # The whole process is ours. Its libraries make a million objects that stay: looking for
        # garbage among them took 0.3 s of a small run's 3.3.
        gc.set_threshold(100_000, 50, 50)
    environ = os.environ if environ is None else environ
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # an old Windows console cannot show every letter
            stream.reconfigure(errors="replace")
    options = vars(build_parser().parse_args(argv))
    command: Command = options.pop("command")
    debug = options.pop("debug") or environ.get("WHOLESYSTEM_DEBUG") == "1"
    if options.get("progress", False) is None:
        options["progress"] = sys.stderr.isatty()
    return _run(command, options, debug=debug)


def _run(command: Command, options: dict[str, Any], *, debug: bool) -> int:
    """Exit code of a command, after telling the person of any error."""
    try:
        command.run(**options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("\nStopped. Nothing was left half written.", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the last place where any error can be told in plain words
        if debug:
            import traceback

            traceback.print_exc()
        message, exit_code = _explain(error, command)
        print(message, file=sys.stderr)
        return exit_code
    return 0


# What a disk or its rights refuse; the person can choose another place.
DISK_FAULTS = {
    errno.EACCES,
    errno.EDQUOT,
    errno.ENAMETOOLONG,
    errno.ENOSPC,
    errno.EPERM,
    errno.EROFS,
}


def _explain(error: Exception, command: Command) -> tuple[str, int]:
    """What to tell the person, and the exit code."""
    if isinstance(error, UserError):
        return f"wholesystem {command.words}: {error}", error.exit_code
    if isinstance(error, OSError) and error.errno in DISK_FAULTS:
        where = f"{error.filename}: " if error.filename else ""
        return (
            f"wholesystem {command.words}: {where}{error.strerror}. The disk must take the file."
            " Choose another name or folder, or make room.",
            UserError.exit_code,
        )
    code = error.exit_code if isinstance(error, WholesystemError) else 1
    return (
        f"wholesystem {command.words}: a fault of ours, not of your data:"
        f" {type(error).__name__}: {error}\n"
        "Please report it with the command that you typed and what this shows:"
        f" wholesystem --debug {command.words} ...",
        code,
    )
