"""The reasons for discharge delay as the acute discharge situation reports name them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated

from wholesystem.indicators.small_tables import packaged_rows
from wholesystem.tables.rows import BlankText, Id, Row, Text, choice

__all__ = ["DischargeReason", "discharge_reasons"]

FAMILIES = ("hospital", "wellbeing", "transfer_hub", "interface", "capacity")


class DischargeReason(Row):
    """A row of discharge_reasons.csv: one of the 37 lines.

    Parameters
    ----------
    indicator : str
        Id in the catalogue.
    family : str
        `hospital`, `wellbeing`, `transfer_hub`, `interface` (being arranged) or `capacity` (no
        place yet).
    pathway : str
        Pathways 0 to 3 that it belongs to, with a semicolon between two; blank where the line
        names none.
    name : str
        In our words.
    label : str
        As the publisher's files spell it, by which it is recognised.
    source : str
        Where the line is from.
    """

    indicator: Id
    family: Annotated[str, choice(*FAMILIES)]
    pathway: BlankText
    name: Text
    label: Text
    source: Text

    @property
    def pathways(self) -> tuple[int, ...]:
        """Pathways as numbers; empty where the line names none."""
        return tuple(int(one) for one in self.pathway.split(";") if one)


@cache
def discharge_reasons() -> Mapping[str, DischargeReason]:
    """Return the reasons by their indicator.

    Returns
    -------
    mapping of str to DischargeReason
        37, in the order of the publisher's file.

    Examples
    --------
    >>> discharge_reasons()["discharge_delay_reason_37"].pathways
    (0,)
    """
    rows = packaged_rows("discharge_reasons", DischargeReason)
    return MappingProxyType({row.indicator: row for row in rows})
