"""Which trusts' figures belong beside an area's: those that many of its residents use."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wholesystem.errors import ParameterError
from wholesystem.indicators.areas import area, combined_areas, predecessors, same_area_codes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LEAST_SHARE", "TrustShare", "trusts_of_area"]

#: Share of a trust's patients who live in the area, from which its figures are shown beside it.
LEAST_SHARE = 0.2


@dataclass(frozen=True)
class TrustShare:
    """A trust, and how many of its patients live in an area.

    Parameters
    ----------
    trust_code : str
        Of the organisation data service.
    share : float
        Of the trust's patients, 0 to 1.
    area_code : str
        Area that the share is of: the one asked for, or the former area that it came from, where
        the lookup is older than the area.
    """

    trust_code: str
    share: float
    area_code: str


def trusts_of_area(
    trust_areas: pd.DataFrame,
    area_code: str,
    parts: pd.DataFrame | None = None,
    *,
    least_share: float = LEAST_SHARE,
) -> list[TrustShare]:
    """Return the trusts at least a fifth of whose patients live in an area.

    Parameters
    ----------
    trust_areas : DataFrame
        Columns ``trust_code``, ``area_code`` (council or district) and ``share`` (of the trust's
        patients, 0 to 1); other columns are ignored.
    area_code : str
        Of a council or combination.
    parts : DataFrame, optional
        Columns ``ltla_code`` and ``area_code``: which districts make up which council, in any
        years. None where `trust_areas` is of councils.
    least_share : float
        Share from which a trust counts, above 0 and at most 1.

    Returns
    -------
    list of TrustShare
        From the largest share. Where no trust reaches `least_share`, the one with the largest
        share; empty where no trust has patients from there.

    Raises
    ------
    ParameterError
        If the area is not known, or `least_share` is out of its range.

    Notes
    -----
    The share is of the trust's patients, not of the area's residents: a small hospital used by
    few residents may come in, and a large one used by many from elsewhere too may stay out.
    """
    if not 0 < least_share <= 1:
        raise ParameterError(
            f"The least share is {least_share}. It must be above 0 and at most 1. Write 0.2."
        )
    shares = _shares(trust_areas, _codes_within(area_code, parts))
    of = area_code
    if not shares and (before := predecessors(area_code)):
        of = before[0].code if len(before) == 1 else area_code
        shares = _shares(trust_areas, {c for one in before for c in _codes_within(one.code, parts)})
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    large = [item for item in ranked if item[1] >= least_share] or ranked[:1]
    return [TrustShare(trust, share, of) for trust, share in large]


def _codes_within(area_code: str, parts: pd.DataFrame | None) -> set[str]:
    """Codes of an area under all its names, and of its districts in any year."""
    combined = combined_areas().get(area_code)
    members = sorted(combined.members) if combined else [area(area_code).code]
    codes = {code for member in members for code in same_area_codes(member)}
    if parts is None:
        return codes
    inside = parts.loc[parts["area_code"].isin(codes), "ltla_code"]
    return codes | set(inside)


def _shares(trust_areas: pd.DataFrame, codes: set[str]) -> dict[str, float]:
    rows = trust_areas.loc[trust_areas["area_code"].isin(codes), ["trust_code", "share"]]
    total: dict[str, float] = defaultdict(float)
    for trust, share in rows.itertuples(index=False):
        total[str(trust)] += float(share)
    return {trust: share for trust, share in total.items() if share > 0}
