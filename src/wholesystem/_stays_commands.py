"""The commands `wholesystem stays ...`: their functions and their part of the table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from wholesystem import _options
from wholesystem._options import OUT, Command, argument, option
from wholesystem.errors import UserError

__all__ = ["STAYS_COMMANDS"]


def _run_check(*, file: Path, mapping: Path | None, concurrent: list[str]) -> None:
    """Check an extract or a stays file and write nothing."""
    from wholesystem import stays

    found = stays.check_file(file, mapping=mapping, concurrent=concurrent)
    lines = found.lines()
    if found.rows_rejected:
        raise UserError("\n".join([*lines, "Mend these rows, or import what is sound."]))
    print("\n".join(lines))


def _run_import(
    *,
    file: Path,
    out: Path,
    mapping: Path | None,
    concurrent: list[str],
    window_start: datetime | None,
    window_end: datetime | None,
    population: float | None,
) -> None:
    """Bring an extract into a stays file, with its rejected rows beside it."""
    from wholesystem import stays

    found = stays.import_stays(
        file,
        out,
        mapping,
        window_start=window_start,
        window_end=window_end,
        population=population,
        concurrent=concurrent,
    )
    print("\n".join(found.lines()))
    print(f"Wrote {out}, and beside it rejected.csv and quality.csv.")


def _run_measure(
    *, file: Path, out: Path, roles: list[tuple[str, tuple[str, ...]]], rule: str
) -> None:
    """Write every measure of a stays file, one CSV each."""
    from wholesystem import files, stays

    files.check_folder(out)
    given: dict[str, list[str]] = {}
    for role, services in roles:
        given.setdefault(role, []).extend(services)
    names = stays.measure_all(stays.read_stays(file), out, roles=given, rule=rule)
    print(f"Wrote to {out}: {', '.join(names)}.")


FILE = argument("FILE", dest="file", help="the extract: .csv, .parquet or .xlsx")
MAPPING = option(
    "--mapping",
    type=Path,
    metavar="MAP.csv",
    help="table of column names: our column, the file's, and the format of a time",
)
CONCURRENT = option(
    "--concurrent",
    action="append",
    default=[],
    metavar="SERVICE",
    help="a service that may run beside others, such as home care; may be repeated",
)

STAYS_COMMANDS: tuple[Command, ...] = (
    Command(
        "stays check",
        "report every fault of an extract or stays file",
        _run_check,
        (FILE, MAPPING, CONCURRENT),
    ),
    Command(
        "stays import",
        "bring an extract into a stays file",
        _run_import,
        (
            FILE,
            option(
                "--out",
                type=Path,
                metavar="STAYS.parquet",
                required=True,
                help="the stays file to write, .parquet or .csv",
            ),
            MAPPING,
            CONCURRENT,
            option(
                "--window-start",
                type=_options.date_time,
                metavar="TIME",
                help="start of the measured window (the first start if not given)",
            ),
            option(
                "--window-end",
                type=_options.date_time,
                metavar="TIME",
                help="end of the measured window (the last known time if not given)",
            ),
            option(
                "--population",
                type=_options.population,
                metavar="PEOPLE",
                help="people of the area, the base of rates per 100,000",
            ),
        ),
    ),
    Command(
        "stays measure",
        "write every measure of a stays file, one CSV each",
        _run_measure,
        (
            argument("STAYS", dest="file", help="the stays file: .parquet or .csv"),
            OUT,
            option(
                "--role",
                dest="roles",
                type=_options.role,
                action="append",
                default=[],
                metavar="ROLE=SERVICE[,SERVICE]",
                help="what services are: department, hospital, reablement or home; may be repeated",
            ),
            option(
                "--rule",
                choices=("hes", "below_5", "none"),
                default="hes",
                help="how small numbers of real people are hidden (hes if not given)",
            ),
        ),
    ),
)
