"""The formats of published files that Wholesystem knows, each with how to tell it and read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.loaded import Loaded
    from wholesystem.indicators.loaders.sheets import Workbook
    from wholesystem.indicators.observations import Catalogue

__all__ = ["Format", "formats"]

# Each module has FORMATS, a tuple of Format. A file is offered to them in this order, so the
# formats told by more marks come first.
_MODULES: tuple[str, ...] = (
    "dtoc",
    "ae",
    "discharge",
    "acute_discharge",
    "beds",
    "sitreps",
    "population",
    "lookups",
    "oflog",
    "own",
)


@dataclass(frozen=True)
class Format:
    """One format of published files.

    Parameters
    ----------
    id : str
        Short name, such as ``dtoc``.
    name : str
        What people call the file.
    publisher : str
        Who publishes it.
    marks : str
        What a file of this format is told by, for messages: "sheets LA - by type of care, ...".
    recognise : callable
        Given a workbook, "" where it is of this format, else why not, as a short phrase such as
        "no sheet 'England'". It must be quick and look only at names and first rows.
    load : callable
        Given a workbook of this format, its `Loaded`. Raises `LoadError` with every fault.
    uses_catalogue : bool
        Whether `load` takes a catalogue of indicators too (None for the packaged one), since what
        it keeps depends on that.
    """

    id: str
    name: str
    publisher: str
    marks: str
    recognise: Callable[[Workbook], str]
    load: Callable[..., Loaded]
    uses_catalogue: bool = False

    def load_with(self, workbook: Workbook, catalogue: Catalogue | None) -> Loaded:
        """Read a workbook of this format.

        Parameters
        ----------
        workbook : Workbook
            That `recognise` knows.
        catalogue : mapping of str to Indicator or None
            By id; the packaged one if None.

        Returns
        -------
        Loaded
            Its observations, and an account of every row.

        Raises
        ------
        LoadError
            With every fault.
        """
        return self.load(workbook, catalogue) if self.uses_catalogue else self.load(workbook)


def formats() -> tuple[Format, ...]:
    """All formats, in the order in which a file is offered to them.

    Returns
    -------
    tuple of Format
        At least one; ids are unique.
    """
    home = __package__ or ""
    return tuple(one for module in _MODULES for one in import_module(f"{home}.{module}").FORMATS)
