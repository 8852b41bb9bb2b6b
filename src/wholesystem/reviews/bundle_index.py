"""``bundle.json``: what a bundle is, and each of its files with digest and size."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wholesystem.errors import Fault, TableError, shorten_value
from wholesystem.reviews.bundle_layout import FORMAT, MOST_FILES

__all__ = ["INDEX", "HistoryHead", "Index", "ListedFile", "index_bytes", "parse_index"]

INDEX = "bundle.json"

_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True)
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]


class ListedFile(BaseModel):
    """A file of a bundle as it was written."""

    model_config = _STRICT

    path: Annotated[str, Field(min_length=1, max_length=300)]
    sha256: Sha256
    bytes: Count


class HistoryHead(BaseModel):
    """How long the history was, and the digest of its last event, so that a cut is seen."""

    model_config = _STRICT

    events: Count
    last: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class Index(BaseModel):
    """All that ``bundle.json`` says."""

    model_config = _STRICT

    format: int
    review: str
    program: str
    counts: dict[str, Count]
    history: HistoryHead
    #: Why a document has no text, by its digest.
    without_text: dict[Sha256, str]
    files: Annotated[list[ListedFile], Field(max_length=MOST_FILES)]

    def by_path(self) -> dict[str, ListedFile]:
        """The files by their path."""
        return {one.path: one for one in self.files}


def index_bytes(index: Index) -> bytes:
    """The text of ``bundle.json``.

    Parameters
    ----------
    index : Index
        What it says.

    Returns
    -------
    bytes
        UTF-8, indented, always the same for the same index.
    """
    told = index.model_dump()
    told["files"] = sorted(told["files"], key=lambda one: str(one["path"]))
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def parse_index(data: bytes) -> Index:
    """What ``bundle.json`` says.

    Parameters
    ----------
    data : bytes
        Of the file.

    Returns
    -------
    Index
        Of a format that is known.

    Raises
    ------
    TableError
        If it is no JSON, of another format, or says something else than it may.
    """
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise TableError([_fault("", None, f"It is no JSON: {str(error)[:100]}.")]) from None
    if not isinstance(told, dict):
        raise TableError([_fault("", None, "It must be a JSON object.")])
    _check_format(told)
    try:
        return Index.model_validate(told)
    except ValidationError as error:
        raise TableError([_index_fault(one) for one in error.errors()]) from None


def _check_format(told: Mapping[str, Any]) -> None:
    version = told.get("format")
    if version == FORMAT and not isinstance(version, bool):
        return
    raise TableError(
        [
            Fault(
                f"{INDEX}, format",
                shorten_value(json.dumps(version)).strip("'"),
                f"This program reads format {FORMAT}.",
                "Update the program; a newer one wrote this bundle, or the file was edited.",
            )
        ]
    )


def _index_fault(error: Any) -> Fault:
    where = ", " + ".".join(str(part)[:80] for part in error["loc"])
    given = error["input"]
    value = given if isinstance(given, str) else None
    return _fault(where, value, f"{error['msg']}.")


def _fault(where: str, value: str | None, rule: str) -> Fault:
    return Fault(INDEX + where, value, rule, "Take bundle.json from the bundle as it was written.")
