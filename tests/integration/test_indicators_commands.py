"""`wholesystem indicators list | check | load` end to end."""

from pathlib import Path

import pytest

from tests.helpers import profiles
from wholesystem import cli
from wholesystem.indicators import Store, read_catalogue


def run(*words: object) -> int:
    return cli.main([str(word) for word in ("indicators", *words)], environ={})


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Three months, so that each load takes a moment."""
    rows = [*profiles.population_rows(), *profiles.dtoc_rows(3)]
    return profiles.write_files(tmp_path / "data", rows)


def spoil(folder: Path) -> None:
    (folder / "recipes.csv").write_text("cake,flour\nsponge,200\n")


# ------------------------------------------------------------------------ list


def test_every_indicator_is_listed_under_its_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    lines = capsys.readouterr().out.splitlines()
    ids = [line.split()[0] for line in lines if line.startswith("  ")]
    assert sorted(ids) == sorted(read_catalogue())
    groups = [line.removesuffix(":") for line in lines if not line.startswith("  ")]
    assert groups == list(dict.fromkeys(groups))  # each heading once
    assert set(groups) == {one.group for one in read_catalogue().values()}


def test_some_groups_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--group", "DELAYED") == 0
    told = capsys.readouterr().out
    assert "dtoc_rate " in told
    assert "ae_within_4_hours" not in told


def test_a_group_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--group", "cakes") == 2
    assert "No indicator is in a group named 'cakes'." in capsys.readouterr().err


def test_a_catalogue_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("list", "--catalogue", tmp_path / "none.csv") == 2
    assert "none.csv: There is no such file." in capsys.readouterr().err


# ------------------------------------------------------------------------ check


def test_files_are_checked_and_nothing_is_kept(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert run("check", "--data", files, "--no-progress") == 0
    lines = capsys.readouterr().out.splitlines()
    # 25 councils and England: 5 ages in 2 years, and 6 counts in 3 months.
    rows = 26 * 5 * 2 + 26 * 6 * 3
    assert lines == [
        f"figures.csv: observations, {rows} rows read, {rows} kept",
        "shares.csv: trust_areas, 3 rows read, 3 kept",
        "Every file was read. Nothing was kept.",
    ]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bad_file_fails_the_check_and_the_good_ones_are_told(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(files)
    assert run("check", "--data", files, "--no-progress") == 2
    told = capsys.readouterr()
    assert "figures.csv: observations" in told.out
    assert "Every file was read" not in told.out
    assert "recipes.csv" in told.err


def test_every_file_bad_is_told_file_by_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    spoil(data)
    (data / "second.csv").write_text("a,b\n1,2\n")
    assert run("check", "--data", data, "--no-progress") == 2
    told = capsys.readouterr().err
    assert "recipes.csv" in told
    assert "second.csv" in told


# ------------------------------------------------------------------------ load


def test_files_are_kept_in_a_store(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("load", "--data", files, "--store", tmp_path / "store", "--no-progress") == 0
    assert "shares.csv: trust_areas, 3 rows read, 3 kept" in capsys.readouterr().out
    store = Store.open(tmp_path / "store")
    assert set(store.indicators()) == {*profiles.AGES, *profiles.PARTS}
    assert list(store.loads()["file"]) == ["figures.csv", "shares.csv"]


def test_loading_again_adds_nothing(files: Path, tmp_path: Path) -> None:
    words = ("load", "--data", files, "--store", tmp_path / "store", "--no-progress")
    assert run(*words) == 0
    before = len(Store.open(tmp_path / "store").read())
    assert run(*words) == 0
    store = Store.open(tmp_path / "store")
    assert len(store.read()) == before
    assert len(store.loads()) == 2


def test_the_good_files_are_kept_and_the_bad_one_is_told(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(files)
    assert run("load", "--data", files, "--store", tmp_path / "store", "--no-progress") == 2
    told = capsys.readouterr()
    assert "Refused: recipes.csv" in told.err
    assert "Traceback" not in told.err
    assert "recipes.csv" not in told.out
    assert "dtoc_days" in Store.open(tmp_path / "store").indicators()


def test_a_store_is_as_it_was_where_every_file_is_bad(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "store"
    assert run("load", "--data", files, "--store", folder, "--no-progress") == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    bad = tmp_path / "bad"
    bad.mkdir()
    spoil(bad)
    assert run("load", "--data", bad, "--store", folder, "--no-progress") == 2
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert "recipes.csv" in capsys.readouterr().err


def test_a_store_is_not_made_among_other_files(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "mine"
    place.mkdir()
    (place / "letter.txt").write_text("Dear all")
    assert run("load", "--data", files, "--store", place, "--no-progress") == 2
    assert f"{place} holds other files" in capsys.readouterr().err
    assert [path.name for path in place.iterdir()] == ["letter.txt"]


def test_a_store_that_is_a_file(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "store").write_text("mine")
    assert run("load", "--data", files, "--store", tmp_path / "store", "--no-progress") == 2
    assert str(tmp_path / "store") in capsys.readouterr().err
    assert (tmp_path / "store").read_text() == "mine"


@pytest.mark.parametrize("command", [("check",), ("load", "--store", "store")])
def test_there_must_be_something_to_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    for name in ("nowhere", "empty"):
        assert run(*command, "--data", name, "--no-progress") == 2
        assert name in capsys.readouterr().err
    assert not (tmp_path / "store").exists()
