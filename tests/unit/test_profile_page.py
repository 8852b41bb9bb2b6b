"""The page of a profile: every indicator with its chart, table, definition and source cells."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.helpers import profiles
from tests.helpers.pages import PageReader, check_page
from tests.helpers.profiles import HOSTILE
from tests.helpers.svg import SVG, parse
from wholesystem.indicators import find_area, read_catalogue
from wholesystem.indicators.profile import AreaProfile, make_profile
from wholesystem.indicators.profile.standouts import rules
from wholesystem.pictures import PictureTable
from wholesystem.reports.page import Picture
from wholesystem.reports.profile_page import LoadedFile, profile_page
from wholesystem.reports.profile_view import comparison_lines, definition_rows, figure, summary_row

FILES = (LoadedFile("June_17.xls", "dtoc", 153, 150, "3 rows: no area code (first: LA, row 168)"),)
SPACE = 'xmlns="http://www.w3.org/2000/svg"'


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> AreaProfile:
    store = profiles.make_store(tmp_path_factory.mktemp("page") / "store")
    return make_profile(profiles.make_data(store), find_area("Oxfordshire"))


@pytest.fixture(scope="module")
def page(profile: AreaProfile) -> str:
    return profile_page(profile, FILES)


@pytest.fixture(scope="module")
def read(page: str) -> PageReader:
    return check_page(page)


def article(page: str, name: str) -> str:
    """The part of one indicator."""
    found = re.search(rf'<article id="indicator-{name}".*?</article>', page, re.DOTALL)
    assert found is not None
    return found[0]


# ------------------------------------------------------------------------ the whole


def test_the_page_stands_alone_and_every_anchor_is_there(page: str, read: PageReader) -> None:
    assert '<html lang="en-GB">' in page
    assert page.count("<h1>") == 1
    assert "<h1>Oxfordshire: local data profile</h1>" in page
    assert "Open Government Licence v3.0" in page
    assert read.links[0] == "#main"


def test_headings_step_down_one_at_a_time(page: str) -> None:
    levels = [int(one) for one in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_the_page_is_small(page: str) -> None:
    # Ten indicators; 60 kB each is ten times the figures behind one.
    assert len(page.encode()) < 700_000


def test_the_same_profile_makes_the_same_page(profile: AreaProfile, page: str) -> None:
    assert profile_page(profile, FILES) == page


# ------------------------------------------------------------------------ the summary


def test_the_summary_has_a_row_for_each_indicator(profile: AreaProfile, read: PageReader) -> None:
    (caption,) = [c for c in read.rows if c.startswith("Oxfordshire: each indicator's latest")]
    head, *rows = read.rows[caption]
    assert head[1:6] == ["Period", "Latest", "Compa\xadrators", "England", "Place"]
    rows = [row for row in rows if len(row) > 1]  # others are headings of groups
    assert len(rows) == len(profile.indicators)
    for one, row in zip(profile.indicators, rows, strict=True):
        text = summary_row(one)
        assert row[0].startswith(one.indicator.name)
        assert row[1:7] == [text.period, text.latest, text.comparators, text.england, text.rank,
                            text.trend]  # fmt: skip
        assert row[7].endswith(text.variation_words)  # words beside the icon
        assert row[8].endswith(text.assurance_words)


def test_words_of_the_summary(profile: AreaProfile) -> None:
    rate = summary_row(next(one for one in profile.indicators if one.id == "dtoc_rate"))
    assert (rate.period, rate.whose) == ("September 2017", "residents")
    assert rate.rank == "24 of 24 (1 = lowest, best)"
    assert rate.trend == "Seven one side: high or rising"
    assert rate.variation_words == "Concern (high)"
    assert rate.assurance_words == "No target"
    trust = summary_row(next(one for one in profile.indicators if one.subject.kind == "trust"))
    assert (trust.latest, trust.england, trust.comparators) == ("74.4%", "87.7%", "–")
    assert trust.rank == "12 of 12 (1 = highest, best)"
    assert trust.assurance_words == "Consistently fails"
    assert trust.variation_words == "Common cause"
    old = summary_row(profile.indicators[0])
    assert old.id == "share_65_plus"
    assert "(1 = highest)" in old.rank
    assert old.trend == "Too few points to say"
    assert old.variation_words == "Too few points"


def test_a_figure_that_is_not_known_is_a_dash(profile: AreaProfile) -> None:
    share, rate = profile.indicators[0], profile.indicators[3]
    assert figure(rate, None) == figure(rate, float("nan")) == "–"
    assert figure(rate, 1234.56) == "1,234.6"
    assert figure(rate, 1234.56, unit=True) == "1,234.6 per 100,000 aged 18 and over"
    assert figure(share, 22.96) == figure(share, 22.96, unit=True) == "23.0%"


def test_the_interval_of_a_share(profile: AreaProfile) -> None:
    trust = profile.indicators[-1]
    # Wilson, 7,440 of 10,000: centre (x + z2/2) / (n + z2), half z sqrt(x(n-x)/n + z2/4)/(n + z2).
    z = 1.959964
    centre = (7440 + z * z / 2) / (10_000 + z * z)
    half = z * (7440 * 2560 / 10_000 + z * z / 4) ** 0.5 / (10_000 + z * z)
    said = f"(95% interval {100 * (centre - half):.1f} to {100 * (centre + half):.1f}, Wilson)"
    assert said in comparison_lines(trust)[0]


# ------------------------------------------------------------------------ each indicator


def test_every_indicator_has_its_part(profile: AreaProfile, page: str) -> None:
    assert page.count("<article") == len(profile.indicators)
    for one in profile.indicators:
        part = article(page, one.id)
        assert f'href="#indicator-{one.id}"' in page  # from the summary
        assert 'href="#summary"' in part
        assert "What this can and cannot show" in part
        plain = re.sub(r"<[^>]+>", "", part).replace("&#39;", "'").replace("&amp;", "&")
        assert one.indicator.caveats in plain
        assert one.indicator.meaning in plain
        assert one.indicator.source in plain
        for term, _ in definition_rows(one):
            assert f"<dt>{term}</dt>" in part
        if one.subject.note:
            assert one.subject.note in plain


def test_every_picture_is_ours_and_has_its_table(profile: AreaProfile, page: str) -> None:
    for one in profile.indicators:
        part = article(page, one.id)
        drawn = re.findall(r'<svg[^>]*role="img".*?</svg>', part, re.DOTALL)
        assert len(drawn) >= 2  # over time, and across areas
        for svg in drawn:
            root = parse(svg if "xmlns=" in svg else svg.replace("<svg", f"<svg {SPACE}", 1))
            assert root.findtext(f"{SVG}title")
            assert root.findtext(f"{SVG}desc")
            assert "NaN" not in svg
            assert ">nan" not in svg
        tables = PageReader(part).rows
        over_time = next(iter(tables.values()))
        assert len(over_time) == len(one.periods) + 1


def test_the_table_behind_a_chart_has_the_source_cells(profile: AreaProfile, page: str) -> None:
    one = next(one for one in profile.indicators if one.id == "dtoc_rate")
    tables = PageReader(article(page, "dtoc_rate")).rows
    head, *rows = next(iter(tables.values()))
    where = head.index("Where it was read")
    assert [row[0] for row in rows] == list(one.labels)
    assert [row[1] for row in rows] == [figure(one, value) for value in one.values]
    assert [row[where] for row in rows] == list(one.row.sources)
    assert "dtoc_2017_09.xls, sheet LA, cell D" in rows[-1][where]


def test_a_table_across_areas_has_every_area(page: str) -> None:
    tables = PageReader(article(page, "dtoc_rate")).rows
    across = [rows for caption, rows in tables.items() if "among councils" in caption]
    cells = {cell for rows in across for row in rows for cell in row}
    names = {name for code, name in profiles.councils() if code != profiles.SURREY}
    assert {name for name in names if not any(name in cell for cell in cells)} == set()


def test_a_trusts_part_says_whose_figure_it_is_and_has_a_funnel(page: str) -> None:
    part = article(page, "ae_within_4_hours-RTH")
    assert "A figure of the trust, not of Oxfordshire: 62% of its patients live there." in part
    assert "More than chance explains?" in part
    assert "the four-hour standard" in part
    assert "More than chance explains?" not in article(page, "dtoc_rate")  # a bed day is no event


def test_one_figure_has_words_and_no_chart_over_time(tmp_path: Path) -> None:
    rows = [*profiles.population_rows((2016,)), *profiles.dtoc_rows(1)]
    store = profiles.make_store(tmp_path / "s", rows)
    page = profile_page(make_profile(profiles.make_data(store), find_area("Oxfordshire")))
    check_page(page)
    assert "A chart over time needs two figures or more." in article(page, "dtoc_rate")


# ------------------------------------------------------------------------ the other parts


def test_what_stands_out_leads_to_its_indicator(profile: AreaProfile, page: str) -> None:
    listed = page.split('id="stands-out"')[1].split("</section>")[0]
    assert listed.count("<li><a href=") == len(profile.stand_outs)
    for rule in rules():
        assert rule.why in listed.replace("&#39;", "'")


def test_neighbours_are_shown_with_method_and_distance(profile: AreaProfile, page: str) -> None:
    chosen = profile.comparators
    assert chosen is not None
    section = page.split('<section id="comparators"')[1].split("</section>")[0]
    assert all(name in section for name in chosen.names)
    assert "Distance" in section


def test_delays_by_reason_and_body_stand_together(page: str) -> None:
    section = page.split('<section id="together"')[1].split("</section>")[0]
    assert "Delays by reason" in section
    assert "Delays by body responsible and type of care" in section
    assert section.count("<svg") == section.count("<figure>") == 2
    assert section.count("<table") == 2


def test_files_and_further_pictures_are_shown_only_where_given(
    profile: AreaProfile, page: str
) -> None:
    assert "3 rows: no area code (first: LA, row 168)" in page
    bare = profile_page(profile)
    check_page(bare)
    assert 'id="files"' not in bare
    assert "#files" not in bare
    table = PictureTable("Again", ("Figure", "Ours"), (("F1", "6,414"),), (False, True))
    more = profile_page(profile, FILES, (Picture(tables=(table,)),))
    check_page(more)
    assert "6,414" in more.split('<section id="more"')[1]


def test_nothing_that_stands_out_and_no_comparators_leave_no_empty_parts(
    profile: AreaProfile,
) -> None:
    bare = profile_page(replace(profile, stand_outs=(), comparators=None))
    check_page(bare)
    assert 'id="stands-out"' not in bare
    assert '<section id="comparators"' not in bare


def test_when_the_figures_were_known_is_said(profile: AreaProfile) -> None:
    options = replace(profile.options, known_on=date(2017, 12, 1))
    told = profile_page(replace(profile, options=options))
    assert "As known on 1 December 2017." in told


# ------------------------------------------------------------------------ hostile words


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> AreaProfile:
    return profiles.hostile_profile(tmp_path_factory.mktemp("hostile") / "store")


def test_hostile_words_stay_words(hostile: AreaProfile) -> None:
    files = (LoadedFile("=x.csv", HOSTILE, 1, 1, HOSTILE),)
    page = profile_page(hostile, files)
    read = check_page(page)
    assert read.tags["img"] == 0
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert HOSTILE not in page


def test_every_indicator_of_the_catalogue_has_a_definition_in_words(profile: AreaProfile) -> None:
    """No row of the packaged catalogue leaves a term without its text."""
    one = profile.indicators[3]
    for row in read_catalogue().values():
        rows = definition_rows(replace(one, indicator=row, target=None))
        assert {"What it means", "Unit", "Interval", "Source"} <= {term for term, _ in rows}
        assert all(text.strip() for _, text in rows)
