"""Statistical process control, read as the NHS programme Making Data Count reads it.

`xmr` is the chart of single figures in time, with its four rules of special cause, assurance
against a target, rebasing by hand and icons in words. Beside it stand run charts (`run_chart`),
charts of counts (`p_chart`, `u_chart`, `c_chart`) and of the time between rare events
(`t_chart`). The rules and their sources are in ``docs/explanation/spc.md``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.indicators.spc.attributes import c_chart, p_chart, u_chart
    from wholesystem.indicators.spc.chart import Chart, Xmr
    from wholesystem.indicators.spc.groups import points_table, summary_table, xmr_groups
    from wholesystem.indicators.spc.individuals import xmr
    from wholesystem.indicators.spc.rare import t_chart
    from wholesystem.indicators.spc.runs import RunChart, run_chart, runs_limits
    from wholesystem.indicators.spc.series import Exclusion, Options, Rebase
    from wholesystem.indicators.spc.summary import Summary
    from wholesystem.indicators.spc.words import icon_words

# Each public name with the module it is in: numpy loads on first use.
_HOMES = {
    "Chart": "chart",
    "Exclusion": "series",
    "Options": "series",
    "Rebase": "series",
    "RunChart": "runs",
    "Summary": "summary",
    "Xmr": "chart",
    "c_chart": "attributes",
    "icon_words": "words",
    "p_chart": "attributes",
    "points_table": "groups",
    "run_chart": "runs",
    "runs_limits": "runs",
    "summary_table": "groups",
    "t_chart": "rare",
    "u_chart": "attributes",
    "xmr": "individuals",
    "xmr_groups": "groups",
}

__all__ = [
    "Chart",
    "Exclusion",
    "Options",
    "Rebase",
    "RunChart",
    "Summary",
    "Xmr",
    "c_chart",
    "icon_words",
    "p_chart",
    "points_table",
    "run_chart",
    "runs_limits",
    "summary_table",
    "t_chart",
    "u_chart",
    "xmr",
    "xmr_groups",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
