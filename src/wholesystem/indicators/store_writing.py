"""Adding to a store: files are checked, told apart from what is there, and written as parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wholesystem.errors import Fault, OurFault
from wholesystem.indicators.loaders.loaded import LoadError
from wholesystem.indicators.observations import (
    KEY,
    OBSERVATIONS,
    conform_observations,
    observation_faults,
    packaged_unless,
)
from wholesystem.indicators.store_files import (
    Manifest,
    Part,
    remove_stray,
    remove_unnamed,
    write_manifest,
    write_part,
)
from wholesystem.indicators.store_sorting import Sorted, encoded, in_order, sort_new

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator
    from wholesystem.indicators.loaders.loaded import Loaded
    from wholesystem.indicators.store import Store

__all__ = ["LOAD_COLUMNS", "StoreReport", "Writing", "account_of"]

# Rows held before they are written: 350,000 take about 30 MB.
BATCH_ROWS = 350_000
# Small parts slow a question down; that many are written together as one.
MOST_SMALL_PARTS = 16
SMALL_PART_ROWS = 50_000

LOAD_COLUMNS = (
    "file",
    "format",
    "sha256",
    "rows_read",
    "rows_kept",
    "rows_skipped",
    "observations",
    "duplicates",
    "skipped",
    "warnings",
)


@dataclass(frozen=True)
class StoreReport:
    """What became of published files added to a store.

    Parameters
    ----------
    added : int
        Observations written.
    duplicates : int
        Observations not written: figure, known date and value were there already.
    revisions : int
        Of those added, how many change the figure known just before them.
    files : tuple of str
        Names of the files added.
    already : tuple of str
        Files not added because the very same file was there, each in words.
    refused : tuple of LoadError
        Files with faults, where the good ones were kept; one error a file.
    """

    added: int
    duplicates: int
    revisions: int
    files: tuple[str, ...]
    already: tuple[str, ...]
    refused: tuple[LoadError, ...]

    def __str__(self) -> str:
        """One line for each thing that a person should know."""
        lines = [
            f"{len(self.files)} files added: {self.added:,} figures, of which {self.revisions:,}"
            f" revise earlier ones; {self.duplicates:,} were known already.",
            *self.already,
            *(str(error) for error in self.refused),
        ]
        return "\n".join(lines)


def account_of(load: Mapping[str, Any]) -> dict[str, Any]:
    """Return the account of one file, what was skipped in words.

    Parameters
    ----------
    load : mapping
        As the manifest has it.

    Returns
    -------
    dict
        By `LOAD_COLUMNS`.
    """
    skipped = "; ".join(
        f"{one['rows']} rows: {one['reason']} (first: {one['first']})" for one in load["skipped"]
    )
    rows_skipped = sum(one["rows"] for one in load["skipped"])
    warnings = "; ".join(load["warnings"])
    told = {**load, "skipped": skipped, "warnings": warnings, "rows_skipped": rows_skipped}
    return {name: told[name] for name in LOAD_COLUMNS}


@dataclass
class _File:
    """One file on its way in."""

    loaded: Loaded
    table: pa.Table
    rows: int
    duplicates: int = 0


class Writing:
    """One adding to a store; on any fault, and on Ctrl-C, nothing of it stays.

    Parameters
    ----------
    store : Store
        Held for writing, its manifest read afresh.
    catalogue : mapping of str to Indicator or None
        The packaged one if None.
    keep_good : bool
        Whether files with faults are left out rather than refusing all.
    """

    def __init__(
        self, store: Store, catalogue: Mapping[str, Indicator] | None, *, keep_good: bool
    ) -> None:
        self._store = store
        self._manifest = store.manifest
        self._catalogue = packaged_unless(catalogue)
        self._keep_good = keep_good
        self._waiting: list[_File] = []
        self._done: list[_File] = []
        self._written: list[Part] = []
        self._already: list[str] = []
        self._faults: dict[str, list[Fault]] = {}
        self._seen = {load["sha256"]: load["file"] for load in self._manifest.loads}
        self._revisions = 0

    def __enter__(self) -> Writing:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what a writing that did not end well has written."""
        if kind is not None:
            remove_unnamed(self._store.folder, self._written)

    def add(self, loaded: Loaded) -> None:
        """Check one file and take it in.

        Parameters
        ----------
        loaded : Loaded
            As a loader gave it.

        Raises
        ------
        OurFault
            If the loader did not account for every row, or gave other columns.
        """
        _check_account(loaded)
        before = self._seen.get(loaded.sha256)
        if before is not None:
            name = "" if before == loaded.file else f", as {before}"
            self._already.append(f"{loaded.file} was added before{name}; nothing of it was added.")
            return
        table = conform_observations(loaded.observations)
        faults = observation_faults(table, self._catalogue)
        if faults:
            self._refuse(loaded, faults)
            return
        self._seen[loaded.sha256] = loaded.file
        # The loader's own table is let go of: a batch of files is held only once.
        waiting = sum(file.rows for file in self._waiting)
        if waiting + table.num_rows > BATCH_ROWS:
            self._write_waiting()
        self._waiting.append(
            _File(replace(loaded, observations=None), encoded(table), table.num_rows)
        )

    def finish(self) -> tuple[Manifest, StoreReport]:
        """Write what is left, and replace the manifest.

        Returns
        -------
        Manifest, StoreReport
            What the store now holds, and what became of the files.

        Raises
        ------
        LoadError
            With all faults, unless the good files were to be kept.
        """
        self._write_waiting()
        if self._faults and not self._keep_good:
            raise LoadError(fault for faults in self._faults.values() for fault in faults)
        added = sum(part.rows for part in self._written)
        manifest = self._replace_manifest() if self._done else self._manifest
        return manifest, StoreReport(
            added=added,
            duplicates=sum(file.duplicates for file in self._done),
            revisions=self._revisions,
            files=tuple(file.loaded.file for file in self._done),
            already=tuple(self._already),
            refused=tuple(LoadError(faults) for faults in self._faults.values()),
        )

    def _refuse(self, loaded: Loaded, faults: list[Fault]) -> None:
        self._faults.setdefault(loaded.file, []).extend(faults)

    # ------------------------------------------------------------------- observations

    def _write_waiting(self) -> None:
        while self._waiting:
            tables = [file.table for file in self._waiting]
            new = pa.concat_tables(tables).unify_dictionaries()
            loads = np.repeat(np.arange(len(tables)), [table.num_rows for table in tables])
            found = sort_new(new, self._matching(new), loads)
            if found.conflicts:
                self._drop(found)
                continue
            self._take_in(found)

    def _drop(self, found: Sorted) -> None:
        """Refuse the files at odds, and let the others be compared again without them."""
        for load, faults in found.conflicts.items():
            self._refuse(self._waiting[load].loaded, faults)
        self._waiting = [
            file for load, file in enumerate(self._waiting) if load not in found.conflicts
        ]

    def _take_in(self, found: Sorted) -> None:
        for load, count in zip(*np.unique(found.duplicates, return_counts=True), strict=True):
            self._waiting[load].duplicates = int(count)
        if found.kept.num_rows:
            self._written.append(write_part(self._store.folder, found.kept))
        self._revisions += found.revisions
        for file in self._waiting:
            file.table = OBSERVATIONS.empty_table()  # what is written need not be held
        self._done += self._waiting
        self._waiting = []
        pa.default_memory_pool().release_unused()

    def _matching(self, new: pa.Table) -> pa.Table:
        """Rows of the store, and of this adding so far, that are of the same figures."""
        parts = [*self._manifest.parts, *self._written]
        known = Manifest(tuple(part for part in parts if not part.lookup))
        if not known.parts:
            return conform_observations(OBSERVATIONS.empty_table())
        fields = [OBSERVATIONS.field(name) for name in KEY]
        keys = new.select(KEY).cast(pa.schema(fields))
        return conform_observations(self._store.matching(keys, known))

    # ------------------------------------------------------------------- the manifest

    def _replace_manifest(self) -> Manifest:
        self._write_lookups()
        parts, merged = self._merge_small((*self._manifest.parts, *self._written))
        loads = (*self._manifest.loads, *(_account(file) for file in self._done))
        manifest = Manifest(parts, loads)
        write_manifest(self._store.folder, manifest)
        remove_stray(self._store.folder, {part.file for part in (*parts, *merged)})
        return manifest

    def _write_lookups(self) -> None:
        tables: dict[str, list[pa.Table]] = {}
        for file in self._done:
            for name, table in file.loaded.lookups.items():
                tables.setdefault(name, []).append(table)
        for name, found in tables.items():
            whole = pa.concat_tables(found, promote_options="permissive")
            self._written.append(write_part(self._store.folder, whole, name))

    def _merge_small(self, parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], list[Part]]:
        """Write small parts together as one where there are many; and those they replace."""
        small = [part for part in parts if not part.lookup and part.rows < SMALL_PART_ROWS]
        if len(small) < MOST_SMALL_PARTS:
            return parts, []
        tables = [pq.read_table(self._store.folder / part.file) for part in small]
        merged = write_part(self._store.folder, in_order(pa.concat_tables(tables)))
        self._written.append(merged)
        return (*(part for part in parts if part not in small), merged), small


def _check_account(loaded: Loaded) -> None:
    skipped = sum(one.rows for one in loaded.skipped)
    if loaded.rows_read != loaded.rows_kept + skipped:
        raise OurFault(
            f"{loaded.file}: {loaded.rows_read} rows read, {loaded.rows_kept} kept and {skipped}"
            " skipped; a loader accounts for every row"
        )


def _account(file: _File) -> dict[str, Any]:
    loaded = file.loaded
    return {
        "file": loaded.file,
        "format": loaded.format,
        "sha256": loaded.sha256,
        "rows_read": loaded.rows_read,
        "rows_kept": loaded.rows_kept,
        "observations": file.rows,
        "duplicates": file.duplicates,
        "skipped": [asdict(one) for one in loaded.skipped],
        "warnings": list(loaded.warnings),
    }
