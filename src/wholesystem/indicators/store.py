"""A store: published figures with all their revisions, in a folder of Parquet files.

Figures are added as published and never overwritten: a revised figure stands beside the one that
it revises, so that what was known on a date can be asked. Questions are Ibis expressions run by
an embedded DuckDB.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wholesystem.errors import ParameterError, UserError
from wholesystem.files import check_folder
from wholesystem.indicators.observations import AREA_KINDS, OBSERVATIONS
from wholesystem.indicators.queries import query
from wholesystem.indicators.store_files import (
    AGAIN,
    MANIFEST,
    Manifest,
    read_manifest,
    write_lock,
    write_manifest,
)
from wholesystem.indicators.store_sorting import last_known
from wholesystem.tables.cells import closest

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from wholesystem.indicators.catalogue import Indicator
    from wholesystem.indicators.loaders.loaded import Loaded
    from wholesystem.indicators.store_writing import StoreReport

__all__ = ["LOOKUPS", "Store"]

LOOKUPS: Mapping[str, tuple[str, ...]] = {
    "area_parts": ("ltla_code", "area_code", "year"),
    "trust_acute": ("trust_code", "acute_code", "share"),
    "trust_areas": ("trust_code", "area_code", "share", "file", "cell"),
    "trust_icbs": ("trust_code", "icb_code"),
    "trust_names": ("trust_code", "trust"),
}
"""The look-ups that published files give, with the columns that each has at least."""

PathLike = str | os.PathLike[str]


class Store:
    """Published figures, with what was known when.

    Open one with `Store.open`, or make one with `Store.create`; both check every part. A store
    shows what it held when it was opened, and what was added through it since.

    Parameters
    ----------
    folder : path
        That holds it.
    """

    def __init__(self, folder: PathLike) -> None:
        self.folder = Path(folder)
        self._lock = threading.RLock()
        self._connection: tuple[int, Any] | None = None
        self.manifest = read_manifest(self.folder)

    @classmethod
    def create(cls, folder: PathLike) -> Store:
        """Make an empty store.

        Parameters
        ----------
        folder : path
            New or empty.

        Returns
        -------
        Store
            Empty.

        Raises
        ------
        UserError
            If the folder holds files already.
        OutputError
            If it is a file or may not be written.
        """
        target = Path(folder)
        check_folder(target)
        if target.is_dir() and any(target.iterdir()):
            what = "a store already" if (target / MANIFEST).exists() else "other files"
            raise UserError(
                f"{target} holds {what}. A store is made in a new or empty folder. Name another"
                " folder, or open the store that is there."
            )
        write_manifest(target, Manifest())
        with write_lock(target):
            return cls(target)

    @classmethod
    def open(cls, folder: PathLike) -> Store:
        """Open the store of a folder.

        Parameters
        ----------
        folder : path
            That holds a store.

        Returns
        -------
        Store
            With every part checked against its digest.

        Raises
        ------
        UserError
            If the folder holds none, of this version, or a part is missing or damaged.
        """
        return cls(folder)

    @classmethod
    def open_or_create(cls, folder: PathLike) -> Store:
        """Open the store of a folder, or make one where there is none.

        Parameters
        ----------
        folder : path
            That holds a store, or is new or empty.

        Returns
        -------
        Store
            As `open` or `create` gives it.
        """
        has_one = (Path(folder) / MANIFEST).exists()
        return cls.open(folder) if has_one else cls.create(folder)

    def __getstate__(self) -> dict[str, Any]:
        """For another process: the folder, opened there again."""
        return {"folder": self.folder}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Open the folder again."""
        self.__init__(state["folder"])  # type: ignore[misc]

    # ------------------------------------------------------------------- adding

    def add(
        self,
        loaded: Iterable[Loaded],
        *,
        catalogue: Mapping[str, Indicator] | None = None,
        keep_good: bool = False,
        progress: Callable[[str], None] | None = None,
    ) -> StoreReport:
        """Add the figures of published files, all or none.

        Parameters
        ----------
        loaded : iterable of Loaded
            As the loaders give them; taken one at a time, so that a generator holds one in memory.
        catalogue : mapping of str to Indicator, optional
            That the figures must be of; the packaged one if None.
        keep_good : bool
            Whether files without a fault are added when others have one. Of two files at odds
            the one given first stands.
        progress : callable, optional
            Called with the name of each file when it has been checked.

        Returns
        -------
        StoreReport
            What was added, and what was there already.

        Raises
        ------
        LoadError
            With every fault of every file; not raised with `keep_good`. The store is as it was.
        UserError
            If another program is writing.
        OutputError
            If the folder may not be written.
        """
        from wholesystem.indicators.store_writing import Writing

        with self._lock, write_lock(self.folder):
            self._set_manifest(read_manifest(self.folder))
            with Writing(self, catalogue, keep_good=keep_good) as writing:
                for one in loaded:
                    writing.add(one)
                    if progress is not None:
                        progress(one.file)
                manifest, report = writing.finish()
            self._set_manifest(manifest)
        return report

    def _set_manifest(self, manifest: Manifest) -> None:
        with self._lock:
            self.manifest = manifest
            if self._connection is not None:
                self._connection[1].close()
            self._connection = None

    # ------------------------------------------------------------------- asking

    def read(
        self,
        indicators: str | Sequence[str] | None = None,
        *,
        areas: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
        start: date | None = None,
        end: date | None = None,
        known_on: date | None = None,
    ) -> pd.DataFrame:
        """Return current figures: of each indicator, area and period the one known last.

        Parameters
        ----------
        indicators : str or sequence of str, optional
            Ids; all if None.
        areas : sequence of str, optional
            Codes; all if None.
        kinds : sequence of str, optional
            Of `AREA_KINDS`; all if None.
        start, end : date, optional
            Periods that lie within these days; all if None.
        known_on : date, optional
            As known at the end of that day; as known now if None. A figure without a published
            date has always been known.

        Returns
        -------
        pandas.DataFrame
            Columns of `OBSERVATIONS`, in order of indicator, area and period; dates as
            datetime64, missing ones NaT, missing numbers NaN. No row where nothing is known.

        Raises
        ------
        ParameterError
            If a word of `kinds` is unknown.
        UserError
            If a part has been damaged since the store was opened.
        """
        import ibis

        _check_words(kinds)
        rows = self.observations()
        names = [indicators] if isinstance(indicators, str) else indicators
        for column, wanted in (("indicator", names), ("area_code", areas), ("area_kind", kinds)):
            if wanted is not None:
                rows = rows.filter(rows[column].isin(list(wanted)))
        if start is not None:
            rows = rows.filter(rows["period_start"] >= ibis.literal(start, "date"))
        if end is not None:
            rows = rows.filter(rows["period_end"] <= ibis.literal(end, "date"))
        if known_on is not None:
            rows = rows.filter(known_date(rows) <= ibis.literal(known_on, "date"))
        # Putting rows in order here took half the time of a window in DuckDB.
        return last_known(self.run(rows)).to_pandas(date_as_object=False)

    def revisions(self, indicator: str, area_code: str) -> pd.DataFrame:
        """Return every figure ever known of one indicator and area.

        Parameters
        ----------
        indicator, area_code : str
            Id and code.

        Returns
        -------
        pandas.DataFrame
            Columns of `OBSERVATIONS` and ``known`` (NaT = always), in order of period and of
            that.
        """
        import ibis

        rows = self.observations()
        rows = rows.filter(rows["indicator"] == indicator, rows["area_code"] == area_code)
        known = ibis.coalesce(rows["revised"], rows["published"])
        ordered = rows.mutate(known=known).order_by("period_start", "period_end", known_date(rows))
        return self.fetch(ordered)

    def indicators(self) -> list[str]:
        """Return the ids of which the store has a figure, in alphabetical order."""
        return sorted(self.run_with(query("indicators"), {})["indicator"].to_pylist())

    def indicator_areas(self) -> dict[str, set[str]]:
        """Return the indicators of which the store has a figure, by area.

        Returns
        -------
        dict of str to set of str
            Ids by code, each code as published.
        """
        found: dict[str, set[str]] = {}
        rows = self.run_with(query("indicator_areas"), {}).to_pydict()
        for name, code in zip(rows["indicator"], rows["area_code"], strict=True):
            found.setdefault(code, set()).add(name)
        return found

    def areas(self) -> pd.DataFrame:
        """Return the areas of which the store has a figure.

        Returns
        -------
        pandas.DataFrame
            ``area_code``, ``area`` (as the latest period calls it) and ``area_kind``, by code.
        """
        rows = self.observations()
        named = rows.group_by("area_code", "area_kind").agg(
            area=rows["area"].argmax(rows["period_end"])
        )
        named = named.select("area_code", "area", "area_kind").order_by("area_code", "area_kind")
        return self.fetch(named)

    def lookup(self, name: str) -> pd.DataFrame:
        """Return a look-up that published files gave.

        Parameters
        ----------
        name : str
            Of `LOOKUPS`.

        Returns
        -------
        pandas.DataFrame
            Distinct rows in the order in which they were loaded, with at least the columns of
            `LOOKUPS`; no row where no file gave any.

        Raises
        ------
        ParameterError
            If there is no look-up of that name.
        """
        paths = self.manifest.paths(self.folder, name) if name else []
        if not paths:
            return pd.DataFrame(columns=_lookup_columns(name))
        try:
            tables = [pq.read_table(path) for path in paths]
        except (OSError, pa.ArrowInvalid):
            raise UserError(self._damaged()) from None
        whole = pa.concat_tables(tables, promote_options="permissive")
        frame: pd.DataFrame = whole.to_pandas(date_as_object=False)
        return frame.drop_duplicates(ignore_index=True)

    def loads(self) -> pd.DataFrame:
        """Return the account of every published file that was added.

        Returns
        -------
        pandas.DataFrame
            In the order in which they were added: ``file``, ``format``, ``sha256``,
            ``rows_read``, ``rows_kept``, ``rows_skipped``, ``observations`` (figures read),
            ``duplicates`` (of them, known already), and ``skipped`` and ``warnings`` in words.
        """
        from wholesystem.indicators.store_writing import LOAD_COLUMNS, account_of

        rows = [account_of(load) for load in self.manifest.loads]
        return pd.DataFrame(rows, columns=list(LOAD_COLUMNS))

    # ------------------------------------------------------------------- for expressions

    def observations(self) -> ir.Table:
        """Return every observation, all revisions, as an Ibis table for `fetch`."""
        import ibis

        return ibis.table(ibis.Schema.from_pyarrow(OBSERVATIONS), name="observations")

    def connection(self) -> Any:
        """Return the store's own DuckDB, with the view ``observations``."""
        with self._lock:
            # A forked child must not share its parent's.
            if self._connection is None or self._connection[0] != os.getpid():
                self._connection = (os.getpid(), self._connect())
            return self._connection[1]

    def _connect(self) -> Any:
        made = duckdb.connect()
        for setting, value in _settings().items():
            made.execute(f"SET {setting} = '{value}'")
        paths = self.manifest.paths(self.folder)
        if paths:
            self._view(made, "observations", paths)
        else:
            made.register("observations", OBSERVATIONS.empty_table())
        return made

    def _view(self, connection: Any, name: str, paths: Sequence[Path]) -> None:
        files = ", ".join(f"'{_literal(path)}'" for path in paths)
        query = f"SELECT * FROM read_parquet([{files}], hive_partitioning = false)"
        self._guarded(lambda: connection.execute(f"CREATE OR REPLACE VIEW {name} AS {query}"))

    def run(self, expression: ir.Table) -> pa.Table:
        """Run an expression and return its rows as Arrow; raises as `fetch` does."""
        return self.run_with(_compiled(expression), {})

    def run_with(self, query: str, tables: Mapping[str, pa.Table]) -> pa.Table:
        """Run a compiled expression over `observations` and some small tables beside it."""
        with self._lock:
            duck = self.connection()
            for name, table in tables.items():
                duck.register(name, table)
            return self._guarded(lambda: duck.sql(query).to_arrow_table())

    def matching(self, keys: pa.Table, parts: Manifest) -> pa.Table:
        """Return the rows of some parts that are of the figures named by `keys`."""
        import ibis

        rows = ibis.table(ibis.Schema.from_pyarrow(OBSERVATIONS), name="some_parts")
        asked = ibis.table(ibis.Schema.from_pyarrow(keys.schema), name="asked_keys")
        names = pc.unique(keys["indicator"]).to_pylist()
        found = rows.filter(rows["indicator"].isin(names)).semi_join(asked, keys.column_names)
        with self._lock:
            self._view(self.connection(), "some_parts", parts.paths(self.folder))
            return self.run_with(_compiled(found), {"asked_keys": keys})

    def fetch(self, expression: ir.Table) -> pd.DataFrame:
        """Run an expression over `observations` and return its rows.

        Parameters
        ----------
        expression : ibis.expr.types.Table
            Already filtered or aggregated: what comes back is held in memory.

        Returns
        -------
        pandas.DataFrame
            Dates as datetime64.

        Raises
        ------
        UserError
            If a part has been damaged or removed since the store was opened.
        """
        return self.run(expression).to_pandas(date_as_object=False)

    def _guarded(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except (duckdb.IOException, duckdb.InvalidInputException):
            raise UserError(self._damaged()) from None

    def _damaged(self) -> str:
        return (
            f"{self.folder} has changed since it was opened: a part is missing or damaged. Open it"
            f" again. If that fails too: {AGAIN}"
        )


def _settings() -> dict[str, str]:
    """What does not fit into memory is laid on disk, in a place of this process."""
    place = Path(tempfile.gettempdir()) / f"wholesystem-duckdb-{os.getpid()}"
    return {
        "memory_limit": "256MB",
        "parquet_metadata_cache": "true",
        # A name in a query is never that of a variable of the program.
        "python_enable_replacements": "false",
        "temp_directory": str(place).replace("'", "''"),
        # Each thread takes memory; more than four save no time here.
        "threads": str(min(4, os.cpu_count() or 1)),
    }


def _compiled(expression: ir.Table) -> str:
    import ibis

    return str(ibis.to_sql(expression, dialect="duckdb"))


def known_date(rows: ir.Table) -> ir.Value:
    """Return the date on which a row became known, the earliest where none is given."""
    import ibis

    return ibis.coalesce(rows["revised"], rows["published"], ibis.literal(date.min, "date"))


def _lookup_columns(name: str) -> list[str]:
    if name not in LOOKUPS:
        near = closest(name, LOOKUPS)
        did = f"Did you mean {near}?" if near else f"They are {', '.join(LOOKUPS)}. Choose one."
        raise ParameterError(f"There is no look-up {name!r}. {did}")
    return list(LOOKUPS[name])


def _check_words(kinds: Sequence[str] | None) -> None:
    for kind in kinds or ():
        if kind not in AREA_KINDS:
            raise ParameterError(
                f"{kind!r} is no kind of area. The kinds are {', '.join(AREA_KINDS)}. Choose one."
            )


def _literal(path: Path) -> str:
    """A path as DuckDB reads it: nothing in it is a pattern, quotes are doubled."""
    text = str(path.absolute())
    for mark in "[*?":
        text = text.replace(mark, f"\0{mark}]")
    return text.replace("\0", "[").replace("'", "''")
