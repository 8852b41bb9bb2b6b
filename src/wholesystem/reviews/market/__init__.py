"""Money and care market: tables that an area supplies, what follows, and what does not agree."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.reviews.market.checks import Disagreement, find_disagreements
    from wholesystem.reviews.market.results import (
        MarketResult,
        market_result,
        write_market_result,
    )
    from wholesystem.reviews.market.tables import Market, read_market, write_market

# Each public name with the module it is in: pydantic loads on first use.
_HOMES = {
    "Disagreement": "checks",
    "Market": "tables",
    "MarketResult": "results",
    "find_disagreements": "checks",
    "market_result": "results",
    "read_market": "tables",
    "write_market": "tables",
    "write_market_result": "results",
}

__all__ = [
    "Disagreement",
    "Market",
    "MarketResult",
    "find_disagreements",
    "market_result",
    "read_market",
    "write_market",
    "write_market_result",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
