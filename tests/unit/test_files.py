"""Writing that is whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wholesystem.errors import OutputError
from wholesystem.files import atomic_path, check_folder, replaced_folder, staged_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "summary.csv"

    with atomic_path(target) as part:
        part.write_text("a\n")
        assert part.suffix == ".csv"
        assert not target.exists()

    assert target.read_text() == "a\n"
    assert names(target.parent) == ["summary.csv"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_leaves_the_earlier_file(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "summary.csv"
    target.write_text("before")

    with pytest.raises(error), atomic_path(target) as part:
        part.write_text("half")
        raise error

    assert target.read_text() == "before"
    assert names(tmp_path) == ["summary.csv"]


def test_an_error_leaves_no_new_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError), atomic_path(tmp_path / "new" / "a.csv"):
        raise ValueError

    assert names(tmp_path) == []


def test_a_folder_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"), atomic_path(tmp_path):
        pass


def test_staged_files_move_in_together_and_others_stay(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "kept.txt").write_text("kept")
    (out / "summary.csv").write_text("before")

    with staged_folder(out) as stage:
        (stage / "summary.csv").write_text("after")
        (stage / "pictures").mkdir()
        (stage / "pictures" / "map.svg").write_text("<svg/>")
        assert (out / "summary.csv").read_text() == "before"

    assert names(out) == ["kept.txt", "pictures", "summary.csv"]
    assert (out / "summary.csv").read_text() == "after"
    assert (out / "pictures" / "map.svg").read_text() == "<svg/>"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_leaves_the_earlier_results(tmp_path: Path, error: type[BaseException]) -> None:
    (tmp_path / "summary.csv").write_text("before")

    with pytest.raises(error), staged_folder(tmp_path) as stage:
        (stage / "summary.csv").write_text("half")
        raise error

    assert names(tmp_path) == ["summary.csv"]
    assert (tmp_path / "summary.csv").read_text() == "before"


def test_an_error_makes_no_results_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError), staged_folder(tmp_path / "a" / "b"):
        raise ValueError

    assert names(tmp_path) == []


def test_a_file_where_the_folder_should_be_is_told_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")

    for target in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(OutputError, match="is a file"), staged_folder(target):
            pytest.fail("the work must not begin")
        with pytest.raises(OutputError, match="is a file"):
            check_folder(target)

    assert (tmp_path / "out").read_text() == "mine"


def test_a_folder_where_a_file_should_go_stops_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "summary.csv").mkdir()

    with pytest.raises(OutputError, match="is a folder"), staged_folder(tmp_path) as stage:
        (stage / "daily.csv").write_text("new")
        (stage / "summary.csv").write_text("new")

    assert names(tmp_path) == ["summary.csv"]


def test_a_folder_that_may_not_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(OutputError, match="may not be written"):
        check_folder("out")


def test_results_are_readable_by_others_as_usual(tmp_path: Path) -> None:
    with staged_folder(tmp_path / "out") as stage:
        (stage / "a.csv").write_text("a")

    usual = tmp_path / "usual"
    usual.mkdir()
    assert (tmp_path / "out").stat().st_mode == usual.stat().st_mode


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    for name in ("first.csv", "second.csv"):
        with replaced_folder(out) as stage:
            (stage / name).write_text(name)
            assert stage.parent == out.parent
        assert names(out) == [name]

    assert names(out.parent) == ["out"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_leaves_the_earlier_folder(tmp_path: Path, error: type[BaseException]) -> None:
    with replaced_folder(tmp_path / "out") as stage:
        (stage / "kept.csv").write_text("kept")

    with pytest.raises(error), replaced_folder(tmp_path / "out") as stage:
        (stage / "half.csv").write_text("half")
        raise error
    with pytest.raises(error), replaced_folder(tmp_path / "new" / "out"):
        raise error

    assert names(tmp_path) == ["out"]
    assert names(tmp_path / "out") == ["kept.csv"]


def test_a_folder_put_aside_by_a_stopped_computer_goes_with_the_next_writing(
    tmp_path: Path,
) -> None:
    (tmp_path / ".out.before").mkdir()
    with replaced_folder(tmp_path / "out") as stage:
        (stage / "new.csv").write_text("new")

    assert names(tmp_path) == ["out"]


def test_a_folder_that_cannot_take_its_place_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with replaced_folder(tmp_path / "out") as stage:
        (stage / "kept.csv").write_text("kept")
    rename = os.replace

    def refuse(source: Path, target: Path) -> None:
        if ".writing-" in str(source):
            raise PermissionError(13, "held", str(target))
        rename(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OutputError, match="may not be replaced"), replaced_folder(tmp_path / "out"):
        pass

    assert names(tmp_path) == ["out"]
    assert names(tmp_path / "out") == ["kept.csv"]


def test_a_file_is_not_replaced_by_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="is a file"), replaced_folder(tmp_path / "out"):
        pass
