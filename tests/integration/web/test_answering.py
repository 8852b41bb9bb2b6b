"""Respondents' pages: from a link to thanks, and every way in which a link may fail."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.helpers.accounts import make_person
from tests.helpers.answering import TOMORROW, answer_all, fill_first, links_of, open_one
from wholesystem.reviews.feedback.reading import read_instrument
from wholesystem.web import answers
from wholesystem.web.answers import limits, linking
from wholesystem.web.answers.store import closed_path, connected, open_path

pytestmark = pytest.mark.django_db
YESTERDAY = date.today() - timedelta(days=1)


@pytest.fixture(autouse=True)
def workspace(settings: Any, tmp_path: Any) -> None:
    """A workspace with an account, and no guesses of other tests."""
    settings.DATA_FOLDER = tmp_path
    make_person()
    for limit in (limits.guesses, limits.guesses_of_all, limits.new_envelopes):
        limit.forget()


def text_of(answer: Any) -> str:
    return str(answer.content.decode("utf-8"))


def heading(answer: Any) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text_of(answer), re.DOTALL)
    assert found is not None
    return found[1].strip()


@pytest.mark.parametrize("instrument", ["relational_audit", "discharge_information_flow"])
@pytest.mark.parametrize("number", [1, None])
def test_from_a_link_to_thanks(instrument: str, number: int | None) -> None:
    key = open_one(instrument)
    (link,) = links_of(key, number)
    client = Client()
    cover = text_of(client.get(link))
    assert "Nobody is told who said what" in cover
    assert len(re.findall(r"\bminutes?\b", cover)) == 1, "how long it takes is told once"

    done = answer_all(client, link)

    assert done.redirect_chain == [(f"{link}thanks/", 302)]
    assert heading(done) == "Thank you"
    answers.close_tool(key)
    (sheet,) = answers.sheets(key)
    asked = read_instrument(instrument)
    assert set(sheet.answers) <= set(asked.question_by_id)
    needed = [one for one in asked.asked if one.required == "yes"]
    assert {
        one.question for one in needed if asked.is_shown(one, sheet.role, sheet.answers)
    } <= set(sheet.answers)


def test_a_link_for_an_organisation_and_role_asks_neither() -> None:
    key = open_one("relational_audit")
    role = read_instrument("relational_audit").roles[0]
    (link,) = links_of(key, organisation="trust", role=role.role)
    begun = Client().post(link, follow=True)
    assert begun.redirect_chain[-1][0] == f"{link}page/1/"
    answer_all(Client(), link)
    answers.close_tool(key)
    (sheet,) = answers.sheets(key)
    assert (sheet.role, sheet.kind) == (role.role, role.kind)
    asks = read_instrument("relational_audit").info.asks_organisation == "yes"
    assert sheet.organisation == ("trust" if asks else "")


def test_a_page_says_what_is_missing_and_keeps_what_was_typed() -> None:
    key = open_one("relational_audit")
    role = read_instrument("relational_audit").roles[0].role
    (link,) = links_of(key, role=role, organisation="trust")
    client = Client()
    client.post(link)
    answer = client.post(f"{link}page/1/", {"channels": "meeting"})
    assert answer.status_code == 400
    page = text_of(answer)
    assert "There is a problem" in page
    assert "Choose an answer." in page
    assert '<a href="#contact-1">' in page
    assert 'id="contact-1"' in page
    assert page.startswith("<!DOCTYPE html>")
    assert "<title>Error: " in page


def test_an_answer_by_a_single_link_is_sent_once() -> None:
    key = open_one()
    (link,) = links_of(key)
    client = Client()
    ready = answer_all(client, link, send=False)
    path = ready.redirect_chain[-1][0]
    first = client.post(path, follow=True)
    again = client.post(path, follow=True)
    assert heading(first) == "Thank you"
    assert heading(again) == "Your answers were sent already"
    assert heading(Client().get(link)) == "Your answers were sent already"
    answers.close_tool(key)
    assert len(answers.sheets(key)) == 1


def test_two_sends_at_one_moment_count_once() -> None:
    key = open_one()
    (link,) = links_of(key, None)
    client = Client()
    path = answer_all(client, link, send=False).redirect_chain[-1][0]
    kept = client.cookies.copy()
    assert client.post(path)["Location"] == f"{link}thanks/"
    client.cookies = kept  # the second click left before the first one's answer came
    assert heading(client.post(path, follow=True)) == "Your answers were sent already"
    answers.close_tool(key)
    assert len(answers.sheets(key)) == 1


def test_an_open_link_is_for_many_even_in_one_browser() -> None:
    key = open_one()
    (link,) = links_of(key, None)
    client = Client()
    for _ in range(3):
        answer_all(client, link)
    for _ in range(4):
        answer_all(Client(), link)
    assert answers.sent_count(key) == 7
    answers.close_tool(key)
    assert len(answers.sheets(key)) == 7


# --------------------------------------------------------------------------- part-done


def code_on(page: str) -> str:
    found = re.search(r'<p class="code">([a-z2-7-]{19})</p>', page)
    assert found is not None
    return found[1]


def save_for_later(link: str) -> tuple[Client, str]:
    """Somebody who answered the first page with a comment or choice, and the code."""
    client = Client()
    begun = client.post(link, follow=True)
    path = begun.redirect_chain[-1][0]
    page = client.post(path, {**fill_first(text_of(begun), {}), "go": "later"}, follow=True)
    if "code" not in text_of(page):  # it was the page that asks for the role
        path = page.redirect_chain[-1][0]
        page = client.post(path, {**fill_first(text_of(page), {}), "go": "later"}, follow=True)
    return client, code_on(text_of(page))


def test_part_done_answers_wait_in_the_same_browser() -> None:
    key = open_one()
    (link,) = links_of(key)
    client, _ = save_for_later(link)
    page = text_of(client.get(link))
    assert "Go on" in page
    begun = client.post(link, follow=True)
    while "/page/" not in begun.redirect_chain[-1][0]:
        path = begun.redirect_chain[-1][0]
        begun = client.post(path, fill_first(text_of(begun), {}), follow=True)
    assert " checked>" in text_of(begun)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{upper}", "{bare}"])
def test_a_code_opens_them_on_another_device(typed: str) -> None:
    key = open_one()
    (link,) = links_of(key)
    _, code = save_for_later(link)
    other = Client()
    shown = typed.format(code, upper=code.upper(), bare=code.replace("-", " "))
    answer = other.post(f"{link}return/", {"code": shown})
    assert answer.status_code == 302
    assert "/page/" in answer["Location"]
    assert heading(answer_all(other, link)) == "Thank you"


def test_a_wrong_code_is_told_and_guessing_is_stopped() -> None:
    key = open_one()
    (link,) = links_of(key)
    save_for_later(link)
    other = Client()
    answer = other.post(f"{link}return/", {"code": "aaaa-bbbb-cccc-dddd"})
    assert answer.status_code == 400
    assert "There is no such code for this link." in text_of(answer)
    for _ in range(limits.guesses.most):
        answer = other.post(f"{link}return/", {"code": "aaaa-bbbb-cccc-dddd"})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"


def test_who_has_the_link_alone_cannot_read_what_was_begun() -> None:
    """Neither by the pages, nor by the file."""
    key = open_one()
    (link,) = links_of(key)
    client = Client()
    client.post(link)
    secret = "Something only the respondent knows"
    asked = read_instrument("discharge_information_flow")
    role = asked.roles[0].role
    client.post(f"{link}you/", {"role": role})
    text = next(one for one in asked.asked if one.kind == "text")
    saved = client.post(f"{link}page/{text.page}/", {text.question: secret, "go": "later"})
    if saved["Location"].endswith("/later/"):
        assert secret in text_of(client.get(f"{link}page/{text.page}/"))
    assert secret not in text_of(Client().get(f"{link}page/{text.page}/", follow=True))
    assert secret.encode() not in open_path(key).read_bytes()
    wal = open_path(key).with_name(open_path(key).name + "-wal")
    assert not wal.exists() or secret.encode() not in wal.read_bytes()


def test_beginning_again_by_a_single_link_leaves_one_envelope() -> None:
    key = open_one()
    (link,) = links_of(key)
    first, _ = save_for_later(link)
    assert heading(answer_all(Client(), link)) == "Thank you"
    assert heading(first.get(link)) == "Your answers were sent already"
    answers.close_tool(key)
    assert len(answers.sheets(key)) == 1
    assert answers.part_done_count(key) == 0


# --------------------------------------------------------------------------- links that fail


@pytest.mark.parametrize(
    "token",
    ["x", "-", "00000000-aaaaaaaaaaaaaaaa", "{short}-aaaaaaaaaaaaaaaa", "{short}", "{short}-",
     "{short}-'%20OR%201=1", "%F0%9F%8F%A5", "{short}-\u0000a"],
)  # fmt: skip
def test_a_guessed_link_leads_nowhere(token: str) -> None:
    key = open_one()
    links_of(key)
    answer = Client().get(f"/answer/{token.format(short=key[:8])}/")
    assert answer.status_code == 404
    assert heading(answer) == "This link leads nowhere"


def test_guessing_is_stopped_and_then_begins_to_count_anew() -> None:
    key = open_one()
    (link,) = links_of(key)
    client = Client()
    for _ in range(limits.guesses.most):
        assert client.get("/answer/00000000-aaaaaaaaaaaaaaaa/").status_code == 404
    assert client.get("/answer/00000000-aaaaaaaaaaaaaaaa/").status_code == 429
    # Others, who come from elsewhere, are not kept out.
    assert Client(REMOTE_ADDR="10.0.0.9").get(link).status_code == 200
    limits.guesses.forget()
    assert client.get(link).status_code == 200


def test_a_late_link_says_so() -> None:
    key = open_one()
    (late,) = links_of(key, last_day=YESTERDAY)
    answer = Client().get(late)
    assert (answer.status_code, heading(answer)) == (410, "The last day has passed")
    past = open_one(last_day=YESTERDAY)
    (link,) = links_of(past)
    assert heading(Client().get(link)) == "The last day has passed"


def test_a_withdrawn_link_says_so_and_what_was_sent_counts() -> None:
    key = open_one()
    first, second = links_of(key, 2)
    (other,) = links_of(key, batch="I02")
    answer_all(Client(), first)
    answers.withdraw_links(key, "I01")
    assert heading(Client().get(second)) == "This link was withdrawn"
    assert heading(Client().get(first)) == "Your answers were sent already"
    assert Client().get(other).status_code == 200
    answers.close_tool(key)
    assert len(answers.sheets(key)) == 1


def test_what_is_half_done_when_the_tool_closes() -> None:
    key = open_one()
    one, two = links_of(key, 2)
    client, _ = save_for_later(one)
    answer_all(Client(), two)
    answers.close_tool(key)
    for path in (one, f"{one}page/1/", f"{one}check/", f"{one}later/", f"{one}return/", two):
        answer = client.post(path, {})
        assert (answer.status_code, heading(answer)) == (410, "This survey has closed")
    assert answers.part_done_count(key) == 1
    assert len(answers.sheets(key)) == 1
    assert not open_path(key).exists()


def test_a_link_of_a_tool_that_was_deleted_leads_nowhere() -> None:
    key = open_one()
    (link,) = links_of(key)
    answers.delete_tool(key)
    assert Client().get(link).status_code == 404
    assert not answers.is_here(key)


# --------------------------------------------------------------------------- machines and mischief


def test_a_field_that_people_do_not_see_is_refused_with_words() -> None:
    key = open_one()
    (link,) = links_of(key, None)
    client = Client()
    client.post(link)
    answer = client.post(f"{link}you/", {"website": "http://spam.example"})
    assert (answer.status_code, heading(answer)) == (400, "Leave one field empty")


def test_thousands_by_an_open_link_are_slowed(monkeypatch: pytest.MonkeyPatch) -> None:
    key = open_one()
    (link,) = links_of(key, None)
    monkeypatch.setattr(limits.new_envelopes, "most", 5)
    role = read_instrument("discharge_information_flow").roles[0].role
    states = []
    for _ in range(8):
        client = Client()
        client.post(link)
        states.append(client.post(f"{link}you/", {"role": role}).status_code)
    assert states == [302] * 5 + [429] * 3
    with connected(key) as file:
        assert file.execute("SELECT count(*) FROM envelopes").fetchone()[0] == 5


def test_an_open_link_takes_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    from wholesystem.web.answers import envelopes

    monkeypatch.setattr(envelopes, "MOST_OF_OPEN_LINK", 2)
    assert linking.MOST_OF_OPEN_LINK > 2
    key = open_one()
    (link,) = links_of(key, None)
    first = Client()
    answer_all(first, link)
    answer_all(Client(), link)
    client = Client()
    client.post(link)
    role = read_instrument("discharge_information_flow").roles[0].role
    answer = client.post(f"{link}you/", {"role": role})
    assert (answer.status_code, heading(answer)) == (410, "This link takes no more answers")
    answers.close_tool(key)
    assert len(answers.sheets(key)) == 2


def test_open_links_cannot_fill_the_disk_and_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from wholesystem.web.answers import envelopes

    key = open_one()
    (link,), (single,) = links_of(key, None), links_of(key)
    begun = Client()
    ready = answer_all(begun, link, send=False)
    monkeypatch.setattr(envelopes, "MOST_BYTES_OF_TOOL", 10_000)
    client = Client()
    client.post(link)
    role = read_instrument("discharge_information_flow").roles[0].role
    answer = client.post(f"{link}you/", {"role": role})
    assert (answer.status_code, heading(answer)) == (410, "This link takes no more answers")
    # What was saved before can be sent, and who has a link of their own answers as ever.
    assert heading(begun.post(ready.redirect_chain[-1][0], follow=True)) == "Thank you"
    assert heading(answer_all(Client(), single)) == "Thank you"


def test_a_browser_without_the_cookie_is_told_what_to_do() -> None:
    key = open_one()
    (link,) = links_of(key)
    answer = Client(enforce_csrf_checks=True).post(link)
    assert (answer.status_code, heading(answer)) == (403, "Your browser did not send its cookie")
    assert "<title>Your browser did not send its cookie" in text_of(answer)


def test_a_page_that_is_too_large_is_refused_before_it_is_read() -> None:
    key = open_one()
    (link,) = links_of(key)
    answer = Client().post(f"{link}page/1/", {"x": "y" * 500_000})
    assert (answer.status_code, heading(answer)) == (413, "That is more than can be taken")


TEXTS = {
    "long": "a" * 10_000,
    "emoji": "👩‍⚕️ 🏥 " * 20,
    "right to left": "شكرا جزيلا\u202eabc",
    "null bytes": "a\x00b\x07c",
    "markup": '<script>alert(1)</script> & "quotes" \'; DROP TABLE sent; --',
    "lines": "one\r\ntwo\r\n\r\nthree",
    "lone surrogate": "a\ud800b",
}


@pytest.mark.parametrize("case", TEXTS)
def test_any_text_comes_through(case: str) -> None:
    key = open_one()
    (link,) = links_of(key)
    asked = read_instrument("discharge_information_flow")
    question = next(one.question for one in asked.asked if one.kind == "text")
    typed = TEXTS[case].encode("utf-8", "replace").decode("utf-8")
    done = answer_all(Client(), link, {question: typed})
    assert heading(done) == "Thank you"
    answers.close_tool(key)
    (sheet,) = answers.sheets(key)
    said = sheet.answers[question]
    kept = typed.replace("\r\n", "\n").strip()
    assert said == "".join(one for one in kept if one in "\n\t" or ord(one) >= 32)


def test_a_comment_that_is_too_long_is_told_and_comes_back() -> None:
    key = open_one()
    asked = read_instrument("discharge_information_flow")
    question = next(one for one in asked.asked if one.kind == "text")
    role = next(one.role for one in asked.roles if asked.is_shown(question, one.role, {}))
    (link,) = links_of(key, role=role)
    client = Client()
    client.post(link)
    typed = "b" * 10_001
    answer = client.post(f"{link}page/{question.page}/", {question.question: typed})
    assert answer.status_code == 400
    assert "It may have at most 10,000 characters; it has 10,001." in text_of(answer)
    assert typed in text_of(answer)


def test_names_are_warned_of_and_held() -> None:
    key = open_one()
    (link,) = links_of(key)
    asked = read_instrument("discharge_information_flow")
    question = next(one.question for one in asked.asked if one.kind == "text")
    words = "Dr Susan Smith never rings, call 07700 900123."
    client = Client()
    ready = answer_all(client, link, {question: words}, send=False)
    assert "You may have named somebody" in text_of(ready)
    assert "Susan Smith" in text_of(ready)
    client.post(ready.redirect_chain[-1][0])
    answers.close_tool(key)
    (sheet,) = answers.sheets(key)
    assert question not in sheet.answers
    ((comment, held_question, text),) = answers.held(key)
    assert (held_question, text) == (question, words)

    assert answers.settle(key, comment, "A doctor never rings.")
    assert not answers.settle(key, comment, "Again.")
    (sheet,) = answers.sheets(key)
    assert sheet.answers[question] == "A doctor never rings."
    assert answers.held(key) == ()
    assert "Susan" not in closed_path(key).read_text("utf-8")


def test_a_withheld_comment_is_counted_and_gone() -> None:
    key = open_one()
    (link,) = links_of(key)
    asked = read_instrument("discharge_information_flow")
    question = next(one.question for one in asked.asked if one.kind == "text")
    answer_all(Client(), link, {question: "Ask Dr Susan Smith."})
    answers.close_tool(key)
    ((comment, _, _),) = answers.held(key)
    answers.settle(key, comment, None)
    assert answers.withheld_counts(key) == {question: 1}
    assert "Susan" not in closed_path(key).read_text("utf-8")


# --------------------------------------------------------------------------- branching


def test_an_answer_to_a_question_that_is_no_longer_shown_is_dropped() -> None:
    asked = read_instrument("discharge_information_flow")
    branching = [one for one in asked.asked if one.shown_if]
    assert branching, "the packaged instrument branches"
    depends = next(
        one for one in branching
        if one.conditions[0].subject in asked.question_by_id
    )  # fmt: skip
    first = asked.question_by_id[depends.conditions[0].subject]
    met = depends.conditions[0].values[0]
    other = next(
        one.value for one in asked.values_of(first.question)
        if one.value not in depends.conditions[0].values
    )  # fmt: skip
    key = open_one()
    role = next(one.role for one in asked.roles if asked.is_shown(first, one.role, {}))
    (link,) = links_of(key, role=role)
    client = Client()
    answer = client.post(link, follow=True)
    given = {first.question: met}
    for _ in range(30):
        path = answer.redirect_chain[-1][0]
        if path.endswith("/check/"):
            break
        answer = client.post(path, fill_first(text_of(answer), {}) | given, follow=True)
    assert depends.text in text_of(answer)
    page = text_of(client.get(f"{link}page/{first.page}/"))
    client.post(f"{link}page/{first.page}/", fill_first(page, {}) | {first.question: other})
    answer = client.get(f"{link}check/", follow=True)
    for _ in range(30):
        path = answer.request["PATH_INFO"]
        if path.endswith("/check/"):
            break
        answer = client.post(path, fill_first(text_of(answer), {}), follow=True)
    assert depends.text not in text_of(answer)
    client.post(f"{link}check/")
    answers.close_tool(key)
    (sheet,) = answers.sheets(key)
    assert depends.question not in sheet.answers
    assert sheet.answers[first.question] == other


# --------------------------------------------------------------------------- closing


def test_closing_again_ends_what_was_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped between any two steps, nothing is lost and nothing doubled."""
    from wholesystem.web.answers import closing

    class Stopped(Exception):
        pass

    def stop(*_: object) -> None:
        raise Stopped

    for step in ("_write", "burn"):
        key = open_one()
        for link in links_of(key, 6):
            answer_all(Client(), link)
        with monkeypatch.context() as patch:
            patch.setattr(closing, step, stop)
            with pytest.raises(Stopped):
                answers.close_tool(key)
        if step == "_write":  # a change of names in between does not open it again
            answers.open_tool(
                key, read_instrument("discharge_information_flow"), "x", TOMORROW, {}, ""
            )
        assert heading(Client().get(links_like(key))) in (
            "This survey has closed", "This link leads nowhere",
        )  # fmt: skip
        answers.close_tool(key)
        answers.close_tool(key)
        assert len(answers.sheets(key)) == 6
        assert not open_path(key).exists()


