"""The workspace's own files: nothing remote, nothing of the NHS's that is not ours to use."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

WEB = ROOT / "src" / "wholesystem" / "web"
STATIC = WEB / "static"
TEXTS = sorted(path for path in STATIC.rglob("*") if path.is_file())
# The names of XML's own vocabularies are no addresses.
NAMES = "http://www.w3.org/2000/svg"


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_no_file_names_an_address(path: Path) -> None:
    text = path.read_text("utf-8").replace(NAMES, "")

    assert "http" not in text
    assert "sourceMappingURL" not in text
    assert "@import" not in text


def test_the_style_sheet_has_local_fonts_only() -> None:
    css = (STATIC / "nhsuk" / "nhsuk-frontend.css").read_text("utf-8")

    assert "@font-face" not in css
    assert "Frutiger" not in css
    assert "font-family:arial,sans-serif" in css
    for name in re.findall(r"url\(([^)]*)\)", css):
        assert (STATIC / "nhsuk" / name).is_file()


def test_the_licence_lies_beside() -> None:
    licence = (STATIC / "nhsuk" / "LICENSE.txt").read_text("utf-8")

    assert "MIT License" in licence
    assert "Copyright (c) 2019 NHS.UK" in licence


def test_no_logo_is_there() -> None:
    names = {path.name for path in TEXTS}

    assert not {name for name in names if "logo" in name or "favicon.ico" in name}
    base = (WEB / "templates" / "base.html.jinja").read_text("utf-8")
    assert "header/macro" not in base  # the NHS header draws the logo always
    assert "footer/macro" not in base  # the NHS footer says whose copyright it is


TEMPLATES = sorted(WEB.rglob("*.jinja"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_anything_inline(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)

    assert re.search(r"<script(?![^>]*\bsrc=)", text) is None
    assert re.search(r"<style|\sstyle=|\son[a-z]+=", text) is None
    assert re.search(r"https?://", text) is None
    assert "| safe" not in text


def test_the_copy_is_made_without_what_is_remote(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import nhsuk_assets
    finally:
        sys.path.pop(0)
    css = (
        '@font-face{font-family:"Frutiger W01";src:url(https://x.example/f.woff2)}'
        'html{font-family:"Frutiger W01",arial,sans-serif}'
        "a{background:url(/assets/images/nhsuk-icon-cross.svg)}/*# sourceMappingURL=x.map */"
    )

    local = nhsuk_assets.localise_styles(css)
    assert local == "html{font-family:arial,sans-serif}a{background:url(nhsuk-icon-cross.svg)}\n"
    assert nhsuk_assets.images_named(local) == ["nhsuk-icon-cross.svg"]
    with pytest.raises(SystemExit):
        nhsuk_assets.localise_styles("a{background:url(https://x.example/a.png)}")
