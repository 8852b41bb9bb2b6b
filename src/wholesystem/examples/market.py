"""The packaged money and care market of Oxfordshire: what the report of 2018 states."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from wholesystem.errors import OurFault, TableError
from wholesystem.reviews.market import Market, read_market

__all__ = ["read_example_market"]

FOLDER = "oxfordshire_2017/market"


def read_example_market() -> Market:
    """The packaged money and care market set.

    Returns
    -------
    Market
        With many gaps: the report prints no amount of money.

    Raises
    ------
    OurFault
        If the packaged tables have faults.
    """
    try:
        return read_market(Path(str(files("wholesystem.examples").joinpath(FOLDER))))
    except TableError as error:
        raise OurFault(f"The packaged market tables have faults. {error}") from None