def links_like(key: str) -> str:
    return f"/answer/{key[:8]}-aaaaaaaaaaaaaaaa/"


def test_a_few_answers_are_not_counted_aloud() -> None:
    key = open_one()
    for at, link in enumerate(links_of(key, 6)):
        assert answers.sent_count(key) == (None if at < 5 else at)
        answer_all(Client(), link)
    assert answers.sent_count(key) == 6


def test_merged_organisations_count_together() -> None:
    key = open_one("relational_audit")
    role = read_instrument("relational_audit").roles[0].role
    if read_instrument("relational_audit").info.asks_organisation != "yes":
        pytest.fail("the packaged audit asks for the organisation")
    for link in links_of(key, organisation="trust", role=role):
        answer_all(Client(), link)
    answers.close_tool(key)
    (sheet,) = answers.sheets(key, {"trust": "council"})
    assert sheet.organisation == "council"


def test_the_order_of_a_closed_tool_stays(tmp_path: Any) -> None:
    key = open_one()
    for link in links_of(key, 5):
        answer_all(Client(), link)
    answers.close_tool(key)
    given = answers.sheets(key)
    asked = read_instrument("discharge_information_flow")
    other = "f" * 32
    answers.import_closed(other, asked, given)
    assert answers.sheets(other) == given
    assert json.loads(closed_path(other).read_text("utf-8"))["held"] == []


def test_an_open_tool_may_be_given_more_time_and_a_closed_one_not() -> None:
    key = open_one(last_day=YESTERDAY)
    (link,) = links_of(key)
    asked = read_instrument("discharge_information_flow")
    answers.open_tool(key, asked, "How is it now?", TOMORROW, {}, "us")
    assert "How is it now?" in text_of(Client().get(link))
    answers.close_tool(key)
    with pytest.raises(FileExistsError):
        answers.open_tool(key, asked, "Again", TOMORROW, {}, "us")
