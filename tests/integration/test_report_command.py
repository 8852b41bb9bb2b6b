"""The command `wholesystem report`: three files with the same numbers, or a clear refusal."""

import io
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from wholesystem import cli
from wholesystem.examples.review import read_example_review
from wholesystem.reviews import write_bundle


def run(*words: object) -> int:
    return cli.main(["report", *map(str, words)])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report")
    assert run("oxfordshire_2017", "--out", out, "--date", "2018-02-12") == 0
    return out


class _Words(HTMLParser):
    """The words of a page, without its styles and pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.words = 0, []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.depth += tag in ("style", "svg")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in ("style", "svg")

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.words.append(data)


def text_of(page: str) -> str:
    reader = _Words()
    reader.feed(page)
    return "\n".join(reader.words)


def numbers(text: str) -> Counter[str]:
    """Numbers with decimals or of three digits and more: few enough to come from nowhere else."""
    return Counter(re.findall(r"(?<![\w.])\d{1,3}(?:,\d{3})*\.\d+|(?<![\w.,])\d{4,}(?![\w])", text))


def word_text(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_the_three_files_have_the_same_numbers(written: Path) -> None:
    page = text_of((written / "review-report.html").read_text("utf-8"))
    pdf = "\n".join(one.extract_text() for one in PdfReader(written / "review-report.pdf").pages)
    word = word_text(written / "review-report.docx")
    wanted = set(numbers(page))
    assert len(wanted) > 100
    # A number that the PDF breaks over two lines is read together again.
    joined = re.sub(r"\s+", "", pdf)
    assert {one for one in wanted if one not in joined} == set()
    assert wanted - set(numbers(word)) == set()


def test_every_confirmed_finding_and_area_for_improvement_is_told(written: Path) -> None:
    review = read_example_review().review
    word = word_text(written / "review-report.docx")
    for finding in review.findings:
        assert (finding.statement in word) == (finding.status == "confirmed") or (
            finding.status != "confirmed"
        )
    for area in review.areas_for_improvement:
        assert area.text in word


def test_the_terminal_says_what_to_look_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("oxfordshire_2017", "--out", tmp_path / "out", "--format", "html") == 0
    told = capsys.readouterr()
    assert "drafted from confirmed findings" in told.out
    assert re.search(r"Figures that have changed since they were cited: \d+\.", told.err)
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["review-report.html"]


def test_a_bundle_without_published_figures_has_no_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = read_example_review("cumbria_2018")
    write_bundle(bundle.review, bundle.files, tmp_path / "cumbria.zip")
    assert run(tmp_path / "cumbria.zip", "--out", tmp_path / "out", "--format", "docx") == 0
    assert "the data profile is left out" in capsys.readouterr().out
    assert "Data profile" not in word_text(tmp_path / "out" / "review-report.docx")


def test_the_version_word_stands_on_every_page(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert (
        run("cumbria_2018", "--out", out, "--format", "pdf", "--version-word", "FOR CHECKING") == 0
    )
    pages = PdfReader(io.BytesIO((out / "review-report.pdf").read_bytes())).pages
    assert all("FOR CHECKING" in one.extract_text() for one in pages)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nowhere",), "There is no review at nowhere."),
        (("oxfordshire_2017", "--house", "nowhere"), "nowhere"),
        (("oxfordshire_2017", "--format", "rtf"), "Formats are html, pdf, docx"),
        (("oxfordshire_2017", "--date", "soon"), "For example: 2018-02-12"),
        (("oxfordshire_2017", "--kind", "novel"), "invalid choice"),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    out = tmp_path / "out"
    try:
        code = run(*words, "--out", out)
    except SystemExit as stop:
        code = stop.code
    assert code == 2
    message = capsys.readouterr().err
    assert told in message
    assert "Traceback" not in message
    assert not out.exists()


def test_an_earlier_report_stays_after_a_failure(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("cumbria_2018", "--out", out, "--format", "html") == 0
    before = (out / "review-report.html").read_bytes()
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK no zip")
    assert run(broken, "--out", out) == 2
    assert (out / "review-report.html").read_bytes() == before


# --------------------------------------------------------------------------- progress, programme


def test_the_report_of_progress_tells_each_verdict_with_its_figures(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("oxfordshire_2017", "--kind", "progress", "--out", out, "--format", "docx") == 0
    text = word_text(out / "progress-report.docx")
    # Worked out by hand in tests/verification/test_oxfordshire_follow_up.py.
    assert "What the data say: Moved as intended" in text
    assert "What the data say: No sign yet" in text
    assert "Mean since, in April to November 2018: 18.7 per 100,000 aged 18 and over." in text
    actions = re.findall(r"Action A\d+$", text, re.MULTILINE)
    assert len(actions) == 15


def test_progress_of_a_review_without_a_plan_says_what_it_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("cumbria_2018", "--kind", "progress", "--out", tmp_path / "out") == 2
    assert "Name the folder of its tables with --plan" in capsys.readouterr().err


def test_a_plan_of_ones_own_is_held_against_published_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from wholesystem.examples.follow_up import read_example_follow_up
    from wholesystem.reviews.follow_up import write_follow_up
    from wholesystem.reviews.plan import write_plan

    recorded = read_example_follow_up()
    plan = tmp_path / "plan"
    write_plan(recorded.plan, plan)
    write_follow_up(recorded, plan)
    write_bundle(recorded.plan.review, read_example_review().files, tmp_path / "review.zip")
    words = (tmp_path / "review.zip", "--kind", "progress", "--plan", plan)
    out = tmp_path / "out"
    assert run(*words, "--until", "2018-11-30", "--out", out, "--format", "docx") == 0
    text = word_text(out / "progress-report.docx")
    assert "Mean since, in April to November 2018: 18.7 per 100,000 aged 18 and over." in text


def test_the_report_of_a_programme_counts_areas_and_says_what_is_not_known(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    words = ("local_system_reviews_2017", "--kind", "programme")
    assert run(*words, "--out", out, "--format", "html") == 0
    text = text_of((out / "programme-report.html").read_text("utf-8"))
    assert "The programme has 20 areas. The reviews of 2 of them were read" in text
    assert "Shared vision and strategy" in text
    assert "No review was read" in text


def test_a_programme_of_ones_own_reviews(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reviews = tmp_path / "reviews"
    reviews.mkdir()
    for name in ("oxfordshire_2017", "cumbria_2018"):
        bundle = read_example_review(name)
        write_bundle(bundle.review, bundle.files, reviews / f"{name}.zip")
    (reviews / "broken.zip").write_bytes(b"PK no zip")
    words = ("local_system_reviews_2017", "--kind", "programme", "--bundles", reviews)
    assert run(*words, "--out", tmp_path / "out", "--format", "html") == 0
    assert "broken.zip" in capsys.readouterr().err
    text = text_of((tmp_path / "out" / "programme-report.html").read_text("utf-8"))
    assert "The reviews of 2 of them were read" in text


def test_money_and_market_stand_in_the_report_with_what_nobody_gave(written: Path) -> None:
    text = word_text(written / "review-report.docx")
    assert "Services by rating" in text
    assert "What nobody gave" in text
    assert "Home care agencies: 113 for 123,177 people" in text
