"""The indicator catalogue: the packaged rows, a user's rows, and every fault of a row."""

from __future__ import annotations

import csv
import importlib.util
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest

from tests.conftest import ROOT
from wholesystem.errors import TableError
from wholesystem.indicators import loaders
from wholesystem.indicators.catalogue import Indicator, read_catalogue, review_questions
from wholesystem.indicators.discharge_reasons import discharge_reasons
from wholesystem.indicators.small_tables import packaged_table

PACKAGE = ROOT / "src" / "wholesystem" / "indicators"
FIGURES = ROOT / "src" / "wholesystem" / "examples" / "oxfordshire_2017" / "figures.csv"

GOOD = {
    "indicator": "local_falls",
    "name": "Falls at home",
    "meaning": "How many people fell at home in the year, for every 100,000 older people.",
    "group": "Local",
    "kind": "rate",
    "numerator": "People aged 65 and over who fell",
    "denominator": "Residents aged 65 and over",
    "numerator_indicator": "",
    "numerator_minus": "",
    "denominator_indicator": "",
    "multiplier": "100000",
    "per_day": "no",
    "monthly": "as_is",
    "base": "people aged 65 and over",
    "unit": "per 100,000 aged 65 and over",
    "decimals": "1",
    "better": "low",
    "interval": "byar",
    "interval_reason": "",
    "of": "residents",
    "profile": "yes",
    "supplied_by": "user",
    "source": "Falls service, yearly return",
    "caveats": "People who fell and told nobody are not counted.",
    "kloe": "usual_place_safe",
    "figures": "",
    "selection_metric": "",
}
COMPUTED = {
    "supplied_by": "computed",
    "numerator_indicator": "dtoc_days",
    "denominator_indicator": "population",
}


def write(folder: Path, *rows: dict[str, str], columns: list[str] | None = None) -> Path:
    path = folder / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or list(GOOD), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def faults(folder: Path, *changes: dict[str, str]) -> list[str]:
    """What is said of rows that are good but for the changes; each is row 2, 3 and so on."""
    rows = [GOOD | {"indicator": f"local_{i}"} | change for i, change in enumerate(changes)]
    with pytest.raises(TableError) as caught:
        read_catalogue(write(folder, *rows))
    return [str(fault) for fault in caught.value.faults]


# ---- the packaged rows


def test_the_columns_are_those_of_the_file() -> None:
    assert packaged_table("catalogue").columns == Indicator.columns()


def test_rows_are_written_as_they_were_read() -> None:
    read = [row.cells for row in packaged_table("catalogue").rows]

    assert [one.cells() for one in read_catalogue().values()] == read


def test_every_indicator_that_a_loader_gives_has_a_row() -> None:
    reasons = "a b c di dii e f g h i o".split()
    suffixes = ["", "_acute", "_non_acute", "_nhs", "_social_care", "_both"]
    suffixes += [f"_reason_{one}" for one in reasons]
    wanted = [f"dtoc_{what}{end}" for what in ("days", "rate", "people") for end in suffixes]
    wanted += [
        f"dtoc_days_{care}_reason_{one}_{body}"
        for care in ("acute", "non_acute")
        for one in reasons
        if (care, one) != ("acute", "o")  # the workbooks give reason O for non-acute care only
        for body in ("nhs", "social_care", "both")
    ]
    wanted += ["population", *(f"population_{age}_plus" for age in (18, 65, 75, 85))]
    wanted += [f"share_{age}_plus" for age in (65, 75, 85)]
    wanted += [f"discharge_delay_reason_{i:02d}" for i in range(1, 38)]
    wanted += (
        "ae_attendances ae_over_4_hours ae_emergency_admissions ae_admission_over_4_hours"
        " ae_within_4_hours ga_beds_available ga_beds_occupied adult_ga_beds_available"
        " adult_ga_beds_occupied ga_occupancy nctr_people discharges discharges_by_1700"
        " discharges_after_1700 discharged_by_1700 winter_ga_beds_open winter_ga_beds_occupied"
        " winter_beds_over_7_days winter_beds_over_21_days handover_30_to_60 handover_over_60"
        " winter_ae_closures winter_ae_diverts winter_ga_occupancy winter_share_over_7_days"
        " winter_share_over_21_days carers_quality_of_life quality_of_life"
    ).split()

    assert [name for name in wanted if name not in read_catalogue()] == []


