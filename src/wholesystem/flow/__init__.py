"""The flow model: a local system as tables, simulated.

`read_model` gives a checked `Model`; `simulate` runs it; `compare` runs scenarios beside it.
Names load on first use, so that importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.flow.durations import Distribution, parse_duration
    from wholesystem.flow.experiment import SimulationResult, compare, replicate_stays, simulate
    from wholesystem.flow.model import Model, model_hash
    from wholesystem.flow.model_files import from_excel, read_model, to_excel, write_model_folder
    from wholesystem.flow.overrides import apply_sets

__all__ = [
    "Distribution",
    "Model",
    "SimulationResult",
    "apply_sets",
    "compare",
    "from_excel",
    "model_hash",
    "parse_duration",
    "read_model",
    "replicate_stays",
    "simulate",
    "to_excel",
    "write_model_folder",
]

_MODULES = {
    "Distribution": "durations",
    "Model": "model",
    "SimulationResult": "experiment",
    "apply_sets": "overrides",
    "compare": "experiment",
    "from_excel": "model_files",
    "model_hash": "model",
    "parse_duration": "durations",
    "read_model": "model_files",
    "replicate_stays": "experiment",
    "simulate": "experiment",
    "to_excel": "model_files",
    "write_model_folder": "model_files",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
