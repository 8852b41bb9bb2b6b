"""The commands on published figures: load them, list what is known, and write profiles."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wholesystem import _options
from wholesystem._options import OUT, PROGRESS, Command, argument, option
from wholesystem.errors import UserError, shorten_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wholesystem.indicators import Indicator
    from wholesystem.indicators.profile import ProfileOptions

__all__ = ["PROFILE_COMMANDS"]


def _run_profile(
    *,
    area: str | None,
    data: Path,
    out: Path,
    every: bool,
    until: date | None,
    known_on: date | None,
    periods: int,
    comparators: Path | None,
    list_name: str,
    targets: Path | None,
    rebases: Path | None,
    catalogue: Path | None,
    store: Path | None,
    screen_outliers: bool,
    processes: int,
    progress: bool,
) -> None:
    """Write the local data profile of an area, or of every area."""
    from wholesystem import files
    from wholesystem.indicators import find_area, read_catalogue
    from wholesystem.reports import profile_run

    if every == (area is not None):
        raise UserError("Name one area, or say --all for every one. For example: Oxfordshire")
    files.check_folder(out)
    # A name that is not known is told before files are read for a quarter of a minute.
    chosen = None if area is None else find_area(area)
    known = read_catalogue(catalogue)
    options = _profile_options(
        known, until, known_on, periods, comparators, list_name, targets, rebases, screen_outliers
    )
    with (
        _bar(progress, "Reading files") as reading,
        profile_run.open_data(data, keep=store, catalogue=known, progress=reading) as loading,
    ):
        for error in loading.errors:
            print(f"Refused: {error}", file=sys.stderr)
        if chosen is not None:
            profile = profile_run.write_area_profile(loading, chosen, out, options, catalogue=known)
            print(*_first_lines(profile), sep="\n")
        else:
            with _bar(progress, "Writing profiles") as writing:
                count = profile_run.write_all_profiles(
                    loading, out, options, catalogue=known, processes=processes, progress=writing
                )
            print(f"{count} profiles.")
    print(f"Wrote to {out}. Open {out / 'index.html'} in a browser.")


def _profile_options(
    catalogue: Mapping[str, Indicator],
    until: date | None,
    known_on: date | None,
    periods: int,
    comparators: Path | None,
    list_name: str,
    targets: Path | None,
    rebases: Path | None,
    screen_outliers: bool,
) -> ProfileOptions:
    from wholesystem.indicators.areas import every_area
    from wholesystem.indicators.comparators import packaged_comparators, read_comparators
    from wholesystem.indicators.profile import ProfileOptions, read_rebases, read_targets

    names = {code: one.name for code, one in every_area().items()}
    own = read_comparators(comparators, names) if comparators else ()
    settings: dict[str, Any] = {}
    if targets:
        settings["targets"] = read_targets(targets, catalogue)
    if rebases:
        settings["rebases"] = read_rebases(rebases, catalogue)
    # A packaged list is used where it is asked for by name; a person's own without asking.
    lists = (*own, *packaged_comparators()) if list_name else own
    return ProfileOptions(
        until=until,
        known_on=known_on,
        periods=periods,
        lists=lists,
        list_name=list_name,
        screen_outliers=screen_outliers,
        **settings,
    )


def _first_lines(profile: Any) -> list[str]:
    """What stands out first, for the terminal."""
    found = profile.stand_outs[:5]
    return [
        f"{profile.area.name}: {len(profile.indicators)} indicators.",
        *(f"  {one.name}: {one.sentence}" for one in found),
    ]


def _run_indicators_list(*, group: str | None, catalogue: Path | None) -> None:
    """List the indicators that are known."""
    from wholesystem.indicators import read_catalogue

    rows = [
        one
        for one in read_catalogue(catalogue).values()
        if group is None or group.casefold() in one.group.casefold()
    ]
    if not rows:
        raise UserError(f"No indicator is in a group named {group!r}. List them without --group.")
    groups = list(dict.fromkeys(one.group for one in rows))
    rows.sort(key=lambda one: groups.index(one.group))
    widest = max(len(one.indicator) for one in rows)
    last = ""
    for one in rows:
        if one.group != last:
            print(f"{one.group}:")
            last = one.group
        print(f"  {one.indicator:{widest}}  {one.name} ({one.unit}; {one.supplied_by})")


def _run_indicators_check(
    *, data: Path, mapping: Path | None, catalogue: Path | None, progress: bool
) -> None:
    """Read published files and say what is in them, keeping nothing."""
    from wholesystem.indicators import read_catalogue
    from wholesystem.reports import profile_run

    known = read_catalogue(catalogue)
    if mapping is not None:
        _check_tidy(data, mapping, known)
        return
    with (
        _bar(progress, "Reading files") as reading,
        profile_run.open_data(data, catalogue=known, progress=reading) as loading,
    ):
        _print_files(loading.files)
        if loading.errors:
            raise UserError("\n".join(str(error) for error in loading.errors))
    print("Every file was read. Nothing was kept.")


def _check_tidy(file: Path, mapping: Path, catalogue: Mapping[str, Indicator]) -> None:
    """Say what a file of one's own would add through a mapping."""
    from wholesystem.indicators.loaders.tidy import load_tidy

    report = load_tidy(file, mapping, dry_run=True, catalogue=catalogue)
    if report.faults:
        raise UserError(f"{report}\nMend the file or the mapping. Nothing was kept.")
    print(report)
    print("Nothing was kept.")