def test_the_successors_of_delayed_transfers_have_rows() -> None:
    wanted = (
        "drd_on_date drd_mean_delay drd_average_delay nctr_people nctr_share_of_beds"
        " discharges_p0_share discharges_p1_share discharges_p2_share discharges_p3_share"
        " long_stay_7_plus long_stay_14_plus long_stay_21_plus"
        " bcf_emergency_admissions_65_plus bcf_average_discharge_delay"
        " bcf_care_home_admissions_65_plus bcf_avoidable_admissions bcf_falls_65_plus"
        " bcf_discharged_on_ready_date bcf_mean_delay_of_delayed bcf_usual_residence"
        " bcf_average_delay_p1 bcf_reablement_outcome"
    ).split()

    assert [name for name in wanted if name not in read_catalogue()] == []


def test_the_six_selection_metrics() -> None:
    # DH interface dashboard of 2017: emergency admissions, 90th percentile stay, delayed days,
    # at home after 91 days, offered reablement, weekend discharges.
    metrics = {
        one.selection_metric: one.indicator
        for one in read_catalogue().values()
        if one.selection_metric
    }

    assert [metrics[number] for number in range(1, 7)] == [
        "emergency_admissions_65_plus",
        "los_90th_percentile_65_plus",
        "dtoc_rate",
        "reablement_still_at_home_91",
        "reablement_offered",
        "weekend_discharges_65_plus",
    ]


def test_every_figure_of_the_report_has_an_indicator_or_a_reason_why_not() -> None:
    with FIGURES.open(encoding="utf-8") as file:
        figures = [row["id"] for row in csv.DictReader(file)]
    of_indicators = [figure for one in read_catalogue().values() for figure in one.figures]
    reasons = {row.cells["figure"] for row in packaged_table("figures_without_indicator").rows}

    assert len(set(of_indicators)) == len(of_indicators)
    assert set(of_indicators) & reasons == set()
    assert set(of_indicators) <= set(figures)
    assert set(figures) <= set(of_indicators) | reasons


def test_the_figures_of_the_seeds_too(shared_data: Path) -> None:
    with (shared_data / "data" / "oxfordshire_figures.csv").open(encoding="utf-8") as file:
        figures = {row["id"] for row in csv.DictReader(file)}
    known = {figure for one in read_catalogue().values() for figure in one.figures}
    known |= {row.cells["figure"] for row in packaged_table("figures_without_indicator").rows}

    assert figures - known == set()


def test_what_a_reason_points_to_is_an_indicator() -> None:
    rows = packaged_table("figures_without_indicator").rows

    assert all(row.cells["reason"] for row in rows)
    assert {row.cells["see"] for row in rows} - {""} <= set(read_catalogue())


@pytest.mark.parametrize(
    ("figure", "unit"),
    # Units as the report prints them, or means them: the reablement share is printed per 100,000.
    [
        ("F083", "per 100,000 aged 65 and over"),
        ("F085", "%"),
        ("F086", "%"),
        ("F099", "%"),
        ("F117", "days"),
        ("F139", "per 100,000 aged 18 and over"),
        ("F148", "days"),
        ("F158", "per 50,000 population"),
        ("D01", "people a day"),
    ],
)
def test_the_unit_is_that_of_the_figure(figure: str, unit: str) -> None:
    (one,) = [row for row in read_catalogue().values() if figure in row.figures]

    assert one.unit == unit


def test_the_units_of_all_figures_are_those_of_their_indicators() -> None:
    with FIGURES.open(encoding="utf-8") as file:
        printed = {row["id"]: row["unit"] for row in csv.DictReader(file)}
    # The figures' own words for the same units.
    same = {
        "bed days": "days",
        "days": "days",
        "GBP a patient": "pounds a patient",
        "hours a month": "hours",
        "users": "people",
        "score (0 to 1)": "score (up to 1)",
        "locations": "per 100,000 aged 65 and over",  # F075: printed as a count and as a rate
    }
    for one in read_catalogue().values():
        for figure in one.figures:
            unit = printed[figure]
            assert one.unit in (unit, same.get(unit), f"{unit} aged 65 and over"), figure


def test_no_interval_on_bed_days_means_or_snapshots() -> None:
    catalogue = read_catalogue()

    for one in catalogue.values():
        if one.unit == "days" or one.kind == "mean" or one.indicator.startswith("dtoc"):
            assert one.interval == "none", one.indicator
    assert catalogue["nctr_people"].interval == "none"
    assert catalogue["ae_within_4_hours"].interval == "wilson"
    assert catalogue["emergency_admissions_65_plus"].interval == "byar"


