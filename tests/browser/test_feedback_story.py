"""The lead's path with a feedback tool in Chromium: made, opened, handed out on cards, closed.

The sheet of cards is printed, its codes are read back from the paper, and one is followed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, sync_playwright

from tests.helpers.feedback import make_instrument
from tests.helpers.person import Person
from tests.helpers.postgres import find_programs
from tests.helpers.postgres import running as running_postgres
from tests.helpers.served import served
from wholesystem.reviews.feedback import write_instrument

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-background-networking --no-first-run"
FEEDBACK = "/reviews/oxfordshire_2017/feedback/"
#: After the two of the packaged review.
TOOL = f"{FEEDBACK}T03/"
TITLE = "How do we get on?"
NAMED = "Dr Susan Smith never rings back."


@pytest.fixture(scope="module")
def browser(require: Callable[[object, str], None]) -> Iterator[Browser]:
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield found
        found.close()


def make_tool(lead: Person, folder: Path) -> None:
    workbook = folder / "mine.xlsx"
    write_instrument(make_instrument(), workbook)
    lead.open(FEEDBACK)
    lead.press("Make a feedback tool")
    lead.tick("instrument", "own")
    lead.page.locator("main [name=file]").set_input_files(workbook)
    lead.fill(title=TITLE, contact="The review team")
    lead.press("Make the tool")
    lead.press("Board")  # what it asks
    assert "Only for who answered “yes” to “came?”" in lead.text()


def open_tool(lead: Person) -> None:
    lead.open(f"{TOOL}change/")
    lead.open(TOOL)
    lead.press("Open the tool")
    for part, number in (("day", "31"), ("month", "12"), ("year", "2099")):
        lead.page.locator(f"main [name=last_day-{part}]").fill(number)
    lead.press("Open the tool")
    assert "Fewer than five people have answered, or nobody has." in lead.text()


def make_links(lead: Person) -> list[str]:
    """Makes links for nine people of one organisation, whose names are given."""
    lead.open(TOOL)
    lead.press("Make links")
    lead.page.get_by_label("Oxfordshire County Council").check()
    lead.page.locator("main [name=role]").select_option("nurse")
    lead.tick("links", "single")
    names = [f"Person {letter}" for letter in "ABCDEFGHI"]
    lead.page.locator("main [name=names]").fill("\n".join(names))
    lead.press("Make the links")
    assert "You see these links now and never again" in lead.text()
    links = [one.get_attribute("href") for one in lead.page.locator(".app-card__address a").all()]
    return [str(one) for one in links]


def read_paper(pdf: Path) -> list[str]:
    """What the codes on the pages of a PDF say."""
    pages = pypdfium2.PdfDocument(pdf)
    try:
        # 200 dots an inch, as an office printer has at worst.
        pictures = [page.render(scale=200 / 72, grayscale=True).to_numpy() for page in pages]
        assert len(pictures) == 2, "nine cards fill one sheet and begin another"
        return [one.text for page in pictures for one in zxingcpp.read_barcodes(page.squeeze())]
    finally:
        pages.close()


def take_files(lead: Person, folder: Path) -> str:
    """Downloads the links both ways; gives the CSV."""
    texts = []
    for name, ending in (("Take them as an Excel file", "xlsx"), ("Take them as CSV", "csv")):
        with lead.page.expect_download() as found:
            lead.page.get_by_role("button", name=name).click()
        path = folder / f"links.{ending}"
        found.value.save_as(path)
        texts.append(path)
    assert texts[0].read_bytes().startswith(b"PK")
    return texts[1].read_text("utf-8")


def answer(someone: Person, link: str, comment: str = "") -> None:
    """Follows a link to the end: the organisation and role are known from it."""
    page = someone.open(link)
    assert TITLE in someone.text()
    someone.press("Start")
    while page.get_by_role("button", name="Send").count() == 0:
        if page.locator("main [name=came][value=yes]").count():
            someone.tick("came", "yes")
        if page.locator("main [name=why]").count():
            someone.fill(why=comment)
        someone.press("Continue")
    someone.press("Send")
    assert "Your answers were sent." in someone.text()


def close_tool(lead: Person) -> None:
    lead.open(TOOL)
    assert "5 people have answered." in lead.text()
    lead.press("Close the tool")
    assert "9 names of those invited are deleted." in lead.text()
    lead.press("Close for good")
    assert "Tick the box if the tool is to be closed for good." in lead.text()
    lead.page.locator("main [name=sure]").check()
    lead.press("Close for good")
    assert "Closed" in lead.text()


def clear_comment(lead: Person) -> None:
    lead.press("Clear the comments")
    assert NAMED in lead.text()
    lead.press(re.compile("^Clear or withhold"))
    lead.tick("do", "clear")
    lead.press("Save")
    assert "The comment is cleared." in lead.text()
    assert "There is none" in lead.text()


def read_results(lead: Person) -> None:
    """Results, a question as a picture, a comment as evidence, and back to where it came from."""
    lead.open(TOOL)
    lead.press("See the results")
    assert "How many answered" in lead.text()
    lead.open(f"{TOOL}results/on_time/?by=role")
    picture = lead.page.locator("main img").first
    assert picture.evaluate("one => one.complete && one.naturalWidth > 100")
    lead.open(f"{TOOL}results/trust/")
    lead.open(f"{TOOL}themes/")
    lead.open(f"{TOOL}results/on_time/")
    lead.press(re.compile("^Record evidence"))
    lead.fill(text="Half of those who answered are told in time.")
    lead.tick("shows", "concern")
    lead.press("Save")
    lead.open(f"{TOOL}results/on_time/")
    assert "Evidence recorded from here" in lead.text()
    lead.press(re.compile("^E[0-9]+$"))
    assert TITLE in lead.text()


def tell_story(
    browser: Browser, folder: Path, *, script: bool, width: int, database: str = ""
) -> None:
    """From making a tool to evidence from its results."""
    with served(folder / "data", DATABASE=database) as running:
        lead = Person(browser, running.address, script=script, axe=script, width=width)
        lead.create_first_account(running.code)
        make_tool(lead, folder)
        open_tool(lead)
        links = make_links(lead)
        lead.page.pdf(path=folder / "sheet.pdf", prefer_css_page_size=True)
        assert sorted(read_paper(folder / "sheet.pdf")) == sorted(links)
        file = take_files(lead, folder)
        assert [one for one in links if one not in file] == []
        assert file.count("Person ") == 9

        for number, link in enumerate(read_paper(folder / "sheet.pdf")[:5]):
            someone = Person(browser, running.address, script=script, axe=script, width=390)
            answer(someone, link, NAMED if number == 0 else "")
            someone.context.close()
        for page in ("", "reminder/", "names/", "links/I19/withdraw/", "asks/"):
            lead.open(TOOL + page)
        close_tool(lead)
        clear_comment(lead)
        read_results(lead)
        lead.open("/reviews/oxfordshire_2017/history/")
        assert "cleared a comment of feedback tool T03" in lead.text()
        lead.context.close()
    assert not any(link.rstrip("/")[-12:] in line for link in links for line in running.log)
    assert not any("Susan" in line or "Person " in line for line in running.log)


@pytest.mark.parametrize(
    ("script", "width"), [(True, 1280), (True, 390), (False, 390)], ids=["wide", "narrow", "plain"]
)
def test_from_an_invitation_to_evidence(
    script: bool, width: int, browser: Browser, tmp_path: Path
) -> None:
    tell_story(browser, tmp_path, script=script, width=width)


def test_the_same_on_postgresql(
    browser: Browser, tmp_path: Path, require: Callable[[object, str], None]
) -> None:
    programs = find_programs()
    require(programs, "PostgreSQL is not installed (apt-get install postgresql)")
    assert programs is not None
    with running_postgres(programs) as database:
        tell_story(browser, tmp_path, script=True, width=1280, database=database)
