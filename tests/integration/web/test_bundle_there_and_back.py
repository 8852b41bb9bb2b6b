"""A review out of one database, into another, and out again: the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers import bundles, postgres
from tests.helpers.programs import run_in_workspace
from wholesystem.reviews import read_bundle, write_bundle

BRING_IN = """
from wholesystem.web.workspace.bundles import store_bundle
store_bundle(Path(sys.argv[1]), user=None)
"""
TAKE_OUT = """
from wholesystem.web.database import one_view
from wholesystem.web.workspace import models
from wholesystem.web.workspace.bundles import write_review
with one_view():
    write_review(models.Review.objects.get(code=sys.argv[1]), Path(sys.argv[2]))
"""
# The packaged review, with everything that people do to a review done to it.
WORK_ON_EXAMPLE = """
from datetime import date
from tests.helpers.workspace import make_user
from wholesystem.web.workspace.example import load_example
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import evidence, findings, measures, people, reviews, sources
user = make_user("Ann Other", administrator=True, is_first=True)
review = load_example()
by = models.Member.objects.get(review=review, user=user)
reviews.change_review(
    review=review, by=by, values={"stage": "findings", "note": "line\\nline 🚑"}, version=None
)
sources.save_organisation(review=review, by=by, values={"name": "A new trust"})
reviews.save_due_date(review=review, by=by, values={"title": "=Summit", "on": date(2018, 2, 1)})
source = sources.save_source(
    review=review, by=by, values={"kind": "interview", "title": "Ward \\u202eמנהל"}
)
one = evidence.save_evidence(
    review=review, by=by,
    values={"source": source.code, "form": "paraphrase", "text": "x" * 10_000,
            "shows": "concern", "kloe": ()},
)
measures.keep_measures(
    review=review, by=by, name="year", files={"flows.csv": b"\\xef\\xbb\\xbffrom,to\\na,b\\n"}
)
evidence.withdraw_evidence(review=review, by=by, code=one.code, why="Entered twice.")
"""


@pytest.fixture(scope="module")
def on_postgres(require: Callable[[object, str], None]) -> Iterator[dict[str, str]]:
    programs = postgres.find_programs()
    require(programs, "PostgreSQL is not installed (apt-get install postgresql)")
    assert programs is not None
    with postgres.running(programs) as address:
        yield {"DATABASE": address}


def there_and_back(bundle: Path, code: str, place: Path, **settings: str) -> Path:
    out = place / "again.zip"
    folder = place / "other"
    run_in_workspace(folder, BRING_IN, str(bundle), **settings)
    run_in_workspace(folder, TAKE_OUT, code, str(out), **settings)
    return out


def assert_same(one: Path, other: Path) -> None:
    with zipfile.ZipFile(one) as first, zipfile.ZipFile(other) as second:
        assert first.namelist() == second.namelist()
        for name in first.namelist():
            assert first.read(name) == second.read(name), name
    assert one.read_bytes() == other.read_bytes()


@pytest.fixture
def every_row(tmp_path: Path) -> Path:
    """A bundle with every kind of row, a document, its text and measures."""
    path = tmp_path / "every_row.zip"
    write_bundle(bundles.review(), bundles.attached(), path)
    return path


@pytest.fixture(scope="module")
def worked_on(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged review with changes and a history."""
    place = tmp_path_factory.mktemp("worked_on")
    path = place / "worked_on.zip"
    run_in_workspace(place / "data", WORK_ON_EXAMPLE)
    run_in_workspace(place / "data", TAKE_OUT, "oxfordshire_2017", str(path))
    return path


def test_every_row_comes_back(every_row: Path, tmp_path: Path) -> None:
    assert_same(every_row, there_and_back(every_row, "oxfordshire", tmp_path))


def test_a_review_that_was_worked_on_comes_back(worked_on: Path, tmp_path: Path) -> None:
    found = read_bundle(worked_on)
    assert len(found.review.history) >= 7
    assert found.files.measures["year"]
    assert_same(worked_on, there_and_back(worked_on, "oxfordshire_2017", tmp_path))


def test_every_row_comes_back_from_postgresql(
    every_row: Path, tmp_path: Path, on_postgres: dict[str, str]
) -> None:
    assert_same(every_row, there_and_back(every_row, "oxfordshire", tmp_path, **on_postgres))


def test_a_review_that_was_worked_on_comes_back_from_postgresql(
    worked_on: Path, tmp_path: Path, on_postgres: dict[str, str]
) -> None:
    back = there_and_back(worked_on, "oxfordshire_2017", tmp_path, **on_postgres)
    assert_same(worked_on, back)
