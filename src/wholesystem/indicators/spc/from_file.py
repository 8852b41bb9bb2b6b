"""Charts of a file's rows, as the command `wholesystem spc` asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault, ParameterError, TableError
from wholesystem.indicators.spc.attributes import c_chart, p_chart, u_chart
from wholesystem.indicators.spc.chart import Chart
from wholesystem.indicators.spc.columns import Columns
from wholesystem.indicators.spc.individuals import xmr
from wholesystem.indicators.spc.rare import t_chart
from wholesystem.indicators.spc.reading import Rows, SpcFile, read_file
from wholesystem.indicators.spc.runs import SHIFT, run_chart
from wholesystem.indicators.spc.series import Exclusion, Options, Rebase

#: Kinds of chart that are made of a count and its base.
WITH_BASE = ("p", "u")


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a file.

    Parameters
    ----------
    kind : str
        ``xmr``, ``run``, ``p``, ``u``, ``c`` or ``t``.
    columns : Columns
        Which columns to read.
    target : float, tuple of (date, float), or None
        One, or pairs of a date and the target from then on.
    better : str
        ``high``, ``low`` or ``neither``.
    rebases : tuple of Rebase
        Of every group; one that does not span the day is left as it is.
    exclusions : tuple of Exclusion
        Of every group that has a point on the day.
    screen_outliers, count_beyond, overdispersion : bool
        As for `xmr` and `p_chart`.
    run_length : int or None
        7 if None (6 in a run chart).
    baseline : int or None
        As for `xmr`.
    per : float or None
        As for `p_chart`; 100 if None in a P chart, 1 in others.
    unit, title : str
        Of the figures; made of the names of columns if empty.
    """

    kind: str = "xmr"
    columns: Columns = Columns()
    target: Any = None
    better: str = "high"
    rebases: tuple[Rebase, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    screen_outliers: bool = False
    count_beyond: bool = False
    overdispersion: bool = False
    run_length: int | None = None
    baseline: int | None = None
    per: float | None = None
    unit: str = ""
    title: str = ""


def check_wanted(wanted: Wanted) -> None:
    """Check that what is wanted belongs to the kind of chart.

    Parameters
    ----------
    wanted : Wanted
        As asked for.

    Raises
    ------
    ParameterError
        With every fault.
    """
    has_base = wanted.columns.denominator is not None
    rules = [
        (
            wanted.kind in WITH_BASE and not has_base,
            f"--chart {wanted.kind} needs the base of each count. Name its column with"
            " --denominator.",
        ),
        (
            has_base and wanted.kind not in WITH_BASE,
            f"--denominator is not of --chart {wanted.kind}. Only P and U charts have a base."
            " Choose --chart p or u, or leave it out.",
        ),
        (
            wanted.screen_outliers and wanted.kind != "xmr",
            f"--screen-outliers is not of --chart {wanted.kind}. Only XmR charts screen moving"
            " ranges. Leave it out.",
        ),
        (
            wanted.overdispersion and wanted.kind not in WITH_BASE,
            f"--overdispersion is not of --chart {wanted.kind}. Only P and U charts have it."
            " Leave it out.",
        ),
        (
            wanted.per is not None and wanted.kind not in WITH_BASE,
            f"--per is not of --chart {wanted.kind}. Only P and U charts have a base. Leave it"
            " out.",
        ),
    ]
    faults = [text for wrong, text in rules if wrong]
    if faults:
        raise ParameterError("\n".join(faults))


def charts_of_file(path: Path, wanted: Wanted) -> tuple[dict[str, Chart], tuple[str, ...]]:
    """Charts of a file, by group.

    Parameters
    ----------
    path : Path
        CSV.
    wanted : Wanted
        What is wanted of it.

    Returns
    -------
    charts : dict of str to Chart
        In the order in which the groups first come; one, named as the chart is titled, where
        there is no column of groups.
    notes : tuple of str
        What the reader should know.

    Raises
    ------
    UserError
        With every fault of the file or of what is wanted.
    """
    check_wanted(wanted)
    read = read_file(path, wanted.columns, [one.on for one in wanted.rebases])
    named = read.value_name if read.value_name.lower() != "value" else ""
    title = wanted.title or named or path.stem
    _check_exclusions(read, wanted)
    charts, faults = {}, []
    for group, rows in read.groups.items():
        name = group or title
        try:
            charts[name] = _chart(rows, wanted, f"{group}: {title}" if group else title)
        except ParameterError as error:
            where = f"{path.name}, {group}" if group else path.name
            faults += [f"{where}: {line}" for line in str(error).splitlines()]
    if faults:
        raise ParameterError("\n".join(faults[:100]))
    return charts, read.notes


def _check_exclusions(read: SpcFile, wanted: Wanted) -> None:
    days = {day for rows in read.groups.values() for day in rows.days}
    faults = [
        Fault(
            f"--exclude {one.on}",
            None,
            "There is no point on this date.",
            "Give the date of a row of the file.",
        )
        for one in wanted.exclusions
        if one.on not in days
    ]
    if faults:
        raise TableError(faults)


def _chart(rows: Rows, wanted: Wanted, title: str) -> Chart:
    first, last = min(rows.days), max(rows.days)
    held = set(rows.days)
    options = Options(
        target=wanted.target,
        better=wanted.better,
        rebase=[one for one in wanted.rebases if first < one.on <= last],
        exclude=[one for one in wanted.exclusions if one.on in held],
        baseline=wanted.baseline,
        unit=wanted.unit,
        title=title,
    )
    if wanted.kind == "run":
        length = SHIFT if wanted.run_length is None else wanted.run_length
        return run_chart(rows.days, rows.values, shift_length=length, **options)
    options["run_length"] = 7 if wanted.run_length is None else wanted.run_length
    options["count_beyond"] = wanted.count_beyond
    if wanted.kind in WITH_BASE:
        make, per = (p_chart, 100.0) if wanted.kind == "p" else (u_chart, 1.0)
        return make(
            rows.days,
            rows.values,
            rows.bases,
            per=per if wanted.per is None else wanted.per,
            overdispersion=wanted.overdispersion,
            **options,
        )
    if wanted.kind == "c":
        return c_chart(rows.days, rows.values, **options)
    if wanted.kind == "t":
        between = rows.values if wanted.columns.needs_value else None
        return t_chart(rows.days, between, **options)
    return xmr(rows.days, rows.values, screen_outliers=wanted.screen_outliers, **options)
