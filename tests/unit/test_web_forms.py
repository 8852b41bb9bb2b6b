"""Django forms as NHS form fields: labels, hints, errors that are linked, nothing unescaped."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

from tests.helpers.crawl import FormReader
from wholesystem.web.forms import DateInBoxesField

HOSTILE = "</textarea><script>alert('1')</script>\"'&{{ 7*7 }}"


class EveryKind(forms.Form):
    text = forms.CharField(label="Title", max_length=200, help_text="As on the cover.")
    mail = forms.EmailField(label="E-mail address", required=False)
    places = forms.IntegerField(label="Places", required=False)
    words = forms.CharField(label="What was said", max_length=2000, widget=forms.Textarea)
    role = forms.ChoiceField(
        label="Role", choices=[("", "Choose"), ("lead", "Lead"), ("reader", "Reader")]
    )
    side = forms.ChoiceField(
        label="Side", choices=[("for", "For"), ("against", "Against")], widget=forms.RadioSelect
    )
    many = forms.MultipleChoiceField(
        label="Organisations",
        choices=[("a", "Trust"), ("b", "Council")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sure = forms.BooleanField(label="I am sure", required=False)
    due = DateInBoxesField(label="Due date", noun="the due date")
    file = forms.FileField(label="Document", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def render(source: str, **context: Any) -> str:
    head = '{% from "forms.jinja" import begin, field, finish, whole, post_button with context %}'
    template = engines["jinja2"].from_string(head + source)
    return template.render(context, RequestFactory().get("/"))


def whole(form: forms.Form) -> str:
    return render("{{ whole(form) }}", form=form)


SENT = {
    "text": HOSTILE,
    "mail": "ann@example.org",
    "places": "12",
    "words": f"one\n  two\n\n{HOSTILE}",
    "role": "reader",
    "side": "against",
    "many": ["b"],
    "sure": "on",
    "due-day": "31",
    "due-month": "3",
    "due-year": "2018",
}


def test_what_was_sent_is_shown_again_exactly() -> None:
    page = whole(EveryKind(SENT))
    (found,) = FormReader(page, "/").forms

    shown = {name: values[0] for name, values in found.defaults().items()}
    del shown["csrfmiddlewaretoken"], shown["secret"]
    # A browser leaves out the line end after <textarea>.
    shown["words"] = shown["words"].removeprefix("\n")
    assert shown == {**SENT, "many": "b"}
    assert "<script>alert" not in page


def test_a_clean_form_has_no_error_and_its_hints() -> None:
    page = whole(EveryKind())

    assert "nhsuk-error" not in page
    assert "As on the cover." in page
    assert 'enctype="multipart/form-data"' in page
    assert "E-mail address (optional)" in page
    assert "Title (optional)" not in page
    assert "data-maxlength" in page
    assert 'value="None"' not in page


def test_every_error_is_in_the_summary_and_leads_to_its_field() -> None:
    form = EveryKind({"due-day": "31", "due-month": "2", "due-year": "2018", "mail": "x"})
    page = whole(form)

    for name, first in [("text", ""), ("words", ""), ("role", ""), ("side", ""), ("due", "-day")]:
        assert f'href="#id_{name}{first}"' in page
        assert f'id="id_{name}{first}"' in page
        assert f'id="id_{name}-error"' in page
    assert page.index("There is a problem") < page.index("<form")
    assert "The due date must be a real date" in page


def test_a_field_is_described_by_its_hint_and_error() -> None:
    page = whole(EveryKind({}))

    assert 'aria-describedby="id_text-hint id_text-error"' in page


def test_an_error_of_the_whole_form_has_no_link() -> None:
    form = EveryKind({**SENT})
    form.add_error(None, HOSTILE)
    page = whole(form)

    assert "<script>alert" not in page
    assert "There is a problem" in page


def test_choices_of_radios_leave_the_empty_one_out_and_may_have_hints() -> None:
    page = render(
        '{{ field(form.side, hints={"for": "It bears it out."}, reveal={"against": extra}) }}',
        form=EveryKind(),
        extra="words",
    )

    assert page.count('type="radio"') == 2
    assert "It bears it out." in page
    assert 'data-aria-controls="conditional-id_side-2"' in page


def test_a_heading_is_the_label() -> None:
    page = render("{{ field(form.text, heading=true) }}", form=EveryKind())

    assert '<h1 class="nhsuk-label-wrapper"' in page
    assert "nhsuk-label--l" in page


def test_grouped_choices_keep_their_groups_name() -> None:
    class Grouped(forms.Form):
        kloe = forms.ChoiceField(label="Question", choices=[("Crisis", [("c1", "Safe")])])

    page = render("{{ field(form.kloe) }}", form=Grouped())
    assert "Crisis: Safe" in page


def test_a_button_that_is_a_form_has_the_token() -> None:
    page = render('{{ post_button("/x/", "Go", {"do": hostile}) }}', hostile=HOSTILE)
    (found,) = FormReader(page, "/").forms

    assert found.method == "post"
    assert found.fields["do"].chosen == [HOSTILE]
    assert "csrfmiddlewaretoken" in found.fields


# --------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("day", "month", "year", "told"),
    [
        ("", "", "", "Enter the due date."),
        ("1", "", "2018", "The due date must have a month."),
        ("1", "", "", "The due date must have a month and a year."),
        ("30", "2", "2018", "real date"),
        ("x", "2", "2018", "real date"),
        ("1", "2", "18", "real date"),
        ("1", "2", "99999", "real date"),
        ("١", "2", "2018", "real date"),
        ("1", "2", "9" * 5000, "real date"),
    ],
)
def test_a_wrong_date_is_told(day: str, month: str, year: str, told: str) -> None:
    form = EveryKind({"due-day": day, "due-month": month, "due-year": year})

    (message,) = form.errors["due"]
    assert told in message


def test_a_date_is_read_and_shown() -> None:
    assert EveryKind(SENT).fields["due"].clean({"day": "1", "month": "04", "year": "2018"}) == date(
        2018, 4, 1
    )
    page = whole(EveryKind(initial={"due": date(2017, 11, 3)}))
    (found,) = FormReader(page, "/").forms
    shown = [found.fields[f"due-{part}"].chosen for part in ("day", "month", "year")]
    assert shown == [["3"], ["11"], ["2017"]]


def test_an_optional_date_may_be_left_out() -> None:
    field = DateInBoxesField(required=False)

    assert field.clean(None) is None
    assert not field.has_changed(None, None)
    assert field.has_changed(date(2018, 1, 1), {"day": "2", "month": "1", "year": "2018"})
    assert field.has_changed(None, {"day": "x", "month": "1", "year": "2018"})
