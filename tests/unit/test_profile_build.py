"""The profile of an area, from a small store: whose figures, of when, beside whom."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.helpers import profiles
from tests.helpers.observations import month, observation
from tests.helpers.profiles import DEVON, ENGLAND, KENT, OXFORDSHIRE
from wholesystem.errors import OurFault, ParameterError
from wholesystem.indicators import Store, find_area
from wholesystem.indicators.comparators import ComparatorList
from wholesystem.indicators.profile import (
    AreaProfile,
    IndicatorProfile,
    ProfileData,
    ProfileOptions,
    RebaseRow,
    Target,
    make_profile,
)

RATES = [f"dtoc_rate{end}" for end in ("", "_nhs", "_social_care", "_both", "_reason_a",
                                       "_reason_b")]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return profiles.make_store(tmp_path_factory.mktemp("build") / "store")


@pytest.fixture(scope="module")
def data(store: Store) -> ProfileData:
    return profiles.make_data(store)


@pytest.fixture(scope="module")
def oxfordshire(data: ProfileData) -> AreaProfile:
    return make_profile(data, find_area("Oxfordshire"))


def only(profile: AreaProfile, name: str) -> IndicatorProfile:
    (found,) = [one for one in profile.indicators if one.id == name]
    return found


def rate(days: float, adults: float, number: int) -> float:
    """Days a day per 100,000 adults in a month of the helper."""
    first, last = month(*profiles.month_of(number)).values()
    return days / adults * 100_000 / ((last - first).days + 1)


def rows_of(code: str, indicator: str, values: dict[tuple[int, int], float], **cells):
    return [
        observation(indicator=indicator, area_code=code, area=find_area(code).name, value=value,
                    cell=f"F{i}", **month(*when), **cells)
        for i, (when, value) in enumerate(values.items(), start=12)
    ]  # fmt: skip


# ------------------------------------------------------------------------ the indicators


def test_every_indicator_with_a_figure_in_the_order_of_the_catalogue(
    oxfordshire: AreaProfile,
) -> None:
    assert [one.id for one in oxfordshire.indicators] == [
        "share_65_plus",
        "share_75_plus",
        "share_85_plus",
        *RATES,
        "ae_within_4_hours-RTH",
    ]
    assert oxfordshire.latest_day == date(2017, 9, 30)
    assert oxfordshire.cautions == ()


def test_figures_are_the_counts_as_published_over_the_people(oxfordshire: AreaProfile) -> None:
    one = only(oxfordshire, "dtoc_rate")
    adults = profiles.population(OXFORDSHIRE, "population_18_plus")
    days = [profiles.tenths(OXFORDSHIRE, n) * 10 for n in range(profiles.MONTHS)]
    assert one.row.numerators.tolist() == days
    assert set(one.row.denominators.tolist()) == {adults}
    assert one.values == pytest.approx([rate(d, adults, n) for n, d in enumerate(days)])
    assert (one.latest, one.latest_period) == (29, "September 2017")
    assert one.labels[0] == "April 2015"
    assert one.latest_value == one.values[-1]


def test_every_figure_names_its_cells(oxfordshire: AreaProfile) -> None:
    one = only(oxfordshire, "dtoc_rate")
    assert one.row.files[0] == "dtoc_2015_04.xls"
    for number, source in enumerate(one.row.sources):
        year, in_year = profiles.month_of(number)
        assert f"dtoc_{year}_{in_year:02d}.xls, sheet LA, cell D" in source
        assert "population.csv, cell C" in source


def test_england_and_the_comparators_stand_beside(oxfordshire: AreaProfile) -> None:
    one = only(oxfordshire, "dtoc_rate")
    everyone = profiles.population(ENGLAND, "population_18_plus")
    known = [[code for code, _ in profiles.councils() if profiles.has_figure(code, n)]
             for n in range(profiles.MONTHS)]  # fmt: skip
    sums = [sum(profiles.tenths(code, n) for code in some) * 10 for n, some in enumerate(known)]
    assert one.england == pytest.approx([rate(d, everyone, n) for n, d in enumerate(sums)])

    chosen = oxfordshire.comparators
    assert chosen is not None
    assert chosen.neighbours is not None
    assert len(chosen.codes) == 15
    assert OXFORDSHIRE not in chosen.codes
    # Together: the sum of the days over the sum of the people.
    for number in (0, profiles.KENT_GAP, 29):
        some = [code for code in chosen.codes if profiles.has_figure(code, number)]
        days = sum(profiles.tenths(code, number) for code in some) * 10
        people = sum(profiles.population(code, "population_18_plus") for code in some)
        assert one.comparators[number] == pytest.approx(rate(days, people, number))
    group = one.comparison.comparators
    assert group is not None
    assert group.versus.value == pytest.approx(one.comparators[-1])


def test_a_trusts_figure_is_said_to_be_the_trusts(oxfordshire: AreaProfile) -> None:
    one = only(oxfordshire, "ae_within_4_hours-RTH")
    assert one.subject.name == profiles.TRUST_NAME
    assert one.name == f"A&E within four hours: {profiles.TRUST_NAME}"
    assert one.subject.note.startswith("A figure of the trust, not of Oxfordshire: 62% of its")
    assert [one.code for one in oxfordshire.trusts] == ["RTH"]
    # Of 10,000 attendances, those not over four hours.
    over = [profiles.over_4_hours(0, n) for n in range(profiles.MONTHS)]
    assert one.values == pytest.approx([100 - o / 100 for o in over])
    assert one.comparison.comparators is None
    assert np.isnan(one.comparators).all()
    assert one.target is not None
    assert one.target.target == 95
    assert one.funnel_step == -2


def test_a_trust_without_a_figure_is_not_named(tmp_path: Path) -> None:
    store = profiles.make_store(
        tmp_path / "s", [*profiles.population_rows(), *profiles.dtoc_rows()]
    )
    found = make_profile(profiles.make_data(store), find_area("Oxfordshire"))
    assert found.trusts == ()
    assert [one.subject.kind for one in found.indicators] == ["area"] * 9


def test_a_small_share_of_a_trust_is_not_the_areas_trust(data: ProfileData) -> None:
    """28% of the trust's patients live in Kent, 10% in Devon: a fifth makes it Kent's too.

    Devon has no other trust, so that the one with the largest share is taken.
    """
    assert [one.code for one in make_profile(data, find_area(KENT)).trusts] == ["RTH"]
    devon = make_profile(data, find_area(DEVON)).trusts
    assert ["10% of its patients" in one.note for one in devon] == [True]


# ------------------------------------------------------------------------ what is missing


def test_a_month_without_a_figure_is_a_gap_and_not_closed_up(data: ProfileData) -> None:
    one = only(make_profile(data, find_area("Kent")), "dtoc_rate")
    assert len(one.periods) == profiles.MONTHS
    assert np.flatnonzero(np.isnan(one.values)).tolist() == [profiles.KENT_GAP]
    assert one.row.sources[profiles.KENT_GAP] == ""
    assert not np.isnan(one.england).any()
    assert one.chart is not None
    assert one.chart.summary.n_points == profiles.MONTHS - 1
    assert one.missing_since is None


def test_an_area_that_stopped_is_shown_up_to_its_last_figure(data: ProfileData) -> None:
    one = only(make_profile(data, find_area("Surrey")), "dtoc_rate")
    assert one.latest_period == "May 2017"
    assert one.periods[-1] == (date(2017, 5, 1), date(2017, 5, 31))
    assert one.missing_since == date(2017, 6, 1)
    assert one.comparison.period_end == date(2017, 5, 31)
    assert one.comparison.rank is not None
    assert one.comparison.rank.of == 25


def test_a_few_early_returns_are_no_publication(tmp_path: Path) -> None:
    early = rows_of(KENT, "dtoc_days", {(2017, 10): 1000.0})
    store = profiles.make_store(tmp_path / "s", [*profiles.population_rows(),
                                                 *profiles.dtoc_rows(), *early])  # fmt: skip
    one = only(make_profile(profiles.make_data(store), find_area("Oxfordshire")), "dtoc_rate")
    assert one.missing_since is None
    assert one.latest_period == "September 2017"


def test_an_area_without_any_figure_has_no_profile(data: ProfileData) -> None:
    with pytest.raises(ParameterError, match=r"There is no figure of Camden \(E09000007\)\."):
        make_profile(data, find_area("Camden"))


def test_a_day_before_all_figures_has_no_profile(store: Store) -> None:
    data = profiles.make_data(store, until=date(2014, 12, 31))
    with pytest.raises(ParameterError, match=r"Oxfordshire .* up to 2014-12-31\. Load files"):
        make_profile(data, find_area("Oxfordshire"))


def test_one_figure_makes_no_chart(tmp_path: Path) -> None:
    rows = [*profiles.population_rows((2016,)), *profiles.dtoc_rows(1)]
    one = only(
        make_profile(profiles.make_data(profiles.make_store(tmp_path / "s", rows)),
                     find_area("Oxfordshire")), "dtoc_rate"
    )  # fmt: skip
    assert one.chart is None
    assert one.latest_period == "April 2015"


def test_without_population_there_are_neither_rates_nor_neighbours(tmp_path: Path) -> None:
    store = profiles.make_store(tmp_path / "s", [*profiles.dtoc_rows(), *profiles.ae_rows()])
    found = make_profile(profiles.make_data(store), find_area("Oxfordshire"))
    assert [one.id for one in found.indicators] == ["ae_within_4_hours-RTH"]
    assert found.comparators is None
    assert any("There are no comparators" in text for text in found.cautions)


# ------------------------------------------------------------------------ what is asked for


def test_nothing_after_the_day_asked_for_is_shown(store: Store) -> None:
    data = profiles.make_data(store, until=date(2016, 9, 30))
    found = make_profile(data, find_area("Oxfordshire"))
    one = only(found, "dtoc_rate")
    assert found.latest_day == date(2016, 9, 30)
    assert one.latest_period == "September 2016"
    assert len(one.values) == 18
    assert one.comparison.period_end == date(2016, 9, 30)
    assert "concern" not in {s.rule for s in found.stand_outs if s.id == "dtoc_rate"}


def test_a_month_that_ends_later_is_not_shown_in_part(store: Store) -> None:
    data = profiles.make_data(store, until=date(2016, 9, 29))
    assert make_profile(data, find_area("Oxfordshire")).latest_day == date(2016, 8, 31)


def test_only_the_last_periods_are_drawn_and_counted(store: Store) -> None:
    data = profiles.make_data(store, periods=12)
    one = only(make_profile(data, find_area("Oxfordshire")), "dtoc_rate")
    assert one.labels[0] == "October 2016"
    assert len(one.values) == len(one.england) == len(one.comparators) == 12
    assert one.chart is not None
    assert one.chart.summary.n_points == 12


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Oxfordshire's September 2017 published as 6,000 days, and as 6,600 a year later."""
    first = {"published": date(2017, 11, 9), "file": "first.xls"}
    again = {**first, "revised": date(2018, 11, 8), "file": "again.xls"}
    september = {(2017, 9): 6000.0}
    rows = [
        *profiles.population_rows(),
        *(row for row in profiles.dtoc_rows() if row["area_code"] != OXFORDSHIRE),
        *rows_of(OXFORDSHIRE, "dtoc_days", {(2017, 8): 5000.0, **september}, **first),
        *rows_of(OXFORDSHIRE, "dtoc_days", {(2017, 9): 6600.0}, **again),
    ]
    return profiles.make_store(tmp_path_factory.mktemp("revised") / "store", rows)