def _run_indicators_load(
    *, data: Path, store: Path, catalogue: Path | None, progress: bool
) -> None:
    """Add published files to a store of observations."""
    from wholesystem.indicators import read_catalogue
    from wholesystem.reports import profile_run

    known = read_catalogue(catalogue)
    with (
        _bar(progress, "Reading files") as reading,
        profile_run.open_data(data, keep=store, catalogue=known, progress=reading) as loading,
    ):
        _print_files(loading.files)
        for error in loading.errors:
            print(f"Refused: {error}", file=sys.stderr)
    print(f"The store {store} holds {len(loading.files)} files.")
    if loading.errors:
        raise UserError(
            f"{len(loading.errors)} files were refused; the others were added. Mend them as said"
            " above and load them again."
        )


def _print_files(files: Sequence[Any]) -> None:
    for one in files:
        print(
            f"{one.file}: {one.format}, {one.rows_read:,} rows read, {one.rows_kept:,} kept"
            f"{f'; skipped: {one.skipped}' if one.skipped else ''}"
        )


@contextmanager
def _bar(progress: bool, what: str) -> Iterator[Any]:
    """A function to call at each step, with a bar; None without one."""
    if not progress:
        yield None
        return
    from tqdm import tqdm

    with tqdm(desc=what, file=sys.stderr) as bar:

        def advance(done: int, total: int, name: str) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield advance


def _month_or_day(text: str) -> date:
    """The last day of a month, or a day."""
    import calendar

    try:
        if len(text) == 7:
            year, month = int(text[:4]), int(text[5:])
            return date(year, month, calendar.monthrange(year, month)[1])
        return date.fromisoformat(text)
    except (ValueError, calendar.IllegalMonthError):
        raise argparse.ArgumentTypeError(
            f"{shorten_value(text)} is not allowed. It must be a month or a day."
            " For example: 2017-09 or 2017-09-30"
        ) from None


DATA = option(
    "--data",
    type=Path,
    required=True,
    metavar="DIR",
    help="folder or zip of files as published, or a store made by indicators load",
)
CATALOGUE = option(
    "--catalogue",
    type=Path,
    metavar="FILE",
    help="a table of further indicators of your own",
)

PROFILE_COMMANDS: tuple[Command, ...] = (
    Command(
        "profile",
        "write the local data profile of an area from published files",
        _run_profile,
        (
            argument("AREA", dest="area", nargs="?", type=str, help="name or code of a council"),
            DATA,
            OUT,
            option("--all", dest="every", action="store_true", help="every council instead of one"),
            option(
                "--until",
                type=_month_or_day,
                metavar="MONTH",
                help="leave out periods that end later, such as 2017-09",
            ),
            option(
                "--known-on",
                type=_month_or_day,
                metavar="DATE",
                help="figures as they were known on that day; as last revised if not given",
            ),
            option(
                "--periods",
                type=_options.periods,
                metavar="N",
                default=36,
                help="periods drawn and counted in the limits of a chart (36 if not given)",
            ),
            option(
                "--comparators",
                type=Path,
                metavar="FILE",
                help="table of comparator lists: list, dated, area_code, comparator_code, source",
            ),
            option(
                "--list",
                dest="list_name",
                default="",
                metavar="NAME",
                help="comparator list to use; else yours, else our own statistical neighbours",
            ),
            option("--targets", type=Path, metavar="FILE", help="table of targets"),
            option(
                "--rebases",
                type=Path,
                metavar="FILE",
                help="table of days from which limits start anew, each with its reason",
            ),
            CATALOGUE,
            option(
                "--store",
                type=Path,
                metavar="STORE",
                help="also keep the files read in this store, to ask again in a moment",
            ),
            option(
                "--screen-outliers",
                action="store_true",
                help="leave moving ranges above 3.267 times their mean out of the limits",
            ),
            option(
                "--processes",
                type=_options.processes,
                metavar="N",
                default=2,
                help="profiles written at once with --all, 1 to 64 (2 if not given)",
            ),
            PROGRESS,
        ),
    ),
    Command(
        "indicators list",
        "list the indicators that are known",
        _run_indicators_list,
        (option("--group", metavar="WORDS", help="only groups with these words"), CATALOGUE),
    ),
    Command(
        "indicators check",
        "read published files, say what is in them, and keep nothing",
        _run_indicators_check,
        (
            DATA,
            option(
                "--mapping",
                type=Path,
                metavar="MAP.csv",
                help="--data is a file of your own: say what this mapping would make of it",
            ),
            CATALOGUE,
            PROGRESS,
        ),
    ),
    Command(
        "indicators load",
        "add published files to a store of observations",
        _run_indicators_load,
        (
            DATA,
            option(
                "--store",
                type=Path,
                required=True,
                metavar="STORE",
                help="folder of the store; made if absent",
            ),
            CATALOGUE,
            PROGRESS,
        ),
    ),
)
