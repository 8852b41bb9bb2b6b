"""What the documentation of documents shows is run."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.helpers.reports import SVG
from wholesystem.reports.documents import read_house
from wholesystem.reports.documents.checks import MOST_COLUMNS

DOCS = ROOT / "docs"


def blocks_of(path: str, language: str) -> list[str]:
    text = (DOCS / path).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def write_the_house(folder: Path) -> None:
    folder.mkdir()
    (text,) = blocks_of("how-to/write-a-house-template.md", "toml")
    (folder / "house.toml").write_text(text, encoding="utf-8")
    (folder / "logo.svg").write_text(SVG, encoding="utf-8")


def test_the_house_of_the_how_to_is_read(tmp_path: Path) -> None:
    write_the_house(tmp_path / "our-house")

    house = read_house(tmp_path / "our-house")

    assert house.logo is not None
    assert house.cover == "#00594c"


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_the_house(tmp_path / "our-house")
    names: dict[str, Any] = {}
    first, back = blocks_of("reference/documents.md", "python")
    (styled,) = blocks_of("how-to/write-a-house-template.md", "python")

    for code in (first, back, styled):
        exec(code, names)

    written = names["written"].paths
    assert [path.name for path in written] == ["report.html", "report.pdf", "report.docx"]
    assert names["found"].suggestions == ()
    assert all(path.exists() for path in written)


def test_limits_are_told_as_they_are() -> None:
    text = (DOCS / "reference" / "documents.md").read_text("utf-8")

    assert f"more than {MOST_COLUMNS} columns" in text