@pytest.mark.parametrize(
    ("known_on", "days", "file"),
    [
        (None, 6600, "again.xls"),
        (date(2018, 11, 8), 6600, "again.xls"),
        (date(2018, 11, 7), 6000, "first.xls"),
        (date(2017, 11, 9), 6000, "first.xls"),
    ],
)
def test_figures_are_those_known_on_a_day(
    revised: Store, known_on: date | None, days: int, file: str
) -> None:
    data = profiles.make_data(revised, known_on=known_on)
    one = only(make_profile(data, find_area("Oxfordshire")), "dtoc_rate")
    assert one.row.numerators[-1] == days
    assert one.row.files[-1] == file


def test_before_it_was_published_there_is_nothing(revised: Store) -> None:
    data = profiles.make_data(revised, known_on=date(2017, 6, 1))
    with pytest.raises(ParameterError, match="There is no figure of Oxfordshire"):
        make_profile(data, find_area("Oxfordshire"))


def target(value: float, code: str, start: str = "", end: str = "") -> Target:
    cells = {"indicator": "dtoc_rate", "area_code": code, "from": start, "to": end}
    words = {"target": str(value), "name": "the plan", "source": "made up"}
    return Target.model_validate({**cells, **words})


def test_the_areas_own_target_of_its_latest_period(store: Store) -> None:
    targets = (
        target(9.0, ""),
        target(8.0, OXFORDSHIRE, "2017-09-30"),
        target(7.0, OXFORDSHIRE, "2017-10-01"),
        target(6.0, KENT),
    )
    data = profiles.make_data(store, targets=targets)
    one = only(make_profile(data, find_area("Oxfordshire")), "dtoc_rate")
    assert one.target == targets[1]
    assert one.chart is not None
    assert one.chart.summary.target == 8.0
    assert one.chart.assurance == "consistently fails"
    devon = only(make_profile(data, find_area("Devon")), "dtoc_rate")
    assert devon.target == targets[0]


