"""The tables of full-text search and the triggers that keep them up to date; steps of a migration.

Triggers, since records come by several ways (one by one, and whole reviews from a bundle or a
backup) and none of them can then forget the index. A migration that makes one of these tables
anew on SQLite takes its triggers along: it must end with `make_search` too, and a test says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from wholesystem.errors import OurFault

__all__ = ["SEARCHED", "drop_search", "make_search", "trigger_names"]


class Searched(NamedTuple):
    """A table that is searched: its table in the database, and the columns of title and text."""

    table: str
    title: str
    body: tuple[str, ...]


SEARCHED: Mapping[str, Searched] = {
    "evidence": Searched("workspace_evidence", "", ("text", "place")),
    "sources": Searched("workspace_source", "title", ("who", "place", "note")),
    "documents": Searched("workspace_document", "name", ("text",)),
    "findings": Searched("workspace_finding", "", ("statement", "contrary_considered", "note")),
    "areas_for_improvement": Searched("workspace_areaforimprovement", "", ("text",)),
}

SQLITE_TABLE = """\
CREATE VIRTUAL TABLE workspace_search USING fts5(
  kind UNINDEXED, code UNINDEXED, review, title, body,
  tokenize = 'porter unicode61 remove_diacritics 2')"""
# Rows of five tables stand in one, so a row's number is the record's times five and the table's.
SQLITE_TRIGGER = """\
CREATE TRIGGER {table}_search_{verb} AFTER {when} ON {table} BEGIN {steps} END"""
SQLITE_REMOVE = "DELETE FROM workspace_search WHERE rowid = old.id * 5 + {place};"
SQLITE_ADD = """\
INSERT INTO workspace_search (rowid, kind, code, review, title, body)
VALUES (new.id * 5 + {place}, '{kind}', new.code, 'r' || new.review_id, {title}, {body});"""

POSTGRESQL_TABLE = """\
DROP TABLE IF EXISTS workspace_search;
CREATE TABLE workspace_search (
  kind text, record_id bigint, part integer, review_id bigint NOT NULL, code text NOT NULL,
  title text NOT NULL, body text NOT NULL, vector tsvector NOT NULL,
  PRIMARY KEY (kind, record_id, part));
CREATE INDEX workspace_search_vector ON workspace_search USING gin (vector);
CREATE INDEX workspace_search_review ON workspace_search (review_id)"""
# Else PostgreSQL takes `health/care` for the name of a file and `strategy.pdf` for a computer's.
SIGNS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'
# Of 80,000 characters at worst twelve bytes each are kept, and a vector holds 1,048,575.
POSTGRESQL_FUNCTION = """\
CREATE OR REPLACE FUNCTION {table}_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    DELETE FROM workspace_search WHERE kind = '{kind}';
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM workspace_search WHERE kind = '{kind}' AND record_id = OLD.id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO workspace_search
    SELECT '{kind}', NEW.id, part, NEW.review_id, NEW.code, {title}, body,
      setweight(to_tsvector('english', translate({title}, {signs}, {spaces})), 'A')
      || setweight(to_tsvector('english', translate(body, {signs}, {spaces})), 'B')
    FROM (
      SELECT part, substr({body}, part * 79000 + 1, 80000) AS body
      FROM generate_series(0, greatest(0, (length({body}) - 1) / 79000)) AS part
    ) AS parts;
  END IF;
  RETURN NULL;
END $$"""
POSTGRESQL_TRIGGERS = """\
CREATE TRIGGER {table}_search_rows AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_search();
CREATE TRIGGER {table}_search_all AFTER TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_search()"""

LINE_END = {"new": "char(10)", "NEW": "chr(10)"}


def _words(one: Searched, new: str) -> dict[str, str]:
    title = f"{new}.{one.title}" if one.title else "''"
    # Between fields a line's end, at which a page parts them.
    parts = [f"{new}.{column}" for column in one.body]
    body = f" || {LINE_END[new]} || ".join(parts)
    return {"table": one.table, "title": title, "body": f"({body})"}


def _sqlite(kind: str, place: int, one: Searched) -> list[str]:
    add = SQLITE_ADD.format(kind=kind, place=place, **_words(one, "new"))
    remove = SQLITE_REMOVE.format(place=place)
    columns = ", ".join(name for name in ("code", "review_id", one.title, *one.body) if name)
    return [
        SQLITE_TRIGGER.format(table=one.table, verb=verb, when=when, steps=steps)
        for verb, when, steps in (
            ("insert", "INSERT", add),
            ("update", f"UPDATE OF {columns}", f"{remove} {add}"),
            ("delete", "DELETE", remove),
        )
    ]


def _postgresql(kind: str, one: Searched) -> list[str]:
    words = _words(one, "NEW")
    return [
        POSTGRESQL_FUNCTION.format(
            kind=kind, signs=f"'{SIGNS}'", spaces=f"repeat(' ', {len(SIGNS)})", **words
        ),
        POSTGRESQL_TRIGGERS.format(table=one.table),
    ]


def _check(vendor: str) -> bool:
    if vendor not in ("sqlite", "postgresql"):
        raise OurFault(f"There is no full-text search on {vendor}.")
    return vendor == "sqlite"


def make_search(apps: Any, editor: Any) -> None:
    """Make the index with its triggers, and fill it.

    Parameters
    ----------
    apps : object
        Of the migration; not used.
    editor : BaseDatabaseSchemaEditor
        Of the database.
    """
    is_sqlite = _check(editor.connection.vendor)
    editor.execute(SQLITE_TABLE if is_sqlite else POSTGRESQL_TABLE)
    for place, (kind, one) in enumerate(SEARCHED.items()):
        for statement in _sqlite(kind, place, one) if is_sqlite else _postgresql(kind, one):
            editor.execute(statement, None)
        # Each row is set to what it is, so that its trigger puts it into the index.
        editor.execute(f"UPDATE {one.table} SET code = code")


def drop_search(apps: Any, editor: Any) -> None:
    """Take back `make_search`.

    Parameters
    ----------
    apps : object
        Of the migration; not used.
    editor : BaseDatabaseSchemaEditor
        Of the database.
    """
    is_sqlite = _check(editor.connection.vendor)
    for one in SEARCHED.values():
        for name in trigger_names(one.table, "sqlite" if is_sqlite else "postgresql"):
            editor.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else f" ON {one.table}"))
        if not is_sqlite:
            editor.execute(f"DROP FUNCTION {one.table}_search()")
    editor.execute("DROP TABLE workspace_search")


def trigger_names(table: str, vendor: str) -> list[str]:
    """Triggers that a searched table must have.

    Parameters
    ----------
    table : str
        In the database.
    vendor : str
        ``sqlite`` or ``postgresql``.

    Returns
    -------
    list of str
        Their names.
    """
    verbs = ("insert", "update", "delete") if vendor == "sqlite" else ("rows", "all")
    return [f"{table}_search_{verb}" for verb in verbs]
