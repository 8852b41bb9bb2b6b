"""Figures: found among published statistics and measures, cited, and shown beside what is now."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.helpers.browsing import client_of, form_of, text_of
from tests.helpers.crawl import FormReader
from tests.helpers.workspace import lead_of, make_member, make_review, make_source
from wholesystem.errors import UserError
from wholesystem.web.workspace import models, published
from wholesystem.web.workspace.actions.measures import keep_measures
from wholesystem.web.workspace.forms.evidence import read_figure
from wholesystem.web.workspace.rows import load_review

pytestmark = pytest.mark.django_db

DELAYS = (
    "service,reason,hidden,stays,mean_days\n"
    "acute,E,no,12,9.5\n"
    "acute,F,yes,,\n"
    "community,E,no,7,3.25\n"
)


@pytest.fixture
def review() -> models.Review:
    review = make_review()
    make_source(review, kind="data", title="Delayed transfers of care")
    return review


@pytest.fixture
def client(review: models.Review) -> Client:
    return client_of(lead_of(review))


def page_of(review: models.Review, rest: str) -> str:
    return f"/reviews/{review.code}/{rest}"


def links_to_cite(page: str) -> list[str]:
    return [one for one in FormReader(page, "/").links if "evidence/add/?figure=" in one]


def cite(client: Client, address: str, **values: str) -> Any:
    form = form_of(client, address, "text")
    told = {**form.defaults(), "shows": "concern", "then": "show", **values}
    return client.post(form.action, told)


def find(client: Client, review: models.Review, asked: str) -> str:
    return text_of(client.get(page_of(review, f"figures/find/?{asked}")))


# --------------------------------------------------------------------------- published statistics


def test_a_published_figure_is_found_and_cited(
    review: models.Review, client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        page = find(client, review, "q=delayed+days+june+2017")
    address = links_to_cite(page)[0]
    told = read_figure(parse_qs(urlsplit(address).query)["figure"][0])
    assert told is not None

    answer = cite(client, address, codes="sd res")

    evidence = models.Evidence.objects.get()
    assert evidence.form == "figure"
    assert evidence.text == told["text"]
    assert "Oxfordshire, June 2017" in evidence.text
    assert evidence.figure.name == told["row"]["name"]
    assert evidence.figure.period_start.isoformat() == "2017-06-01"
    assert load_review(review).figures[0].area_code == "E10000025"
    shown = text_of(client.get(answer.url))
    assert "The same" in shown
    assert "still stands as" in shown
    assert told["shown"] in shown


def test_every_period_of_an_indicator_can_be_chosen(review: models.Review, client: Client) -> None:
    page = find(client, review, "indicator=dtoc_people")

    assert "June 2017" in page
    assert "?indicator=dtoc_people&amp;area=&amp;page=2" in page
    assert len(links_to_cite(page)) == 50


def test_figures_of_trusts_and_of_england_are_offered(
    review: models.Review, client: Client
) -> None:
    page = find(client, review, "q=within+four+hours+2016/17")
    england = find(client, review, "indicator=ae_within_4_hours&area=E92000001")
    elsewhere = find(client, review, "indicator=dtoc_people&area=E10000012")

    assert "A&amp;E within four hours, Oxford University Hospitals NHS Foundation Trust" in page
    assert "86.1%" in page
    assert "&amp;area=RTH" in page
    assert "A&amp;E within four hours, England" in england
    assert "Oxfordshire" in elsewhere


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("q=zzzzzz", "Nothing fits."),
        ("indicator=nothing", "Nothing fits."),
        ("", "Beginnings of words"),
        ("q=%00", "Beginnings of words"),
    ],
)
def test_where_nothing_fits_the_page_says_so(
    asked: str, told: str, review: models.Review, client: Client
) -> None:
    assert told in find(client, review, asked)


@pytest.mark.parametrize(
    ("value", "name", "word"),
    [
        (999.0, "dtoc_people", "Changed"),
        (1.0, "no_such_indicator", "Unavailable"),
    ],
)
def test_a_figure_that_differs_from_what_is_there_is_told(
    value: float, name: str, word: str, review: models.Review, client: Client
) -> None:
    address = links_to_cite(find(client, review, "indicator=dtoc_people"))[0]
    answer = cite(client, address)
    models.Figure.objects.update(value=value, name=name)

    page = text_of(client.get(answer.url))

    assert word in page
    assert "As cited" in page


def test_a_period_that_was_taken_away_is_gone(review: models.Review, client: Client) -> None:
    answer = cite(client, links_to_cite(find(client, review, "indicator=dtoc_people"))[0])
    models.Figure.objects.update(period_start="2017-06-10", period_end="2017-06-20")

    assert "Gone" in text_of(client.get(answer.url))


def test_a_damaged_store_hides_nothing_else(
    review: models.Review, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = cite(client, links_to_cite(find(client, review, "indicator=dtoc_people"))[0])

    def fail() -> None:
        raise UserError("A part of the store is damaged.")

    monkeypatch.setattr(published, "_open", fail)

    assert "Unavailable" in text_of(client.get(answer.url))
    page = find(client, review, "q=delayed")
    assert "A part of the store is damaged." in page


def test_the_store_of_the_workspace_goes_before_the_extract(
    review: models.Review, client: Client, tmp_path: Path, settings: Any
) -> None:
    from wholesystem.examples.extract import open_extract

    with open_extract(tmp_path / "indicators"):
        pass
    settings.INDICATORS_FOLDER = tmp_path / "indicators"

    page = find(client, review, "q=delayed+days+june+2017")

    assert "that were loaded into this workspace" in page
    assert links_to_cite(page)


def test_a_forged_figure_is_refused(review: models.Review, client: Client) -> None:
    address = page_of(review, "evidence/add/")
    sent = {"source": "S001", "form": "figure", "text": "99%", "shows": "concern",
            "figure": "eyJ2YWx1ZSI6OTl9:forged"}  # fmt: skip

    answer = client.post(address, sent)

    assert answer.status_code == 400
    assert "Choose the figure again." in text_of(answer)


def test_a_figure_becomes_words_if_the_person_chooses_so(
    review: models.Review, client: Client
) -> None:
    address = links_to_cite(find(client, review, "indicator=dtoc_people"))[0]

    cite(client, address, form="paraphrase", text="Fewer wait than before.")

    assert models.Evidence.objects.get().form == "paraphrase"
    assert not models.Figure.objects.exists()


def test_a_refused_form_keeps_the_figure(review: models.Review, client: Client) -> None:
    address = links_to_cite(find(client, review, "indicator=dtoc_people"))[0]

    answer = cite(client, address, shows="")
    form = [one for one in FormReader(text_of(answer), address).forms if "text" in one.fields][0]
    again = client.post(form.action, {**form.defaults(), "shows": "concern"})

    assert answer.status_code == 400
    assert again.status_code == 302
    assert models.Figure.objects.exists()


# --------------------------------------------------------------------------- measures of stays


@pytest.fixture
def measures(review: models.Review) -> models.Measures:
    return keep_measures(
        review=review,
        by=lead_of(review),
        name="winter",
        files={"delays.csv": DELAYS.encode(), "occupancy.csv": b"people\n31.5\n"},
    )


def test_a_measure_of_stays_is_cited_by_its_cell(
    review: models.Review, client: Client, measures: models.Measures
) -> None:
    page = find(client, review, "measures=winter&table=delays.csv")
    link = [one for one in FormReader(page, "/").links if "row=0&column=mean_days" in one][0]

    chosen = client.get(page_of(review, f"figures/find/?{urlsplit(link).query}"))
    answer = cite(client, chosen.url)

    figure = models.Figure.objects.get()
    assert (figure.kind, figure.measures, figure.name) == ("measure", "winter", "delays")
    assert (figure.column, figure.value, figure.unit) == ("mean_days", 9.5, "days")
    assert "service=acute; reason=E" in figure.key
    shown = text_of(client.get(answer.url))
    assert "The same" in shown
    assert "9.50 days" in shown


def test_a_table_of_one_row_needs_no_key(
    review: models.Review, client: Client, measures: models.Measures
) -> None:
    asked = "measures=winter&table=occupancy.csv&row=0&column=people"

    cite(client, client.get(page_of(review, f"figures/find/?{asked}")).url)

    assert models.Figure.objects.get().key == ""


@pytest.mark.parametrize(
    "cell",
    [
        "row=1&column=mean_days",
        "row=9&column=mean_days",
        "row=0&column=service",
        "row=-1&column=x",
        "row=0&column=nan",
    ],
)
def test_a_cell_without_a_number_is_not_cited(
    cell: str, review: models.Review, client: Client, measures: models.Measures
) -> None:
    page = find(client, review, f"measures=winter&table=delays.csv&{cell}")

    assert "That cell cannot be cited" in page


@pytest.mark.parametrize(
    "asked",
    [
        "measures=none&table=delays.csv",
        "measures=winter&table=x",
        "measures=%00",
        "measures=winter",
    ],
)
def test_a_table_that_is_not_there_is_not_found(
    asked: str, review: models.Review, client: Client, measures: models.Measures
) -> None:
    assert client.get(page_of(review, f"figures/find/?{asked}")).status_code == 404


def test_measures_of_another_review_are_not_found(
    measures: models.Measures, review: models.Review
) -> None:
    other = make_review()
    client = client_of(lead_of(other))

    address = page_of(other, "figures/find/?measures=winter&table=delays.csv")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "system_contributor"])
def test_who_adds_no_evidence_finds_no_figures(role: str, review: models.Review) -> None:
    client = client_of(make_member(review, role))

    assert client.get(page_of(review, "figures/find/?q=delayed")).status_code == 403
