"""The figures published about an area, beside the same figures of its simulated year.

`published.csv` lists them, one row a figure: what was published, over which period and whom, and
which measure of the simulated year is its like. `compare_with_published` asks every replication
for every figure, so that each has an interval.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wholesystem.errors import Fault, ParameterError, TableError
from wholesystem.examples.published_measures import MEASURES, OneYear, window_of
from wholesystem.flow import simulate
from wholesystem.flow.experiment import stays_of
from wholesystem.flow.results import interval95
from wholesystem.stays import Stays
from wholesystem.tables import Layout, read_tables
from wholesystem.tables.cells import CellError, closest, parse_number
from wholesystem.tables.rows import BlankText, Id, Row, Text, check_columns, choice, number, reader

if TYPE_CHECKING:
    from wholesystem.flow import Model, SimulationResult

__all__ = ["PublishedFigure", "compare_with_published", "read_published"]

_FILE = "published.csv"
_AGREES, _NEAR = 0.05, 0.15
COLUMNS = (
    "id",
    "label",
    "published",
    "unit",
    "role",
    "mean",
    "lower95",
    "upper95",
    "difference_percent",
    "verdict",
)
"""Columns of the comparison, in order."""


def _parse_window(text: str) -> str:
    try:
        window_of(text)
    except ValueError:
        raise CellError(
            "It must be the word year, or two dates with a stroke between them, in order.",
            "Write it such as 2017-02-01/2017-05-01; the second day is not in it.",
        ) from None
    return text


class PublishedFigure(Row):
    """One row of published.csv: a figure, and the measure that is its like.

    Parameters
    ----------
    id : str
        Of the row.
    label : str
        What it is, for people.
    figure : str
        Row of figures.csv that it comes from.
    published : float
        As published, in `unit`.
    unit : str
        ``%`` where the measure is a share; otherwise that of the measure.
    period, base : str
        What time and whom the published figure is about.
    role : str
        ``fitted``: numbers of the model were chosen so that it comes out; ``predicted``: it
        comes out by itself.
    window : str
        Part of the simulated time that is measured: ``year``, or two dates.
    measure : str
        A name of `published_measures.MEASURES`.
    arguments : str
        ``name=value;name=value``, lists with ``|``.
    note : str
        Where the two are not quite alike.
    """

    id: Id
    label: Text
    figure: Id
    published: Annotated[float, number(0)]
    unit: Text
    period: Text
    base: Text
    role: Annotated[str, choice("fitted", "predicted")]
    window: Annotated[str, reader(_parse_window)]
    measure: Annotated[str, choice(*MEASURES)]
    arguments: BlankText = ""
    note: BlankText = ""

    def named_arguments(self) -> dict[str, str]:
        """Return the arguments by name."""
        parts = (part.partition("=") for part in self.arguments.split(";") if part)
        return {name.strip(): value.strip() for name, _, value in parts}


def read_published(folder: str | os.PathLike[str]) -> tuple[PublishedFigure, ...]:
    """Read and check the published figures that stand beside a model.

    Parameters
    ----------
    folder : str or path
        Folder with published.csv.

    Returns
    -------
    tuple of PublishedFigure
        In the order of the table.

    Raises
    ------
    TableError
        With every fault of the table.
    """
    folder = Path(folder)
    others = frozenset(p.name.lower() for p in folder.glob("*") if p.name != _FILE)
    layout = Layout({"published": PublishedFigure.columns()}, others, lambda name: None, "")
    tables = read_tables(folder, layout)
    faults = list(tables.faults)
    figures: list[PublishedFigure] = []
    for table in tables.tables.values():
        faults += check_columns(table, PublishedFigure.columns(), PublishedFigure.needed_columns())
        rows, found = PublishedFigure.read(table)
        faults += found
        for row_number, figure in rows:
            where = table.where(row_number, "arguments")
            faults += _argument_faults(figure, where)
            figures.append(figure)
    if faults:
        raise TableError(faults)
    return tuple(figures)


def _argument_faults(figure: PublishedFigure, where: str) -> Iterator[Fault]:
    measure = MEASURES[figure.measure]
    given = figure.named_arguments()
    known = (*measure.needed, *measure.allowed)
    for name in [name for name in given if name not in known]:
        near = closest(name, known)
        yield Fault(
            where,
            name,
            f"The measure {figure.measure} has no such argument; it has {', '.join(known)}.",
            f"Did you mean {near}?" if near else "Remove it.",
        )
    for name in [name for name in measure.needed if not given.get(name)]:
        yield Fault(
            where,
            figure.arguments,
            f"The measure {figure.measure} needs the argument {name}.",
            f"Add {name}=... to the cell.",
        )
    for name in [name for name in measure.numbers if given.get(name)]:
        try:
            parse_number(given[name])
        except CellError as error:
            yield Fault(where, given[name], error.rule, error.remedy)


def compare_with_published(
    model: Model,
    figures: Sequence[PublishedFigure],
    *,
    replications: int = 10,
    seed: int | None = None,
    result: SimulationResult | None = None,
    progress: Callable[[int, int], None] | None = None,
    watch: Callable[[OneYear], None] | None = None,
) -> pd.DataFrame:
    """Every published figure beside its like in the simulated year.

    Parameters
    ----------
    model : Model
        The area.
    figures : sequence of PublishedFigure
        What was published.
    replications : int
        Years to simulate and measure, >= 2.
    seed : int, optional
        >= 0; the model's if None.
    result : SimulationResult, optional
        A run of the same model and seed with at least so many replications, if there is one
        already: it saves running it again for the use of capacity.
    progress : callable, optional
        Called with replications done and to do.
    watch : callable, optional
        Called with each replication after its figures, for what else is to be measured of it.

    Returns
    -------
    pandas.DataFrame
        One row a figure: ``id, label, published, unit, role``; ``mean`` over replications, in
        the same unit, with ``lower95`` and ``upper95`` (Student's t); ``difference_percent`` of
        the mean from the published figure (missing where that is 0); ``verdict``: ``agrees``
        (published figure inside the interval, or within 5%), ``near`` (within 15%) or
        ``differs``.

    Raises
    ------
    ParameterError
        If there are fewer than 2 replications, or the given run has fewer.
    """
    if replications < 2:
        raise ParameterError(
            f"replications is {replications}. It must be 2 or more for an interval. Correct it."
        )
    if result is None:
        result = simulate(model, replications=replications, seed=seed)
    elif len(result.replicates["used_share"]) < replications:
        raise ParameterError(
            f"replications is {replications}. The given run has fewer. Run it with as many."
        )
    values = np.empty((replications, len(figures)))
    for replication, stays in enumerate(_years(model, replications, seed)):
        year = OneYear(stays, _used(model, result, replication))
        values[replication] = [_ask(year, figure) for figure in figures]
        if watch is not None:
            watch(year)
        if progress is not None:
            progress(replication + 1, replications)
    rows = [_row(figure, values[:, i]) for i, figure in enumerate(figures)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _years(model: Model, replications: int, seed: int | None) -> Iterator[Stays]:
    """Stays of each replication; the next is simulated while this one is measured."""
    stays = stays_of(model, seed)

    def simulate_one(replication: int) -> Stays:
        return Stays.from_table(stays(replication), simulated=True)

    with ThreadPoolExecutor(max_workers=1) as ahead:
        following = ahead.submit(simulate_one, 0)
        for replication in range(1, replications + 1):
            year = following.result()
            if replication < replications:
                following = ahead.submit(simulate_one, replication)
            yield year


def _used(model: Model, result: SimulationResult, replication: int) -> Mapping[str, Any]:
    """Share of capacity used, and capacity, of the services whose limit does not change."""
    changing = {row.service for row in model.capacity}
    shares = dict(zip(result.services, result.replicates["used_share"][replication], strict=True))
    return {
        service.service: (float(shares[service.service]), service.places)
        for service in model.services
        if service.places is not None and service.service not in changing
    }


def _ask(year: OneYear, figure: PublishedFigure) -> float:
    value = MEASURES[figure.measure].ask(year, figure.window, figure.named_arguments())
    return value * 100 if figure.unit == "%" else value


def _row(figure: PublishedFigure, values: NDArray[np.float64]) -> tuple[Any, ...]:
    found = interval95(values)
    mean, lower, upper = (float(found[name]) for name in ("mean", "lower95", "upper95"))
    share = (mean - figure.published) / figure.published if figure.published else math.nan
    if lower <= figure.published <= upper or abs(share) <= _AGREES:
        verdict = "agrees"
    else:
        verdict = "near" if abs(share) <= _NEAR else "differs"
    return (
        figure.id,
        figure.label,
        figure.published,
        figure.unit,
        figure.role,
        mean,
        lower,
        upper,
        100 * share,
        verdict,
    )
