"""People ready to leave who are still in a place: where, for what, why, and who must act."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from wholesystem.stays.measures.pieces import (
    DELAY_KEYS,
    census,
    daily_means,
    delayed_pieces,
    mean_people,
    midnights,
)
from wholesystem.stays.schema import Stays, as_stays

__all__ = ["delays", "delays_census", "delays_daily"]

_PER = 100_000
_NOTHING = 1e-12


def delays(stays: Stays | pa.Table) -> pd.DataFrame:
    """Mean number of people delayed, by service, what they wait for, reason and body.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure. With delay spells, each delayed day has the reason of its spell; days in
        no spell keep the reason of the stay.

    Returns
    -------
    pandas.DataFrame
        Columns ``service, waiting_for, reason, responsible`` (blank text where unknown),
        ``people_delayed`` (people) and ``delayed_days_per_day_per_100k`` (delayed days a day per
        100,000 of the population; missing where no population is known). The most delayed
        first. Added up over reasons it is the ``delayed`` of `occupancy`.

    Notes
    -----
    Numerator: time from `ready_at` to `ended_at` inside the window, added up over stays: an
    exact integral. Denominator: the length of the window, and for the rate the population.
    Censored: as in `occupancy`. Delayed transfer statistics counted people at midnight instead:
    see `delays_census`.

    References
    ----------
    NHS England, Monthly delayed transfer of care situation reports: definitions and guidance
    (delayed days over days in the period; LG Inform metric 3632).
    """
    return _delays(as_stays(stays), persons=False)


def delays_counted(stays: Stays) -> pd.DataFrame:
    """`delays` with the number of different persons behind each row."""
    return _delays(stays, persons=True)


def _delays(stays: Stays, *, persons: bool) -> pd.DataFrame:
    found = mean_people(stays, delayed_pieces(stays), DELAY_KEYS, persons=persons)
    found = found[found["people"] > _NOTHING].rename(columns={"people": "people_delayed"})
    rate = float("nan") if stays.population is None else _PER / stays.population
    found["delayed_days_per_day_per_100k"] = found["people_delayed"] * rate
    found = found.sort_values(
        ["people_delayed", *DELAY_KEYS], ascending=[False] + [True] * 4, ignore_index=True
    )
    columns = [*DELAY_KEYS, "people_delayed", "delayed_days_per_day_per_100k"]
    return found[[*columns, "persons"] if persons else columns]


def delays_daily(stays: Stays | pa.Table) -> pd.DataFrame:
    """Mean number of people delayed over each day of the window, by the keys of `delays`.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.

    Returns
    -------
    pandas.DataFrame
        Columns ``day`` (24 hours each, from 0 at the start of the window), ``service,
        waiting_for, reason, responsible`` and ``people_delayed`` (people).

    Notes
    -----
    Numerator and denominator as in `delays`, for each day. A last, shorter day is averaged over
    its own length.
    """
    stays = as_stays(stays)
    found = daily_means(stays, delayed_pieces(stays), DELAY_KEYS)
    return found.rename(columns={"index": "day", "people": "people_delayed"})[
        ["day", *DELAY_KEYS, "people_delayed"]
    ]


def delays_census(stays: Stays | pa.Table) -> pd.DataFrame:
    """Number of people delayed at each midnight of the window, by the keys of `delays`.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.

    Returns
    -------
    pandas.DataFrame
        Columns ``midnight`` (local time), ``service, waiting_for, reason, responsible`` and
        ``people_delayed`` (people at that instant).

    Notes
    -----
    A person is counted who was ready at or before midnight and left after it, at midnights from
    the start of the window up to, not including, its end. The delayed days of a month, as the
    statistics on delayed transfers counted them, are the sum over its midnights.
    """
    stays = as_stays(stays)
    found = census(stays, delayed_pieces(stays), DELAY_KEYS)
    times = pd.Series(midnights(stays), dtype="datetime64[us]")
    found.insert(0, "midnight", times.iloc[found["index"].astype("int64")].to_numpy())
    found["people_delayed"] = found["people"].round().astype("int64")
    return found[["midnight", *DELAY_KEYS, "people_delayed"]]
