"""Pages of the results of feedback tools: of closed tools only, small groups hidden everywhere."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.helpers.browsing import client_of, fill, text_of
from tests.helpers.workspace import lead_of, make_member, make_review
from wholesystem.reviews.feedback.answers import AnswerSheet, make_sheet
from wholesystem.reviews.feedback.instrument import Answer
from wholesystem.reviews.feedback.reading import read_instrument
from wholesystem.web import answers
from wholesystem.web.feedback import actions
from wholesystem.web.feedback.models import Tool
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.sources import save_organisation, withdraw_source
from wholesystem.web.workspace.rows import load_review

pytestmark = pytest.mark.django_db

INSTRUMENT = "relational_audit"
AGREEMENT = ("strongly_agree", "agree", "neither", "disagree", "strongly_disagree")


def sheet(role: str, organisation: str, at: int, comment: str = "") -> AnswerSheet:
    asked = read_instrument(INSTRUMENT)
    kind = asked.role_by_id[role].kind
    others = asked.other_kinds(kind)
    given: dict[str, Answer] = {
        "contact": "weekly",
        "trust": {other: ("mostly", "hardly")[at % 2] for other in others},
        "purpose_shared": AGREEMENT[at % 5],
        "conflict_open": "disagree",
    }
    if comment:
        given["gets_in_the_way"] = comment
    if comment and at < 2 and role == "council_frontline":
        given["one_change"] = "One budget"
    return make_sheet(asked, role, given, organisation=organisation)


@pytest.fixture
def review() -> models.Review:
    made = make_review()
    for name in ("Council", "Trust", "Small home"):
        save_organisation(review=made, by=lead_of(made), values={"name": name})
    return made


def codes_of(review: models.Review) -> list[str]:
    return list(review.organisation_set.order_by("pk").values_list("code", flat=True))


@pytest.fixture
def tool(review: models.Review) -> Tool:
    """Twelve of the council, eight of the trust, two of a care home; closed."""
    made = actions.make_tool(
        review=review,
        by=lead_of(review),
        values={"title": "How we get on"},
        instrument=read_instrument(INSTRUMENT),
    )
    by = {"review": review, "by": lead_of(review), "code": made.code}
    day = timezone.localdate() + timedelta(days=7)
    actions.open_tool(**by, last_day=day, version=None)
    council, trust, home = codes_of(review)[-3:]
    sheets = [
        *(sheet("council_frontline", council, at, f"Panel {at} waits") for at in range(12)),
        *(sheet("acute_frontline", trust, at) for at in range(8)),
        *(sheet("care_home_lead", home, at, "Only the home says so") for at in range(2)),
    ]
    actions.close_tool(**by)
    made.refresh_from_db()
    answers.import_closed(made.key, read_instrument(INSTRUMENT), sheets)
    return made


@pytest.fixture
def lead(review: models.Review) -> Client:
    return client_of(lead_of(review))


def address(name: str, review: models.Review, *codes: str, **asked: str) -> str:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return reverse(f"workspace:{name}", args=[review.code, *codes]) + (f"?{query}" if query else "")


def test_results_are_told_once_a_tool_is_closed(review: models.Review, lead: Client) -> None:
    made = actions.make_tool(
        review=review,
        by=lead_of(review),
        values={"title": "Not yet"},
        instrument=read_instrument(INSTRUMENT),
    )
    assert lead.get(address("feedback_results", review, made.code)).status_code == 404


def test_the_page_tells_shares_with_their_intervals(
    review: models.Review, tool: Tool, lead: Client
) -> None:
    page = text_of(lead.get(address("feedback_results", review, tool.code)))
    assert "Results:" in page
    # 22 answered: of every five answers two are positive; 5+4+2 strongly or so by place: counted.
    positive = sum(AGREEMENT[at % 5] in ("strongly_agree", "agree")
                   for many in (12, 8, 2) for at in range(many))  # fmt: skip
    assert f"({positive} of 22; " in page
    assert "Who says what of whom, for 9 kinds of organisation" in page


def test_a_group_of_two_is_hidden_on_every_page_and_picture(
    review: models.Review, tool: Tool, lead: Client
) -> None:
    """With two hidden and the whole shown, one more must be hidden, and nobody can tell which."""
    for by in ("kind", "role", "organisation"):
        page = text_of(
            lead.get(
                address("feedback_question_results", review, tool.code, "purpose_shared", by=by)
            )
        )
        assert page.count("not shown") >= 2
        svg = text_of(
            lead.get(address("feedback_result_picture", review, tool.code, "purpose_shared", by=by))
        )
        assert svg.count("not shown") >= 2
        assert svg.startswith("<svg")
    rates = text_of(lead.get(address("feedback_results", review, tool.code)))
    assert "not shown" in rates


def test_comments_are_found_and_those_of_few_are_not_told_apart(
    review: models.Review, tool: Tool, lead: Client
) -> None:
    said = address("feedback_said", review, tool.code, "gets_in_the_way")
    page = text_of(lead.get(said))
    assert "14 comments" in page
    found = text_of(lead.get(f"{said}?words=panel+7"))
    assert "1 comment" in found
    assert "Panel 7 waits" in found
    assert "Only the home says so" not in found
    # Asking by a kind that is hidden gives what asking by none does: nothing of it is told.
    assert "Care homes" not in page


def test_no_comment_is_shown_where_few_wrote(
    review: models.Review, tool: Tool, lead: Client
) -> None:
    page = text_of(lead.get(address("feedback_said", review, tool.code, "one_change")))
    assert "fewer than five people wrote any" in page


def test_a_result_becomes_evidence_with_links_both_ways(
    review: models.Review, tool: Tool, lead: Client
) -> None:
    begin = address("begin_result_evidence", review, tool.code, "purpose_shared")
    answer = lead.post(begin, follow=True)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Tool T01, question purpose_shared" in page
    tool.refresh_from_db()
    assert tool.source is not None
    assert tool.source.kind == "feedback_tool"
    record = address("record_result_evidence", review, tool.code, "purpose_shared")
    saved = fill(lead, record, "text", {"text": "Two in five agree.", "shows": "concern"})
    assert saved.status_code == 302, text_of(saved)
    evidence = review.evidence_set.get(text="Two in five agree.")
    assert evidence.source == tool.source
    results = address("feedback_question_results", review, tool.code, "purpose_shared")
    shown = text_of(lead.get(results))
    assert f"evidence/{evidence.code}/" in shown
    back = text_of(lead.get(reverse("workspace:evidence", args=[review.code, evidence.code])))
    assert tool.source.code in back
    source = text_of(lead.get(reverse("workspace:source", args=[review.code, tool.source.code])))
    assert address("feedback_results", review, tool.code) in source


def test_a_comment_becomes_a_quotation(review: models.Review, tool: Tool, lead: Client) -> None:
    page = text_of(lead.get(address("feedback_said", review, tool.code, "gets_in_the_way",
                                    words="panel+3")))  # fmt: skip
    target = re.search(r'action="([^"]*evidence/begin/\?comment=[0-9a-f]+)"', page)
    assert target is not None
    begun = text_of(lead.post(target[1], follow=True))
    assert "Panel 3 waits" in begun


def test_what_is_taken_out_is_what_is_shown(
    review: models.Review, tool: Tool, lead: Client
) -> None:
    taken = lead.get(address("download_feedback_results", review, tool.code))
    assert taken["Content-Disposition"].endswith('-T01-results.zip"')
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        texts = {name: archive.read(name) for name in archive.namelist()}
    assert {"response.csv", "answers.csv", "shares.csv", "comments.csv"} <= set(texts)
    rows = list(csv.DictReader(texts["answers.csv"].decode("utf-8-sig").splitlines()))
    assert rows
    said = [one for one in rows if one["question"] == "purpose_shared" and one["axis"] == "kind"]
    hidden = {one["group"] for one in said if one["shown"] == "no"}
    assert "Care homes" in hidden
    assert len(hidden) >= 2
    assert {one["respondents"] for one in said if one["group"] in hidden} == {""}


def test_nothing_is_recorded_under_a_source_that_was_withdrawn(
    review: models.Review, tool: Tool, lead: Client
) -> None:
    begin = address("begin_result_evidence", review, tool.code, "purpose_shared")
    lead.post(begin)
    tool.refresh_from_db()
    assert tool.source is not None
    withdraw_source(review=review, by=lead_of(review), code=tool.source.code, why="Wrong tool.")
    page = text_of(lead.post(begin, follow=True))
    assert "was withdrawn" in page


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("feedback_question_results", ("nothing",)),
        ("feedback_question_results", ("gets_in_the_way",)),
        ("feedback_result_picture", ("contact",)),
        ("feedback_said", ("trust",)),
    ],
)
def test_what_is_not_there_is_not_found(
    review: models.Review, tool: Tool, lead: Client, name: str, codes: tuple[str, ...]
) -> None:
    assert lead.get(address(name, review, tool.code, *codes)).status_code == 404


@pytest.mark.parametrize("query", ["?by=nothing", "?about=Nowhere", "?of=low&by=role", "?page=999"])
def test_strange_questions_are_answered(
    review: models.Review, tool: Tool, lead: Client, query: str
) -> None:
    for question in ("trust", "purpose_shared", "contact"):
        one = address("feedback_question_results", review, tool.code, question) + query
        assert lead.get(one).status_code in (200, 404)


def test_who_may_see_results(review: models.Review, tool: Tool) -> None:
    page = address("feedback_results", review, tool.code)
    assert client_of(make_member(review, "viewer")).get(page).status_code == 200
    assert client_of(make_member(review, "system_contributor")).get(page).status_code == 403


def test_a_merged_organisation_counts_with_the_other(
    review: models.Review, tool: Tool, lead: Client, django_assert_max_num_queries: Any
) -> None:
    council, trust, home = codes_of(review)[-3:]
    actions.merge_organisation(review=review, by=lead_of(review), code=home, into=trust, note="")
    with django_assert_max_num_queries(30):
        page = text_of(lead.get(address("feedback_results", review, tool.code, by="organisation")))
    assert "Small home" not in page


# --------------------------------------------------------------------------- themes


def comment_page(review: models.Review, tool: Tool, lead: Client, words: str) -> str:
    said = address("feedback_said", review, tool.code, "gets_in_the_way", words=words)
    found = re.search(r'href="([^"]*/said/[0-9a-f]{16}/)"', text_of(lead.get(said)))
    assert found is not None
    return found[1]


def test_a_comment_is_coded_by_hand_and_counted(
    review: models.Review, tool: Tool, lead: Client
) -> None:
    page = comment_page(review, tool, lead, "panel+3")
    kloe = next(iter(review.framework.tables["questions"]))["kloe"]
    assert lead.post(page, {"label": "Too many panels", "kloe": kloe}).status_code == 302
    theme = tool.themes.get()
    assert (theme.label, theme.kloe) == ("Too many panels", kloe)
    lead.post(comment_page(review, tool, lead, "panel+4"), {"themes": [theme.code]})
    shown = text_of(lead.get(address("feedback_themes", review, tool.code)))
    assert "Too many panels" in shown
    cells = re.findall(r"cell--numeric\">([^<]*)<", shown)
    assert cells[0] == "2"  # all
    # Which comments of the hidden kind were coded is told nowhere.
    assert "Themes: Too many panels" in text_of(
        lead.get(address("feedback_said", review, tool.code, "gets_in_the_way", words="panel+3"))
    )
    lead.post(page, {"themes": []})
    cells = re.findall(
        r"cell--numeric\">([^<]*)<",
        text_of(lead.get(address("feedback_themes", review, tool.code))),
    )
    assert cells[0] == "1"
    events = review.event_set.filter(table="feedback_codings").order_by("number")
    assert [one.action for one in events] == ["added", "added", "removed"]


def test_a_theme_is_named_once_and_withdrawn_with_a_reason(
    review: models.Review, tool: Tool, lead: Client
) -> None:
    lead.post(comment_page(review, tool, lead, "panel+3"), {"label": "Panels"})
    second = lead.post(comment_page(review, tool, lead, "panel+5"), {"label": "Budgets"})
    assert second.status_code == 302
    assert sorted(one.code for one in tool.themes.all()) == ["TH01", "TH02"]
    again = lead.post(comment_page(review, tool, lead, "panel+4"), {"label": "panels "})
    assert again.status_code == 400
    assert "There is such a theme already." in text_of(again)
    theme = tool.themes.get(label="Panels")
    change = address("change_feedback_theme", review, tool.code, theme.code)
    assert lead.post(change, {"label": "Panels", "why": "Too narrow."}).status_code == 302
    assert "Panels" not in text_of(lead.get(address("feedback_themes", review, tool.code)))
    assert lead.get(change).status_code == 404


def test_themes_that_are_not_the_tools_are_refused(
    review: models.Review, tool: Tool, lead: Client
) -> None:
    page = comment_page(review, tool, lead, "panel+3")
    assert lead.post(page, {"themes": ["TH99"]}).status_code == 400
    assert lead.get(page.replace(page.split("/")[-2], "0" * 16)).status_code == 404


def test_themes_come_back_from_a_bundle(review: models.Review, tool: Tool, lead: Client) -> None:
    lead.post(comment_page(review, tool, lead, "panel+3"), {"label": "Panels"})
    whole = load_review(review, every=True)
    assert [one.label for one in whole.feedback_themes] == ["Panels"]
    assert [one.theme for one in whole.feedback_codings] == ["TH01"]