def test_limits_start_anew_by_hand_alone(store: Store) -> None:
    rows = [
        {"indicator": "dtoc_rate", "area_code": OXFORDSHIRE, "date": day, "reason": "New ward"}
        for day in ("2014-01-01", "2017-02-01", "2019-01-01")
    ]
    data = profiles.make_data(store, rebases=tuple(RebaseRow.model_validate(r) for r in rows))
    one = only(make_profile(data, find_area("Oxfordshire")), "dtoc_rate")
    assert one.chart is not None
    centre = one.chart.limits.centre
    # February 2017 is the rise; days before the first period and after the last are passed over.
    assert np.unique(centre[: profiles.RISE_FROM]).size == 1
    assert centre[profiles.RISE_FROM :] == pytest.approx(
        np.full(8, one.values[profiles.RISE_FROM :].mean())
    )
    kent = only(make_profile(data, find_area("Kent")), "dtoc_rate")
    assert kent.chart is not None
    assert np.unique(kent.chart.limits.centre).size == 1


# ------------------------------------------------------------------------ comparators


def own_list(name: str, *codes: str) -> ComparatorList:
    return ComparatorList(name, "2017-11", OXFORDSHIRE, codes, "A letter")


def test_a_list_of_ones_own_comes_before_neighbours(store: Store) -> None:
    data = profiles.make_data(store, lists=(own_list("Ours", KENT, DEVON),))
    found = make_profile(data, find_area("Oxfordshire"))
    assert found.comparators is not None
    assert found.comparators.names == ("Kent", "Devon")
    assert found.comparators.neighbours is None
    assert "Ours" in found.comparators.label
    assert "A letter" in found.comparators.method
    # The others have no list, so they keep their neighbours.
    kent = make_profile(data, find_area("Kent")).comparators
    assert kent is not None
    assert kent.neighbours is not None


