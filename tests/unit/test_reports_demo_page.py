"""The page of the packaged area: fitted apart from predicted, every figure with its source."""

import csv
import tomllib
from collections.abc import Iterator

import pandas as pd
import pytest

from tests.helpers.models import make_model
from wholesystem.examples.demo import FOLDER
from wholesystem.examples.demo_page import demo_page, read_sources
from wholesystem.examples.published import PublishedFigure, read_published
from wholesystem.flow import simulate
from wholesystem.pictures import PictureTable
from wholesystem.reports import Page, Section, mean_flows, render_page
from wholesystem.stays import flows

FIGURES = read_published(FOLDER)
WORDS = tomllib.loads((FOLDER / "page.toml").read_text(encoding="utf-8"))


def simulated(**differences: float) -> pd.DataFrame:
    """A comparison in which every figure comes out as published, but for those named, in %."""
    rows = []
    for figure in FIGURES:
        mean = figure.published * (1 + differences.get(figure.id, 0.0) / 100)
        rows.append(
            {
                "id": figure.id,
                "label": figure.label,
                "published": figure.published,
                "unit": figure.unit,
                "role": figure.role,
                "mean": mean,
                "lower95": mean * 0.9,
                "upper95": mean * 1.1,
                "difference_percent": differences.get(figure.id, 0.0),
                "verdict": "agrees",
            }
        )
    return pd.DataFrame(rows)


def page_of(compared: pd.DataFrame) -> Page:
    small = make_model(
        services="service,places\nward,3",
        arrivals="service,per_day\nward,1",
        durations="service,days\nward,exponential(mean=2)",
        routes="from,to,share\nward,out,1",
        days=20,
    )
    result = simulate(small, stays=True)
    return demo_page(FOLDER, result, FIGURES, compared, mean_flows([flows(result.stays)]))


@pytest.fixture(scope="module")
def page() -> Page:
    return page_of(simulated())


def part(page: Page, name: str) -> Section:
    return next(section for section in page.sections if section.id == name)


def comparisons(page: Page) -> Iterator[tuple[str, PictureTable]]:
    for picture in part(page, "published").pictures:
        yield picture.heading, picture.tables[0]


def test_parts_stand_in_the_order_of_reading(page: Page) -> None:
    assert [section.id for section in page.sections] == (
        "map short published delays waits year can cannot sources notes made figures".split()
    )


def test_every_published_figure_stands_once_with_its_id(page: Page) -> None:
    shown = [row[-1] for _, table in comparisons(page) for row in table.rows]

    assert len(shown) == len(FIGURES)
    for figure in FIGURES:
        assert sum(f"({figure.figure})" in origin for origin in shown) == 1, figure.figure


def test_predicted_figures_stand_apart_from_fitted_ones(page: Page) -> None:
    labels = {
        heading: {row[0].split("\n")[0] for row in table.rows}
        for heading, table in comparisons(page)
    }

    predicted = {figure.label for figure in FIGURES if figure.role == "predicted"}
    assert labels.pop("Predicted figures") == predicted
    assert all(heading.startswith("Fitted figures") for heading in labels)
    assert not predicted & set().union(*labels.values())


def test_published_figures_keep_their_digits(page: Page) -> None:
    with (FOLDER / "published.csv").open(encoding="utf-8", newline="") as file:
        printed = {row["label"]: float(row["published"]) for row in csv.DictReader(file)}

    for _, table in comparisons(page):
        for row in table.rows:
            published = row[1].replace(",", "")
            assert float(published) == printed[row[0].split("\n")[0]]
            assert published == str(float(published)).removesuffix(".0")


@pytest.mark.parametrize(
    ("verdict", "percent", "words"),
    [
        ("agrees", 4.9, "agrees\nwithin 5%"),
        ("agrees", 35.0, "agrees\ninside interval"),
        ("near", -12.0, "near\nwithin 15%"),
        ("differs", 16.0, "differs\nover 15% off"),
    ],
)
def test_how_near_says_what_it_rests_on(verdict: str, percent: float, words: str) -> None:
    compared = simulated(P01=percent)
    compared.loc[compared["id"] == "P01", "verdict"] = verdict

    tables = [table for _, table in comparisons(page_of(compared))]

    (row,) = [row for table in tables for row in table.rows if "(D01)" in row[-1]]
    assert row[5].replace("\N{NO-BREAK SPACE}", " ") == words
    assert float(row[4].rstrip("%").replace("\N{MINUS SIGN}", "-")) == percent


def test_figures_that_stand_out_are_those_of_the_table() -> None:
    page = page_of(simulated(P01=10, P32=10))
    facts = {fact.note: fact.value for fact in part(page, "short").facts}

    assert facts["Published: 179.9. Fitted."] == "198"
    assert facts["Published: 79.8%. Predicted."] == "88%"


def test_agreement_is_counted_apart() -> None:
    compared = simulated()
    compared.loc[compared["id"].isin(["P01", "P02", "P32"]), "verdict"] = "differs"

    (said,) = part(page_of(compared), "short").paragraphs

    assert "agree with the published one: 28 of 30." in said
    assert "Predicted figures that agree: 1 of 2." in said


def test_reasons_and_bodies_are_those_published(page: Page) -> None:
    reasons, bodies = (picture.tables[0] for picture in part(page, "delays").pictures)

    assert [row[0] for row in bodies.rows] == ["NHS", "Both", "Social care"]
    assert reasons.rows[0][0] == "Awaiting care package in own home (E)"
    assert [row[3] for row in reasons.rows] == sorted(
        (row[3] for row in reasons.rows), key=float, reverse=True
    )
    assert len(reasons.rows) == 10


def test_periods_are_told_in_words(page: Page) -> None:
    origins = "\n".join(row[-1] for _, table in comparisons(page) for row in table.rows)

    assert "February 2017 to April 2017; adults aged 18 and over" in origins
    assert "Not printed; read as a quarter" in origins
    assert "2017-0" not in origins


def test_every_source_has_short_words_and_stands_in_full(page: Page) -> None:
    sources = read_sources(FOLDER)
    used = {sources[figure.figure] for figure in FIGURES}
    (picture,) = part(page, "sources").pictures

    assert {row[0] for row in picture.tables[0].rows} == used
    for source in used:
        assert "seed" not in source
        assert any(source.startswith(start) for start in WORDS["sources"]), source


def test_figures_that_stand_out_were_chosen_rightly() -> None:
    by_id = {figure.id: figure for figure in FIGURES}
    reasons = [f for f in FIGURES if "|" not in f.named_arguments().get("reasons", "|")]
    main = by_id[WORDS["facts"][1]["id"]]

    def whole(figure: PublishedFigure) -> bool:
        return figure.measure == "people_delayed" and "responsible" not in figure.arguments

    assert main == max(reasons, key=lambda figure: figure.published)
    assert whole(by_id[WORDS["delayed_over_year"]])
    assert by_id[WORDS["delayed_over_year"]].window == "year"


def test_the_licence_and_what_it_cannot_say_are_on_the_page(page: Page) -> None:
    html = render_page(page)

    assert "Open Government Licence v3.0" in html
    licence = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    assert f'<a href="{licence}"' in html
    assert "It is not a forecast." in html
    assert "people aged 65 and over" in html