def test_what_is_recalled_is_never_called_official() -> None:
    recalled = [one for one in read_catalogue().values() if one.indicator.startswith("bcf_")]

    assert len(recalled) == 13
    for one in recalled:
        assert "not an official definition" in one.source
        assert "checked by the user" in one.caveats
        assert one.supplied_by == "user"


def test_user_supplied_definitions_say_how_far_they_were_checked() -> None:
    said = ("to be checked", "as printed", "as told", "not an official", "names no source")
    for one in read_catalogue().values():
        if one.supplied_by == "user" and one.indicator != "deprivation_score":
            assert any(words in one.source for words in said), one.indicator


def test_delayed_transfers_are_never_to_be_joined_to_later_figures() -> None:
    for one in read_catalogue().values():
        if one.indicator.startswith("dtoc_"):
            assert "not comparable with later" in one.caveats


def test_trust_figures_say_so() -> None:
    for one in read_catalogue().values():
        if one.indicator.startswith(("ae_attendances", "ae_within")) and one.of == "trust":
            assert "not the area's" in one.caveats


def test_meanings_are_one_or_two_sentences_without_jargon() -> None:
    for one in read_catalogue().values():
        assert one.meaning.endswith("."), one.indicator
        assert 1 <= len(re.findall(r"[.](?= [A-Z]|$)", one.meaning)) <= 2, one.indicator
        assert not re.search(r"\b(DTOC|NCTR|DRD|LOS|CHC|BCF|UTLA|OPEL)\b", one.meaning)


def test_names_are_unique() -> None:
    names = [one.name for one in read_catalogue().values()]

    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_question_of_a_review_is_informed() -> None:
    informed = {name for one in read_catalogue().values() for name in one.kloe}

    # No national figure tells how people are treated in a crisis: that is case tracking's to show.
    assert set(review_questions()) - informed == {"crisis_caring"}


def test_three_areas_by_four_questions_and_well_led() -> None:
    cells = [(one.area, one.question) for one in review_questions().values()]

    assert len(cells) == len(set(cells)) == 14
    assert [area for area, _ in cells].count("step_down") == 4


def test_the_37_reasons_of_discharge_delay() -> None:
    reasons = discharge_reasons()

    assert len(reasons) == 37
    assert list(reasons) == [f"discharge_delay_reason_{i:02d}" for i in range(1, 38)]
    assert reasons["discharge_delay_reason_20"].pathways == (3,)
    assert reasons["discharge_delay_reason_36"].pathways == (1, 2, 3)
    assert {one.family for one in reasons.values()} == {
        "hospital",
        "wellbeing",
        "transfer_hub",
        "interface",
        "capacity",
    }


def test_the_labels_are_those_of_the_file(shared_data: Path) -> None:
    import gzip

    path = shared_data / "data" / "healthyr" / "england_delayed_discharge_reasons.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        labels = list(dict.fromkeys(row["delay_reason"] for row in csv.DictReader(file)))

    assert [one.label for one in discharge_reasons().values()] == labels


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        read_catalogue()["dtoc_rate"] = None  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        read_catalogue()["dtoc_rate"].better = "high"  # type: ignore[misc]


# ---- a user's rows


def test_a_user_adds_an_indicator(tmp_path: Path) -> None:
    catalogue = read_catalogue(write(tmp_path, GOOD))

    assert catalogue["local_falls"].multiplier == 100_000
    assert catalogue["local_falls"].kloe == ("usual_place_safe",)
    assert len(catalogue) == len(read_catalogue()) + 1


def test_a_user_adds_an_indicator_computed_from_packaged_ones(tmp_path: Path) -> None:
    row = GOOD | COMPUTED | {"per_day": "yes"}

    one = read_catalogue(write(tmp_path, row))["local_falls"]

    assert one.is_computed
    assert one.parts == ("dtoc_days", "population")
    assert one.formats == ()


def test_an_indicator_of_several_formats(tmp_path: Path) -> None:
    row = GOOD | {"supplied_by": "one; two"}

    assert read_catalogue(write(tmp_path, row))["local_falls"].formats == ("one", "two")


