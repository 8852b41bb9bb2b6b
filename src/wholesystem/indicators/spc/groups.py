"""Charts of several areas or indicators in one call, and their tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from wholesystem.errors import ParameterError
from wholesystem.indicators.spc.chart import COLUMNS, Chart, Xmr
from wholesystem.indicators.spc.individuals import xmr

if TYPE_CHECKING:
    import pandas as pd

#: Columns of ``summary.csv``, after the group where there are groups.
SUMMARY_COLUMNS = (
    "chart points latest_date latest mean lower upper target special_cause variation direction"
    " assurance variation_icon assurance_icon trial_limits sentences"
).split()


def xmr_groups(
    groups: Iterable[str],
    dates: Iterable[Any],
    values: Iterable[float | None],
    *,
    target: Any = None,
    rebase: Any = (),
    exclude: Any = (),
    **settings: Any,
) -> dict[str, Xmr]:
    """An XmR chart of each group.

    Parameters
    ----------
    groups, dates, values : iterable
        Name of the group, day and figure of each row, all of one length; any order.
    target, rebase, exclude : mapping or as for `xmr`
        A mapping gives each group its own, by name; groups that it does not name have none.
    **settings : object
        The other keywords of `xmr`, the same for all.

    Returns
    -------
    dict of str to Xmr
        In the order in which the groups first come.

    Raises
    ------
    ParameterError
        With every fault of every group; if a mapping names a group that is not there.
    """
    rows: dict[str, tuple[list[Any], list[Any]]] = {}
    try:
        for group, day, value in zip(groups, dates, values, strict=True):
            days, figures = rows.setdefault(group, ([], []))
            days.append(day)
            figures.append(value)
    except ValueError:
        raise ParameterError(
            "Groups, dates and values differ in number. Each row needs all three. Give as many of"
            " each."
        ) from None
    given = {"target": target, "rebase": rebase, "exclude": exclude}
    by_group = {name: one for name, one in given.items() if isinstance(one, Mapping)}
    faults = _unknown(by_group, rows)
    charts = {}
    for group, (days, figures) in rows.items():
        own = {
            name: by_group[name].get(group, None if name == "target" else ())
            if name in by_group
            else one
            for name, one in given.items()
        }
        try:
            charts[group] = xmr(days, figures, **{"title": str(group)} | settings | own)
        except ParameterError as error:
            faults.append(f"{group}: {error}")
    if faults:
        raise ParameterError("\n".join(faults))
    return charts


def _unknown(by_group: Mapping[str, Mapping[str, Any]], rows: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} names {group!r}, which is no group. Groups are {', '.join(list(rows)[:10])}."
        " Correct the name."
        for name, mapping in by_group.items()
        for group in mapping
        if group not in rows
    ]


def summary_row(chart: Chart) -> dict[str, Any]:
    """One row of ``summary.csv``.

    Parameters
    ----------
    chart : Chart
        Worked out.

    Returns
    -------
    dict
        By `SUMMARY_COLUMNS`; icons are words, None where there is no figure.
    """
    found = chart.summary
    numbers = {
        name: getattr(found, name) for name in ("latest", "mean", "lower", "upper", "target")
    }
    return {
        "chart": chart.kind,
        "points": found.n_points,
        "latest_date": found.latest_date,
        **{name: None if one != one else one for name, one in numbers.items()},
        "special_cause": found.special_cause,
        "variation": found.variation,
        "direction": found.direction,
        "assurance": found.assurance,
        "variation_icon": found.variation_words,
        "assurance_icon": found.assurance_words,
        "trial_limits": "yes" if found.is_trial else "no",
        "sentences": " ".join(found.sentences),
    }


def summary_table(charts: Mapping[str, Chart]) -> pd.DataFrame:
    """The verdict of each chart, a row each, with the icons as words.

    Parameters
    ----------
    charts : mapping of str to Chart
        By name of the group.

    Returns
    -------
    pandas.DataFrame
        With the columns ``group`` and `SUMMARY_COLUMNS`.
    """
    import pandas as pd

    rows = [{"group": name, **summary_row(chart)} for name, chart in charts.items()]
    return pd.DataFrame(rows, columns=["group", *SUMMARY_COLUMNS])


def points_table(charts: Mapping[str, Chart]) -> pd.DataFrame:
    """The points of every chart, one under the other.

    Parameters
    ----------
    charts : mapping of str to Chart
        By name of the group.

    Returns
    -------
    pandas.DataFrame
        With the column ``group`` and those of ``points.csv``.
    """
    import pandas as pd

    parts = [chart.points.assign(group=name) for name, chart in charts.items()]
    if not parts:
        return pd.DataFrame(columns=["group", *COLUMNS])
    return pd.concat(parts, ignore_index=True)[["group", *COLUMNS]]
