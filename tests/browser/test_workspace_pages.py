"""Every page of the packaged review in Chromium: no accessibility fault, narrow and wide.

The addresses are read from the program itself, so a new page is looked at too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

from tests.helpers.served import served
from wholesystem.reviews.feedback import comment_id
from wholesystem.web.workspace.urls import urlpatterns

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-background-networking --no-first-run"
#: No pages: files, pictures, and what is not made before somebody asks for it.
NO_PAGES = {
    "case_picture",
    "cases_table",
    "cases_workbook",
    "document",
    "document_file",
    "grid_table",
    "job",
    "job_file",
    "map_picture",
    "profile_page",
    # Of those who answer, whose role the first account has not: see `test_requests_story`.
    "give_answers",
    "request_answers",
    "your_answer",
    "your_request",
    "your_requests",
    # Files, and pictures that stand in pages.
    "download_feedback_results",
    "feedback_rates_picture",
    "feedback_result_picture",
    # Of a feedback tool that is not closed: see `test_feedback_story`.
    "change_feedback_tool",
    "clear_feedback_comment",
    "close_feedback_tool",
    "feedback_comments",
    "feedback_links_file",
    "feedback_names",
    "feedback_reminder",
    "forget_feedback_names",
    "invite_to_feedback",
    "open_feedback_tool",
    "withdraw_feedback_links",
}
NARROW, WIDE = 390, 1280
#: One of the packaged comments.
SAID = "Records cannot be read from one building to the next."
CODES = {
    "organisations": "council",
    "sources": "data_ratings",
    "evidence": "E001",
    "findings": "F25",
    "improvements": "strategic_1",
    "due": "",
    "cases": "C02",
    "feedback": "T01",
    "requests": "R01",
    "request-questions": "Q001",
}


def addresses() -> dict[str, str]:
    found = {}
    for pattern in urlpatterns:
        name, wanted = str(pattern.name), set(pattern.pattern.converters)
        part = str(pattern.pattern).removeprefix("reviews/<str:review>/").split("/")[0]
        values = {
            "review": "oxfordshire_2017",
            "code": CODES.get(part, ""),
            "person": "P01",
            "kloe": "crisis_responsive",
            "table": "people",
            "record": "P01",
            "stay": "2",
            "item": "letter",
            "part": "stay-2",
            "framework": "local_system_review_2017",
            "question": "gets_in_the_way" if "said" in str(pattern.pattern) else "purpose_shared",
            "comment": comment_id("gets_in_the_way", SAID),
        }
        if name not in NO_PAGES and wanted <= {key for key, value in values.items() if value}:
            found[name] = reverse(f"workspace:{name}", kwargs={key: values[key] for key in wanted})
    return {
        **found,
        "search_words": f"{found['search']}?q=package+of+care",
        "matrix": found["feedback_question_results"].replace("purpose_shared", "trust"),
        "summaries": found["feedback_question_results"]
        .replace("T01", "T02")
        .replace("purpose_shared", "summary_comes")
        + "?of=low",
    }


PAGES = addresses()


@pytest.fixture(scope="module")
def page(
    require: Callable[[object, str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    """The first account's browser, in a workspace with the packaged review."""
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    with (
        sync_playwright() as playwright,
        served(tmp_path_factory.mktemp("data")) as running,
    ):
        browser: Browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=QUIET.split()
        )
        opened = browser.new_context(base_url=running.address).new_page()
        opened.goto("/")
        for name, text in {
            "code": running.code,
            "name": "Lee",
            "email": "lee@example.org",
            "password": "a long and quiet sentence",
        }.items():
            opened.locator(f"main [name={name}]").fill(text)
        opened.get_by_role("button", name="Create account").click()
        opened.wait_for_load_state()
        yield opened
        browser.close()


def test_every_page_of_the_review_is_among_them() -> None:
    left_out = {str(one.name) for one in urlpatterns} - set(PAGES) - NO_PAGES

    # What changes a thing that the packaged review has none of.
    assert left_out <= {
        "change_due_date", "change_feedback_theme", "change_invitation", "notice",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_has_no_fault(name: str, page: Page) -> None:
    if page.request.get(PAGES[name]).status == 405:  # what only forms are sent to
        return
    told: list[str] = []
    page.on("console", lambda one: told.append(one.text) if one.type == "error" else None)
    answer = page.goto(PAGES[name])
    assert answer is not None
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], width
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide), width
    assert told == []