def test_a_workbook_with_other_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "My notes on this"
    book.active.append(["", "what I did"])
    sheet = book.create_sheet("catalogue")
    sheet.append(list(GOOD))
    sheet.append([float(text) if text.isdigit() else text for text in GOOD.values()])
    path = tmp_path / "mine.xlsx"
    book.save(path)

    assert read_catalogue(path)["local_falls"].decimals == 1


def test_a_workbook_without_the_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["indicator"])
    path = tmp_path / "mine.xlsx"
    book.save(path)

    with pytest.raises(TableError, match="There is no sheet 'catalogue' in this workbook"):
        read_catalogue(path)


def test_a_fault_in_a_workbook_names_the_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "catalogue"
    book.active.append(list(GOOD))
    book.active.append(list((GOOD | {"better": "lower"}).values()))
    path = tmp_path / "mine.xlsx"
    book.save(path)

    with pytest.raises(TableError, match=r"mine\.xlsx sheet catalogue row 2, column better"):
        read_catalogue(path)


def test_files_that_are_no_table(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="There is no such file"):
        read_catalogue(tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(TableError, match="It is empty"):
        read_catalogue(tmp_path / "empty.csv")
    (tmp_path / "bad.xlsx").write_bytes(b"no workbook")
    with pytest.raises(TableError, match=r"bad\.xlsx"):
        read_catalogue(tmp_path / "bad.xlsx")


def test_a_packaged_indicator_is_not_redefined(tmp_path: Path) -> None:
    assert faults(tmp_path, {"indicator": "dtoc_days"}) == [
        "mine.csv row 2, column indicator is 'dtoc_days'. This is a packaged indicator; a table may"
        " add indicators, not change them. Give yours another id, such as local_dtoc_days."
    ]


def test_an_indicator_defined_twice(tmp_path: Path) -> None:
    assert faults(tmp_path, {"indicator": "mine"}, {"indicator": "mine"}) == [
        "mine.csv row 3, column indicator is 'mine'. This indicator is defined twice; each has one"
        " row. Remove one of the two rows."
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"indicator": "Local Falls"}, "column indicator is 'Local Falls'. An id has lower-case"),
        ({"indicator": ""}, "column indicator is blank. A value is needed here."),
        ({"meaning": ""}, "column meaning is blank."),
        ({"caveats": ""}, "column caveats is blank."),
        ({"source": ""}, "column source is blank."),
        ({"kind": "ratio"}, "column kind is 'ratio'. It must be one of count, share, rate, mean."),
        ({"better": "lower"}, "It must be one of low, high, none. Did you mean low?"),
        ({"of": "area"}, "It must be one of residents, trust, both."),
        ({"monthly": "average"}, "It must be one of as_is, sum, mean."),
        ({"decimals": "9"}, "It must be at least 0 and at most 4."),
        ({"multiplier": "0"}, "It must be more than 0"),
        ({"multiplier": "1e5x"}, "A finite number is needed here."),
        ({"multiplier": ""}, "A rate needs a multiplier. Write one such as 100000."),
        ({"denominator": ""}, "column denominator is blank. A rate needs one."),
        ({"base": ""}, "column base is blank. A rate needs one."),
        (
            {"kind": "share", "interval": "wilson", "multiplier": "100"},
            "column unit is 'per 100,000 aged 65 and over'.",
        ),
        ({"kind": "share", "interval": "wilson", "unit": "%"}, "A share is in per cent. Write 100"),
        ({"kind": "count", "multiplier": "", "base": ""}, "A count has no denominator."),
        ({"kind": "count", "denominator": "", "base": ""}, "A count has no multiplier."),
        ({"kind": "count", "denominator": "", "multiplier": ""}, "column base is 'people aged"),
        ({"interval": "none"}, "Where there is no interval the reason must be given."),
        ({"interval_reason": "Because."}, "There is an interval, so no reason against one."),
        ({"interval": "wilson"}, "A Wilson interval is for a share."),
        ({"kind": "mean"}, "A Byar interval is for a count or a rate."),
        ({"interval": "poisson"}, "It must be one of wilson, byar, none."),
        ({"numerator_indicator": "dtoc_days"}, "Only a computed indicator is made of others."),
        ({"per_day": "yes"}, "Only a computed indicator is divided by days."),
        (
            COMPUTED | {"numerator_indicator": ""},
            "column numerator_indicator is blank. A computed indicator needs one.",
        ),
        (
            COMPUTED | {"denominator_indicator": ""},
            "column denominator_indicator is blank. A computed rate needs one.",
        ),
        (
            COMPUTED | {"numerator_indicator": "dtoc_dayz"},
            "column numerator_indicator is 'dtoc_dayz'. There is no such indicator. Did you mean"
            " dtoc_days?",
        ),
        (
            COMPUTED | {"denominator_indicator": "qqqqqqq"},
            "There is no such indicator. Add a row for it.",
        ),
        (
            COMPUTED | {"numerator_indicator": "ae_attendances"},
            "ae_attendances is of a trust, this one of the residents.",
        ),
        (
            COMPUTED | {"numerator_indicator": "local_0"},
            "It is made of itself: local_0 of local_0.",
        ),
        ({"kloe": ""}, "column kloe is blank."),
        ({"kloe": "usual_place_saef"}, "Did you mean usual_place_safe?"),
        ({"kloe": "well_led;zz"}, "'zz' is no question of a review. Write one of usual_place_safe"),
        ({"kloe": "well_led;well_led"}, "Each must be written once"),
        ({"kloe": "well_led;"}, "Each must be written once, with one semicolon between two."),
        ({"figures": "F1"}, "'F1' is no id of a figure."),
        ({"selection_metric": "7"}, "It must be at least 1 and at most 6."),
        ({"selection_metric": "3"}, "dtoc_rate is this measure already."),
        ({"supplied_by": ""}, "column supplied_by is blank."),
        ({"supplied_by": "user;dtoc"}, "An indicator is computed, supplied by users, or read"),
        ({"name": "=cmd()\x07"}, "It must not contain control characters."),
    ],
)
def test_a_fault_of_a_row(tmp_path: Path, change: dict[str, str], words: str) -> None:
    (one, *others) = faults(tmp_path, change)

    assert not others
    assert words in one
    assert one.startswith("mine.csv row 2")


