"""The commands on indicators: their functions and their part of the table."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from wholesystem._options import OUT, Command, argument, option
from wholesystem.errors import ParameterError, shorten_value

__all__ = ["INDICATOR_COMMANDS"]

MOST_LINES = 20


def _day(text: str) -> date:
    from wholesystem.indicators.spc.dates import FORMS, parse_day
    from wholesystem.tables.cells import CellError

    try:
        return parse_day(text)
    except CellError as error:
        raise argparse.ArgumentTypeError(
            f"{shorten_value(text)} is not allowed. {error.rule} Write it like one of these:"
            f" {FORMS}."
        ) from None


def _dated_reason(text: str) -> tuple[date, str]:
    day, _, reason = text.partition("=")
    return _day(day), reason.strip()


def _target(text: str) -> tuple[date | None, float]:
    from wholesystem.tables.cells import CellError, parse_number

    day, equals, number = text.rpartition("=")
    try:
        return (_day(day) if equals else None), parse_number(number.strip())
    except CellError:
        raise argparse.ArgumentTypeError(
            f"{shorten_value(text)} is not allowed. A target is a number, or a date and the target"
            " from then on. For example: --target 95, or --target 2018-04=90"
        ) from None


def _targets(given: list[tuple[date | None, float]]) -> object:
    """One target for all, or pairs of a date and the target from then on."""
    if not given:
        return None
    undated = [number for day, number in given if day is None]
    if len(undated) > 1:
        raise ParameterError(
            f"There are {len(undated)} targets without a date. Only one may be for the whole time."
            " Give the others a date: --target 2018-04=90"
        )
    if len(given) == 1 and undated:
        return undated[0]
    return tuple((date.min if day is None else day, number) for day, number in given)


def _run_spc(
    *,
    file: Path,
    out: Path,
    date_column: str | None,
    value_column: str | None,
    group: str | None,
    denominator: str | None,
    kind: str,
    targets: list[tuple[date | None, float]],
    better: str | None,
    rebases: list[date],
    reasons: list[str],
    exclusions: list[tuple[date, str]],
    screen_outliers: bool,
    count_beyond: bool,
    overdispersion: bool,
    run_length: int | None,
    baseline: int | None,
    per: float | None,
    unit: str,
    title: str,
) -> None:
    """Draw charts of statistical process control of a CSV file."""
    from wholesystem import files, reports
    from wholesystem.indicators.spc import from_file
    from wholesystem.indicators.spc.columns import Columns
    from wholesystem.indicators.spc.series import NO_REASON, Exclusion, Rebase
    from wholesystem.indicators.spc.writing import write_points, write_summary

    files.check_folder(out)
    _check_reasons(rebases, reasons)
    padded = [*reasons, *[""] * (len(rebases) - len(reasons))]
    wanted = from_file.Wanted(
        kind=kind,
        columns=Columns(
            date_column, value_column, group, denominator, kind != "t" or value_column is not None
        ),
        target=_targets(targets),
        better=better or "high",
        rebases=tuple(
            Rebase(day, why or NO_REASON) for day, why in zip(rebases, padded, strict=True)
        ),
        exclusions=tuple(Exclusion(day, why or NO_REASON) for day, why in exclusions),
        screen_outliers=screen_outliers,
        count_beyond=count_beyond,
        overdispersion=overdispersion,
        run_length=run_length,
        baseline=baseline,
        per=per,
        unit=unit,
        title=title,
    )
    charts, notes = from_file.charts_of_file(file, wanted)
    notes = (*notes, *_extra_notes(better, padded, [why for _, why in exclusions]))
    page, svgs = reports.page_of_charts(
        charts,
        title=title or file.stem,
        source=f"Source: {file.name}.",
        notes=notes,
        count_beyond=count_beyond,
    )
    with files.staged_folder(out) as folder:
        write_points(charts, folder / "points.csv", grouped=group is not None)
        write_summary(charts, folder / "summary.csv", grouped=group is not None)
        reports.write_spc_page(page, svgs, folder)
    _print_verdicts({name: chart.summary.sentences for name, chart in charts.items()})
    for note in notes:
        print(f"Note: {note}", file=sys.stderr)
    print(f"Wrote the results to {out}. Open {out / 'index.html'} in a browser.")


def _check_reasons(rebases: list[date], reasons: list[str]) -> None:
    if len(reasons) > len(rebases):
        raise ParameterError(
            f"There are {len(reasons)} reasons and {len(rebases)} rebasings. Each --reason is of"
            ' the --rebase in the same place. For example: --rebase 2017-04 --reason "New ward"'
        )


def _extra_notes(better: str | None, rebases: list[str], exclusions: list[str]) -> list[str]:
    """What was left unsaid: which way is better, and the reasons of changes made by hand."""
    notes = []
    if better is None:
        notes.append("High is taken as better. Say --better low or --better neither if it is not.")
    if not all(rebases):
        notes.append("A rebasing has no reason. Say what changed with --reason.")
    if not all(exclusions):
        notes.append("A point is left out without a reason. Write --exclude DATE=REASON.")
    return notes


def _print_verdicts(verdicts: dict[str, tuple[str, ...]]) -> None:
    if len(verdicts) == 1:
        for sentence in next(iter(verdicts.values())):
            print(sentence)
        return
    for name, sentences in list(verdicts.items())[:MOST_LINES]:
        print(f"{name}: {' '.join(sentences[:3])}")
    if len(verdicts) > MOST_LINES:
        print(f"... and {len(verdicts) - MOST_LINES} more: see summary.csv.")


INDICATOR_COMMANDS: tuple[Command, ...] = (
    Command(
        "spc",
        "chart figures in time: which movements are real, and is a target in reach",
        _run_spc,
        (
            argument(
                "FILE.csv", dest="file", help="a CSV file with a date and a value in each row"
            ),
            OUT,
            option(
                "--date",
                dest="date_column",
                metavar="COL",
                help="column of dates (found by its name or contents if not given)",
            ),
            option(
                "--value",
                dest="value_column",
                metavar="COL",
                help="column of figures (found if there is only one)",
            ),
            option(
                "--target",
                dest="targets",
                type=_target,
                action="append",
                default=[],
                metavar="T",
                help="target, or DATE=T for a target from a date on; may be repeated",
            ),
            option(
                "--better",
                choices=("high", "low", "neither"),
                help="which way is an improvement (high if not given)",
            ),
            option(
                "--screen-outliers",
                action="store_true",
                help="leave out outlying moving ranges; the NHS Excel tool does not",
            ),
            option(
                "--rebase",
                dest="rebases",
                type=_day,
                action="append",
                default=[],
                metavar="DATE",
                help="start limits anew here, because the process changed; may be repeated",
            ),
            option(
                "--reason",
                dest="reasons",
                action="append",
                default=[],
                metavar="TEXT",
                help="what changed at the --rebase in the same place",
            ),
            option(
                "--exclude",
                dest="exclusions",
                type=_dated_reason,
                action="append",
                default=[],
                metavar="DATE=REASON",
                help="draw the point of this date and do not count it; may be repeated",
            ),
            option(
                "--chart",
                dest="kind",
                choices=("xmr", "run", "p", "u", "c", "t"),
                default="xmr",
                help="kind of chart (xmr if not given)",
            ),
            option("--group", metavar="COL", help="column of areas: a chart for each"),
            option(
                "--denominator", metavar="COL", help="column of the base of each count (P and U)"
            ),
            option(
                "--per",
                type=float,
                metavar="N",
                help="rate per so many (P: 100, U: 1 if not given)",
            ),
            option(
                "--overdispersion",
                action="store_true",
                help="limits that allow for spread beyond chance (Laney's P' and U')",
            ),
            option(
                "--run-length",
                type=int,
                metavar="N",
                help="points of a trend or a run, 4 to 20 (7 if not given)",
            ),
            option(
                "--count-beyond",
                action="store_true",
                help="count points outside the limits in the rule of two of three",
            ),
            option(
                "--baseline",
                type=int,
                metavar="N",
                help="hold mean and limits of the first N points of each phase",
            ),
            option("--unit", default="", metavar="TEXT", help="unit of the figures, such as %%"),
            option("--title", default="", metavar="TEXT", help="what the figures are"),
        ),
    ),
)