def test_the_list_asked_for_is_used_or_refused(store: Store) -> None:
    lists = (own_list("Ours", KENT), own_list("Theirs", DEVON))
    data = profiles.make_data(store, lists=lists, list_name="theirs")
    found = make_profile(data, find_area("Oxfordshire")).comparators
    assert found is not None
    assert found.codes == (DEVON,)
    with pytest.raises(ParameterError, match="has no comparators of E10000016"):
        make_profile(data, find_area("Kent"))
    data = profiles.make_data(store, lists=lists, list_name="Their")
    with pytest.raises(ParameterError, match="Did you mean 'Theirs'"):
        make_profile(data, find_area("Oxfordshire"))


# ------------------------------------------------------------------------ changed boundaries


@pytest.mark.parametrize("text", ["E06000059", "E10000009", "combined-dorset"])
def test_a_changed_boundary_is_told(tmp_path: Path, text: str) -> None:
    area = find_area(text)
    day = {"period_start": date(2019, 6, 30), "period_end": date(2019, 6, 30)}
    people = [
        observation(indicator=name, area_code=text, area=area.name, area_kind=area.kind,
                    value=value, unit="people", cell="C2", **day)
        for name, value in (("population", 400_000.0), ("population_65_plus", 100_000.0))
    ]  # fmt: skip
    store = profiles.make_store(tmp_path / "s", people)
    found = make_profile(profiles.make_data(store), area)
    assert only(found, "share_65_plus").latest_value == 25.0
    assert any("2019" in text for text in found.cautions)


# --------------------------------------------------------------------------- of one area only


def test_figures_made_ready_for_one_area_give_it_the_same_profile(
    store: Store, oxfordshire: AreaProfile
) -> None:
    data = ProfileData(store, ProfileOptions(), only=OXFORDSHIRE)

    found = make_profile(data, find_area("Oxfordshire"))

    assert found.stand_outs == oxfordshire.stand_outs
    for one, other in zip(found.indicators, oxfordshire.indicators, strict=True):
        assert one.row.sources == other.row.sources
        assert one.row.notes == other.row.notes
        assert one.comparison == other.comparison
        if other.england_row is not None:
            assert one.england_row.sources == other.england_row.sources


def test_figures_made_ready_for_one_area_are_of_no_other(store: Store) -> None:
    data = ProfileData(store, ProfileOptions(), only=OXFORDSHIRE)

    with pytest.raises(OurFault, match=f"for {OXFORDSHIRE} only, not for {KENT}"):
        make_profile(data, find_area(KENT))