def test_a_circle_of_two(tmp_path: Path) -> None:
    circle = faults(
        tmp_path,
        COMPUTED | {"indicator": "one", "numerator_indicator": "two"},
        COMPUTED | {"indicator": "two", "numerator_indicator": "one"},
    )

    assert len(circle) == 2
    assert "It is made of itself: one of two of one." in circle[0]


def test_a_part_that_has_a_fault_itself_is_not_told_as_missing(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        COMPUTED | {"indicator": "one", "numerator_indicator": "two"},
        {"indicator": "two", "decimals": "many"},
    )

    assert len(found) == 1
    assert "column decimals" in found[0]


def test_all_faults_at_once_from_the_top_down(tmp_path: Path) -> None:
    found = faults(tmp_path, {"kloe": "x", "better": "up"}, {"multiplier": ""}, {"of": "us"})

    assert [re.search(r"row (\d)", one)[1] for one in found] == ["2", "3", "4"]


def test_unknown_and_missing_columns(tmp_path: Path) -> None:
    columns = [name for name in GOOD if name != "caveats"] + ["caveat"]
    with pytest.raises(TableError) as caught:
        read_catalogue(write(tmp_path, GOOD, columns=columns))

    words = [str(fault) for fault in caught.value.faults]
    assert (
        "mine.csv row 1: There is no column 'caveat' in this table. Did you mean caveats?" in words
    )
    assert "mine.csv row 1: The column caveats is missing. Add a column caveats." in words


# ---- the reference page


def page_tool() -> ModuleType:
    path = ROOT / "tools" / "indicators_page.py"
    spec = importlib.util.spec_from_file_location("indicators_page", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_page_is_what_the_catalogue_says() -> None:
    tool = page_tool()

    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), "run tools/indicators_page.py"


def test_every_indicator_and_every_column_is_documented() -> None:
    text = page_tool().PAGE.read_text(encoding="utf-8")

    assert [name for name in read_catalogue() if f"`{name}`<br>" not in text] == []
    assert [name for name in Indicator.columns() if f"| `{name}` |" not in text] == []


# ---- against the loaders


def test_formats_are_those_of_the_loaders() -> None:
    names = [
        module.name for module in pkgutil.iter_modules(loaders.__path__, f"{loaders.__name__}.")
    ]
    known = {one.id for name in names for one in getattr(import_module(name), "FORMATS", ())}
    named = {name for one in read_catalogue().values() for name in one.formats}

    assert named <= known
