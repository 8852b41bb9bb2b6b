"""Zips and folders that no bundle may be: refused before anything of them is unpacked."""

import os
import stat
import struct
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import bundles
from tests.helpers.bundles import faults_of, tree, zipped
from wholesystem.reviews import bundle_places, read_bundle, write_bundle
from wholesystem.reviews.bundle_zip import check_zip


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    return tree(bundles.written(tmp_path))


def test_a_zip_with_one_folder_at_its_top_is_read(tmp_path: Path, files: dict[str, bytes]) -> None:
    packed = zipped({f"my review/{name}": data for name, data in files.items()}, tmp_path / "a.zip")

    found = read_bundle(packed)
    assert found.review == bundles.review()
    assert (found.edited, found.notes) == ((), ())


def test_a_zip_that_was_packed_by_another_program_is_read(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    def deflate(entry: Any) -> None:
        entry.compress_type = zipfile.ZIP_DEFLATED

    packed = zipped({**files, "__MACOSX/._evidence.csv": b"x"}, tmp_path / "a.zip", deflate)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.mkdir("documents/")

    found = read_bundle(packed)
    assert found.review == bundles.review()
    assert found.notes == ("__MACOSX/._evidence.csv: left out, another program's.",)


def refused(tmp_path: Path, files: dict[str, bytes], change: Any = None) -> list[str]:
    packed = zipped(files, tmp_path / "a.zip", change)
    before = sorted(tmp_path.parent.rglob("*"))
    faults = faults_of(lambda: read_bundle(packed))
    assert sorted(tmp_path.parent.rglob("*")) == before  # nothing was unpacked anywhere
    return faults


@pytest.mark.parametrize(
    "name",
    ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "C:/evil.csv", "a//b.csv", "./a.csv",
     "..", "..\\evil.csv", "\\\\server\\evil.csv"],
)  # fmt: skip
def test_a_name_that_leads_out_is_refused(
    tmp_path: Path, files: dict[str, bytes], name: str
) -> None:
    faults = refused(tmp_path, {**files, name: b"x"})

    assert [fault for fault in faults if "Its name leads out of the bundle." in fault]


