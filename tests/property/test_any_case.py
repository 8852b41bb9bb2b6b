"""Any case: kept in the workspace and in a bundle it comes back letter by letter, and what a review
refuses of its stays is what `make_case` refuses.
"""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers import any_review
from tests.helpers.any_cases import SERVICES, case_tables
from wholesystem.errors import TableError
from wholesystem.reviews import read_bundle, write_bundle
from wholesystem.reviews.bundle_files import BundleFiles
from wholesystem.reviews.cases import make_case, timeline_rows
from wholesystem.reviews.cases.records import CaseDelay, CaseStay, TrackedCase
from wholesystem.reviews.cases.tabular import delay_rows, delays_table, stay_rows, stays_table
from wholesystem.reviews.checks import Places, faults_between
from wholesystem.web.cases.stays import number_anew
from wholesystem.web.workspace.bundles import write_review
from wholesystem.web.workspace.rows import load_review
from wholesystem.web.workspace.storing import store_review

OF_CASES = case_tables(["S0"], any_review.PEOPLE, any_review.AT)
SLOW = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)


def with_cases(tables: dict[str, Any]) -> Any:
    return any_review.review(sources=(any_review.source("S0", "case_file"),), **tables)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(tables=OF_CASES)
def test_any_case_comes_back_from_the_workspace_and_its_bundle(tables: dict[str, Any]) -> None:
    review = with_cases(tables)
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        kept = store_review(review=review, texts={}, measures={})
        assert load_review(kept, every=True).tables() == review.tables()
        write_review(kept, Path(folder) / "bundle.zip")
        transaction.set_rollback(True)
        assert read_bundle(Path(folder) / "bundle.zip").review.tables() == review.tables()


@settings(max_examples=100, deadline=None)
@given(tables=OF_CASES)
def test_any_case_written_twice_is_the_same_bytes(tables: dict[str, Any]) -> None:
    review = with_cases(tables)
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "a.zip", Path(folder) / "b.zip"
        write_bundle(review, BundleFiles(), first)
        again = read_bundle(first)
        write_bundle(again.review, again.files, second)
        assert first.read_bytes() == second.read_bytes()


@settings(max_examples=100, deadline=None)
@given(tables=OF_CASES)
def test_any_case_is_the_same_as_rows_and_as_tables(tables: dict[str, Any]) -> None:
    for case in tables["cases"]:
        stays = [one for one in tables["case_stays"] if one.case == case.case]
        delays = [one for one in tables["case_delays"] if one.case == case.case]
        assert stay_rows(case.case, stays_table(stays)) == stays
        assert delay_rows(case.case, delays_table(delays)) == delays
        assert len(timeline_rows(stays_table(stays))) == len(stays)


# ------------------------------------------------------------ what is refused

HOURS = st.none() | st.integers(0, 60)
START = datetime(2018, 1, 1)


def moment(hours: int | None) -> str:
    return "" if hours is None else (START + timedelta(hours=hours)).isoformat()


@st.composite
def any_stays(draw: st.DrawFn) -> list[CaseStay]:
    """Stays of one case, right or wrong between each other and in themselves."""
    return [
        CaseStay(
            case="C0",
            stay=draw(st.integers(1, 4)),
            service=draw(st.sampled_from(SERVICES)),
            requested_at=moment(draw(HOURS)),
            started_at=moment(draw(st.integers(0, 60))),
            ready_at=moment(draw(HOURS)),
            ended_at=moment(draw(HOURS)),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]


@settings(max_examples=300, deadline=None)
@given(stays=any_stays(), together=st.booleans())
def test_a_review_refuses_what_make_case_refuses(stays: list[CaseStay], together: bool) -> None:
    concurrent = ("home", "acute") if together else ()
    case = TrackedCase(
        case="C0", pseudonym="p", synthetic="no", concurrent="; ".join(concurrent), **any_review.BY
    )
    tables = {**any_review.review().tables(), "cases": (case,), "case_stays": tuple(stays)}
    found = faults_between(tables, (), Places())
    # A number twice is a key twice too, which is told beside.
    found = [one for one in found if "earlier row too" not in one.rule]
    try:
        make_case("C0", stays_table(stays), concurrent=concurrent)
        refused: list[Any] = []
    except TableError as error:
        refused = list(error.faults)

    assert [(one.where.removeprefix("case_"), one.rule) for one in found] == [
        (one.where.replace("stays row", "stays.csv row"), one.rule) for one in refused
    ]


# ------------------------------------------------------------ numbers


@given(stays=any_stays(), data=st.data())
def test_numbering_anew_keeps_every_stay_and_its_delays(
    stays: list[CaseStay], data: st.DataObject
) -> None:
    stays = [one.model_copy(update={"stay": at}) for at, one in enumerate(stays, start=1)]
    delays = [
        CaseDelay(case="C0", stay=one.stay, began_at=one.started_at, reason=one.service)
        for one in stays
        if data.draw(st.booleans())
    ]
    numbered, parts = number_anew(stays, delays)

    assert [one.stay for one in numbered] == list(range(1, len(stays) + 1))
    assert [one.started_at for one in numbered] == sorted(one.started_at for one in stays)
    assert sorted(one.service for one in numbered) == sorted(one.service for one in stays)
    by_number = {one.stay: one for one in numbered}
    for part in parts:
        own = by_number[part.stay]
        assert (part.began_at, part.reason) == (own.started_at, own.service)
    assert number_anew(numbered, parts) == (numbered, parts)
