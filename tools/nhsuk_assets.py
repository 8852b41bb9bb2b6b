"""Make the workspace's copy of NHS.UK frontend from its unpacked package.

Run with the folder of the package: ``python tools/nhsuk_assets.py path/to/nhsuk-frontend``. The
style sheet loses its remote fonts, which only the NHS may use, and every address: nothing is
fetched when a page is shown. The logo and the icons of the NHS are not taken.
"""

import json
import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/wholesystem/web/static/nhsuk"

LICENCE = """\
NHS.UK frontend {version}, with the remote fonts taken out of its style sheet.

MIT License

Copyright (c) 2019 NHS.UK

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""

IMAGES = "/assets/images/"


def localise_styles(css: str) -> str:
    """The style sheet with no remote font and no address off this computer."""
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = re.sub(r"""["']?Frutiger W01["']?\s*,\s*""", "", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css).strip() + "\n"
    # Beside the style sheet, wherever the site's static files are.
    css = css.replace(IMAGES, "")
    if "http" in css or "Frutiger" in css:
        raise SystemExit("The style sheet still names a remote file or Frutiger. Look at it.")
    return css


def images_named(css: str) -> list[str]:
    """File names of the pictures that the style sheet uses."""
    return sorted(set(re.findall(r"""url\(["']?([a-z-]+\.svg)["']?\)""", css)))


def main() -> int:
    """Write the copy."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    package = Path(sys.argv[1])
    dist = package / "dist" / "nhsuk"
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    css = localise_styles((dist / "nhsuk-frontend.min.css").read_text("utf-8"))
    script = (dist / "nhsuk-frontend.min.js").read_text("utf-8")
    script = re.sub(r"//# sourceMappingURL=.*", "", script).strip() + "\n"
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "nhsuk-frontend.css").write_text(css, "utf-8")
    (TARGET / "nhsuk-frontend.js").write_text(script, "utf-8")
    (TARGET / "LICENSE.txt").write_text(LICENCE.format(version=version), "utf-8")
    for name in images_named(css):
        (TARGET / name).write_bytes((dist / "assets" / "images" / name).read_bytes())
    print(f"Wrote NHS.UK frontend {version} to {TARGET}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
