"""Whatever is typed or written, an area or a catalogue is found or refused in plain words."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from wholesystem.errors import ParameterError, TableError
from wholesystem.indicators.catalogue import Indicator, read_catalogue
from wholesystem.indicators.geography import (
    area,
    areas_on,
    combined_areas,
    every_area,
    find_area,
    predecessors,
    same_area_codes,
    successors,
)

generated = settings(max_examples=200, derandomize=True, database=None, deadline=None)
days = st.dates(date(2011, 4, 1), date(2030, 1, 1))
codes = st.sampled_from(sorted(every_area()))


def outcome(run: Callable[[], Any]) -> Any:
    """What it gives, or what it says where it refuses as it should."""
    try:
        return run()
    except (ParameterError, TableError) as error:
        return str(error)


@generated
@given(st.text(max_size=60), st.none() | days)
def test_any_text_gives_an_area_or_a_short_plain_refusal(text: str, on: date | None) -> None:
    found = outcome(lambda: find_area(text, on=on))

    if isinstance(found, str):
        assert len(found) < 600
        assert found.isprintable()
    else:
        assert on is None or found.is_valid(on)


@generated
@given(codes, st.randoms(use_true_random=False))
def test_case_spaces_and_ampersands_do_not_matter(code: str, random) -> None:
    one = every_area()[code]
    name = random.choice(one.names)
    typed = "".join(random.choice([c.lower(), c.upper()]) for c in name)
    typed = typed.replace(" and ", " & ") if random.random() < 0.5 else typed.replace(" ", "  ")
    day = one.valid_from or one.valid_to or date(2024, 1, 1)

    assert find_area(f" {typed} ", on=day) is one


@generated
@given(codes)
def test_before_and_after_are_each_others_mirror(code: str) -> None:
    for one in successors(code):
        assert area(code) in predecessors(one.code)
        assert one.region_code == area(code).region_code
    for one in same_area_codes(code):
        assert same_area_codes(one) == same_area_codes(code)
        assert area(one).name == area(code).name


@generated
@given(days)
def test_councils_of_one_day_are_no_two_the_same_area(day: date) -> None:
    here = {one.code for one in areas_on(day)}

    for code in here:
        assert [other for other in same_area_codes(code) if other in here] == [code]
    # Of a combination all councils of one set are there, and none of the other.
    for one in combined_areas().values():
        assert here & one.members in [set(members.members) for members in one.sets]


@generated
@given(days)
def test_ground_is_never_lost_at_a_change(day: date) -> None:
    """Each council of a day still is the day after, or has taken a successor that is."""
    tomorrow = day + timedelta(days=1)
    after = {one.code for one in areas_on(tomorrow)}

    for one in areas_on(day):
        assert one.code in after or {new.code for new in successors(one.code)} <= after


GOOD = read_catalogue()["emergency_admissions_65_plus"].cells() | {
    "indicator": "mine",
    "figures": "",
    "selection_metric": "",
}
WORDS = st.sampled_from(
    "count share rate mean low high none wilson byar as_is sum residents trust both yes no user"
    " computed % 100 100000 1 -1 dtoc_days population x mine well_led ; a;b F139 =1+1".split()
)
changes = st.dictionaries(
    st.sampled_from(Indicator.columns()), WORDS | st.just("") | st.text(max_size=5), max_size=4
)


def test_the_row_to_be_changed_is_good(tmp_path: Path) -> None:
    assert read_catalogue(write(tmp_path, [GOOD]))["mine"].kind == "rate"


@generated
@given(st.lists(changes, max_size=3))
def test_any_changed_cells_are_read_or_refused_with_their_place(rows: list[dict[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        path = write(Path(folder), [GOOD | {"indicator": f"i{i}"} | x for i, x in enumerate(rows)])
        found = outcome(lambda: read_catalogue(path))

    if isinstance(found, str):
        assert "mine.csv row" in found
    else:
        assert len(found) == len(read_catalogue()) + len(rows)


def write(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "mine.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.DictWriter(file, list(GOOD))
        writer.writeheader()
        writer.writerows(rows)
    return path
