"""What the catalogue says of its formats is what files as published give."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from pathlib import Path

from tests.helpers.published import csv_text
from wholesystem.indicators.catalogue import read_catalogue
from wholesystem.indicators.loaders import load_file
from wholesystem.indicators.loaders.acute_discharge import SAME_MEANING
from wholesystem.indicators.observations import check_observations

FILES = (
    "dtoc/dtoc_england_timeseries_2010-08_2020-02.xls",
    "healthyr/england_critical_general_acute_beds.csv",
    "healthyr/england_delayed_discharge_reasons.csv.gz",
    "healthyr/england_icb_accidents_emergency.csv",
    "healthyr/england_icb_criteria_to_reside.csv.gz",
    "healthyr/england_icb_discharged_patients.csv.gz",
    "healthyr/england_trust_accidents_emergency.csv",
    "healthyr/england_trust_criteria_to_reside.csv.gz",
    "healthyr/england_trust_discharged_patients.csv.gz",
    "nhsrdatasets/ae_attendances.csv",
    "oflog_ascof/oflog_adult_social_care_2015-16_2022-23.csv",
    "population/utla_england_single_year_of_age_2017_2019_2020.csv",
    "winter_sitreps/winter_sitrep_2015-16.csv.gz",
    "winter_sitreps/winter_sitrep_2022-23.csv.gz",
)

# No file of NHS England's own layout is at hand; these are its columns, and the labels of the
# metrics that mean what the catalogue has.
ACUTE_HEADER = ("Period", "Level", "Region", "ICB", "Org Code", "Org Name")
ACUTE_HEADER += ("Metric", "Metric Type", "Metric Group", "Value")
ACUTE_ROWS = [
    ("01/09/2025", "Provider", "", "", "RTH", "Oxford", metric, "Count", "Group", 170)
    for metric in SAME_MEANING
]


def test_every_indicator_comes_from_the_formats_that_its_row_names(
    shared_data: Path, tmp_path: Path
) -> None:
    data = shared_data / "data"
    with zipfile.ZipFile(data / "dtoc" / "raw_xls_psychty_DTOC_data.zip") as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("July_17.xls")]
        workbook = Path(archive.extract(name, tmp_path))

    acute = tmp_path / "acute-discharge-September-2025.csv"
    acute.write_text(csv_text(ACUTE_HEADER, ACUTE_ROWS), encoding="utf-8")

    given = defaultdict(set)
    for path in (workbook, acute, *(data / name for name in FILES)):
        loaded = load_file(path)
        check_observations(loaded.observations)  # units, and whose figure it is, as the catalogue
        for indicator in loaded.observations["indicator"].unique().to_pylist():
            given[indicator].add(loaded.format)

    said = {one.indicator: set(one.formats) for one in read_catalogue().values() if one.formats}
    assert dict(given) == said
