"""The chain of site events: appended only, and a change from outside is found."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.helpers.accounts import make_person
from wholesystem.errors import OurFault
from wholesystem.web.audit.append_only import allow_changes, refuse_changes
from wholesystem.web.audit.chain import digest_of, find_breaks, record
from wholesystem.web.audit.models import SiteEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def links() -> list[SiteEvent]:
    user = make_person()
    return [record("tried", by=user, of="user:1", details={"count": n}) for n in range(5)]


@pytest.fixture
def unguarded(links: list[SiteEvent]) -> list[SiteEvent]:
    """As whoever owns the database could have it: with the triggers dropped."""
    with connection.schema_editor() if connection.vendor != "sqlite" else _Editor() as editor:
        allow_changes("audit_siteevent")(None, editor)
    return links


class _Editor:
    """What a migration's step asks of a schema editor; SQLite's own refuses within a test."""

    connection = connection

    def __enter__(self) -> _Editor:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)


def test_a_chain_that_nobody_touched_holds(links: list[SiteEvent]) -> None:
    assert [one.number for one in links] == [1, 2, 3, 4, 5]
    assert [one.previous for one in links[1:]] == [one.digest for one in links[:-1]]
    assert links[0].previous == ""
    assert find_breaks() == []


def _replace() -> None:
    """SQLite can put a row in another's place; PostgreSQL can empty a table."""
    columns = "number, at, action, object, details, previous, digest"
    statement = {
        "sqlite": f"INSERT OR REPLACE INTO audit_siteevent ({columns})"
        " VALUES (3, '', 'other', '', '{}', '', '')"
    }.get(connection.vendor, "TRUNCATE audit_siteevent")
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        lambda: SiteEvent.objects.filter(number=3).update(action="other"),
        lambda: SiteEvent.objects.filter(number=3).delete(),
        lambda: SiteEvent.objects.all().delete(),
        lambda: _replace(),
    ],
)
def test_the_database_refuses_to_change_or_delete(change: Any, links: list[SiteEvent]) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        change()

    assert find_breaks() == []
    assert SiteEvent.objects.count() == 5


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "other"),
        ("actor", 99),
        ("object", "user:2"),
        ("details", '{"count":7}'),
        ("at", "2000-01-01T00:00:00.000000+00:00"),
    ],
)
def test_a_change_is_found(column: str, value: Any, unguarded: list[SiteEvent]) -> None:
    SiteEvent.objects.filter(number=3).update(**{column: value})

    assert [(one.number, one.what) for one in find_breaks()] == [
        (3, "Its content is not what was recorded.")
    ]


def test_a_change_with_its_digest_made_anew_is_found(unguarded: list[SiteEvent]) -> None:
    link = SiteEvent.objects.get(number=3)
    link.action = "other"
    link.digest = digest_of(link)
    link.save()

    assert [one.number for one in find_breaks()] == [4]


def test_a_link_taken_out_is_found(unguarded: list[SiteEvent]) -> None:
    SiteEvent.objects.filter(number=3).delete()

    assert [(one.number, one.what) for one in find_breaks()] == [
        (3, "The link is missing."),
        (4, "It does not follow from the link before it."),
    ]


def test_the_triggers_can_be_put_back(unguarded: list[SiteEvent]) -> None:
    refuse_changes("audit_siteevent")(None, _Editor())
    with pytest.raises(DatabaseError), transaction.atomic():
        SiteEvent.objects.all().delete()


def test_nothing_but_fixed_words_and_numbers_goes_in() -> None:
    for wrong in ({"name": "Ann Other"}, {"Ann": 1}):
        with pytest.raises(OurFault, match="fixed words"):
            record("tried", by=None, details=wrong)  # type: ignore[arg-type]
    with pytest.raises(OurFault, match="fixed words"):
        record("Ann tried", by=None)
    assert not SiteEvent.objects.exists()


@pytest.mark.parametrize("table", ["x; DROP TABLE y", "", "Accounts"])
def test_a_trigger_is_made_for_a_plain_name_only(table: str) -> None:
    with pytest.raises(OurFault):
        refuse_changes(table)(None, _Editor())