def test_names_with_backslashes_and_controls_are_refused(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    faults = refused(tmp_path, {**files, "documents\\a.pdf": b"x", "a\x1b[31m.csv": b"x"})

    assert any("Its name holds a backslash." in fault for fault in faults)
    assert any("Its name holds control characters." in fault for fault in faults)
    assert "\x1b" not in "".join(str(faults))


def test_a_link_in_a_zip_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    def link(entry: Any) -> None:
        if entry.filename == "people.csv":
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert refused(tmp_path, files, link) == [
        "people.csv: It is a link or another special file. Put the file itself there."
    ]


def test_an_encrypted_file_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    packed = zipped(files, tmp_path / "a.zip")
    data = bytearray(packed.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    packed.write_bytes(data)

    assert any("It is encrypted." in fault for fault in faults_of(lambda: read_bundle(packed)))


def test_an_unknown_packing_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    def pack(entry: Any) -> None:
        entry.compress_type = zipfile.ZIP_LZMA

    faults = refused(tmp_path, files, pack)
    assert all("It is packed in a way that is not read here." in fault for fault in faults)
    assert len(faults) == len(files)


def test_a_bomb_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    def deflate(entry: Any) -> None:
        entry.compress_type = zipfile.ZIP_DEFLATED

    faults = refused(tmp_path, {**files, "documents/bomb.bin": bytes(20_000_000)}, deflate)
    assert faults == [
        "documents/bomb.bin: It unpacks to more than 200 times its size. Do not trust this zip, or"
        " make it again without packing."
    ]


def test_a_file_that_is_longer_than_the_zip_says_is_refused(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    """The bounds are of what the directory says, so no more than that may ever come out."""

    def deflate(entry: Any) -> None:
        entry.compress_type = zipfile.ZIP_DEFLATED

    packed = zipped({"people.csv": b"a" * 100_000}, tmp_path / "a.zip", deflate)
    data = bytearray(packed.read_bytes())
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 24, 10)
    packed.write_bytes(data)
    with zipfile.ZipFile(packed) as archive:
        assert archive.getinfo("people.csv").file_size == 10

    faults = faults_of(lambda: read_bundle(packed))
    assert faults  # no bundle.json; and what was read is no more than 10 bytes


def test_too_much_is_refused(
    tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed, folder = zipped(files, tmp_path / "a.zip"), tmp_path / "bundle"
    monkeypatch.setattr(bundle_places, "MOST_DOCUMENT_BYTES", 1_000)
    for place in (packed, folder):
        faults = faults_of(lambda place=place: read_bundle(place))  # type: ignore[misc]
        assert any(fault.startswith("bundle.json: It is larger than") for fault in faults)
    monkeypatch.setattr(bundle_places, "MOST_DOCUMENT_BYTES", 100_000)
    monkeypatch.setattr(bundle_places, "MOST_TOTAL_BYTES", 5_000)
    assert "Its files are larger" in faults_of(lambda: read_bundle(folder))[0]
    assert "a.zip: It is larger" in faults_of(lambda: read_bundle(packed))[0]
    monkeypatch.setattr(bundle_places, "MOST_FILES", 5)
    assert "It holds more than 5 files." in faults_of(lambda: read_bundle(folder))[0]


def test_the_directory_of_a_zip_is_bounded_before_it_is_read(tmp_path: Path) -> None:
    many = tmp_path / "a.zip"
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(200):
            archive.writestr(f"{number:0200d}.txt", b"")

    assert check_zip(many, 200, 10**9) == []
    assert "holds more than 20 files" in str(check_zip(many, 20, 10**9)[0])
    assert "larger than 0 MB" in str(check_zip(many, 200, 1_000)[0])


@pytest.mark.parametrize("twin", ["people.csv", "PEOPLE.csv"])
def test_doubled_names_are_refused(tmp_path: Path, files: dict[str, bytes], twin: str) -> None:
    packed = zipped(files, tmp_path / "a.zip")
    with zipfile.ZipFile(packed, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of what is meant here
        archive.writestr(twin, "x")

    faults = faults_of(lambda: read_bundle(packed))
    assert faults == [
        "people.csv: The zip holds more than one file of this name, capitals apart."
        " Make the zip again from the folder."
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "It is neither a folder nor a zip."),
        (b"hello", "It is neither a folder nor a zip."),
        (b"PK\x03\x04" + b"x" * 100, "The zip is cut short: its end is missing."),
    ],
)
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "a.zip").write_bytes(data)

    assert told in faults_of(lambda: read_bundle(tmp_path / "a.zip"))[0]


def test_a_zip_cut_or_damaged_anywhere_is_refused_or_whole(tmp_path: Path) -> None:
    """Of every damaged byte it is told that there is a fault; most damage is in some content."""
    whole = tmp_path / "whole.zip"
    write_bundle(bundles.review(), bundles.attached(), whole)
    data = whole.read_bytes()
    damaged = tmp_path / "a.zip"
    for at in range(0, len(data), 97):
        damaged.write_bytes(data[:at])
        assert faults_of(lambda: read_bundle(damaged)), at
        changed = bytearray(data)
        changed[at] ^= 0xFF
        damaged.write_bytes(changed)
        try_to_read(damaged)


def try_to_read(path: Path) -> None:
    """Faults of the table kind or the very same review: nothing else."""
    if not faults_of(lambda: read_bundle(path)):
        assert read_bundle(path).review == bundles.review()


def test_there_is_no_such_bundle(tmp_path: Path) -> None:
    write_bundle(bundles.review(), None, tmp_path / "oxford")

    assert faults_of(lambda: read_bundle(tmp_path / "oxfrod")) == [
        f"{tmp_path / 'oxfrod'}: There is no such folder or zip. Did you mean"
        f" {tmp_path / 'oxford'}?"
    ]


def test_an_earlier_bundle_that_was_put_aside_is_named(tmp_path: Path) -> None:
    write_bundle(bundles.review(), None, tmp_path / "ox")
    (tmp_path / "ox").rename(tmp_path / ".ox.before")

    assert (
        "Writing it was cut short. The earlier one is"
        in faults_of(lambda: read_bundle(tmp_path / "ox"))[0]
    )


# --------------------------------------------------------------------------- folders


def test_links_and_pipes_in_a_folder_are_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    folder = tmp_path / "bundle"
    (folder / "people.csv").unlink()
    (folder / "people.csv").symlink_to("/etc/passwd")
    (folder / "texts" / "loop").symlink_to(folder)
    os.mkfifo(folder / "evidence2.csv")

    faults = faults_of(lambda: read_bundle(folder))
    assert [fault.partition(":")[0] for fault in faults] == [
        "evidence2.csv",
        "people.csv",
        "texts/loop",
    ]


def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path, files: dict[str, bytes]) -> None:
    folder = tmp_path / "bundle"
    if os.geteuid() == 0:
        pytest.skip("the superuser may read everything")
    (folder / "framework").chmod(0)
    faults = faults_of(lambda: read_bundle(folder))
    (folder / "framework").chmod(0o755)

    assert "It cannot be read" in faults[0]


def test_a_pipe_is_no_bundle(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "b")

    assert "It is no ordinary file." in faults_of(lambda: read_bundle(tmp_path / "b"))[0]


def test_the_large_form_of_a_zips_end_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    """Its sizes stand elsewhere, where they would not be bounded."""
    packed = zipped(files, tmp_path / "a.zip")
    data = packed.read_bytes()
    packed.write_bytes(data[:-22] + b"PK\x06\x07" + bytes(16) + data[-22:])

    assert "The zip holds more than" in faults_of(lambda: read_bundle(packed))[0]
