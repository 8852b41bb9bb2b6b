"""How people move through a local health and social care system.

The one idea is the stay: one person in one service. Stays come from an extract or from the flow
model, and the same measures and pictures are made of both. The packages, each of which knows
only those before it: `errors`, `files`, `tables`, `stays`, `flow`, `pictures`, `examples`, `cli`.

Importing this package loads none of them: numba, DuckDB and the charts load on first use.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
