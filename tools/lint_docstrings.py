"""Check the docstrings of all public names in numpydoc's form.

Public is what a package, or a module at the top, names in `__all__`. numpydoc's own command reads
files, and so takes every name without an underscore for public and the fields of a dataclass for
unknown parameters.
"""

import importlib
import inspect
import os
import sys
from pathlib import Path

import django
from numpydoc.validate import validate

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src"

# A summary line that ends in a point; every parameter there, in order, with type and meaning;
# every result with a meaning. Not RT01 (no Returns): a short function's summary says its result.
# Not PR04 (no type): several parameters may be said to be as in another function.
CHECKS = {"GL03", "GL08", "SS01", "SS03", "SS04", "PR01", "PR02", "PR03", "PR07", "RT03"}


def public_modules() -> list[str]:
    """Names of the packages, and of the modules at the top that are not private."""
    paths = [*SRC.rglob("__init__.py"), *(SRC / "wholesystem").glob("[a-z]*.py")]
    parts = [path.relative_to(SRC).with_suffix("").parts for path in paths]
    return sorted(".".join(p[:-1] if p[-1] == "__init__" else p) for p in parts)


def public_names() -> list[str]:
    """Full names, where they are defined, of the public functions and classes."""
    found = set()
    for module_name in public_modules():
        module = importlib.import_module(module_name)
        for name in getattr(module, "__all__", []):
            value = getattr(module, name)
            if inspect.isfunction(value) or inspect.isclass(value):
                found.add(f"{value.__module__}.{value.__qualname__}")
    return sorted(found)


def faults_of(name: str) -> list[str]:
    """Faults of one docstring, one line each."""
    found = validate(name)
    where = f"{found['file']}:{found['file_line']}: {name}"
    return [f"{where}: {code} {text}" for code, text in found["errors"] if code in CHECKS]


def main() -> int:
    """Print every fault; 1 if there is any."""
    # Modules of the workspace can be imported only once Django is set up.
    sys.path.append(str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tools.lint_settings"
    django.setup()
    names = public_names()
    faults = [fault for name in names for fault in faults_of(name)]
    print("\n".join([*faults, f"{len(names)} docstrings, {len(faults)} faults."]))
    return 1 if faults or not names else 0


if __name__ == "__main__":
    sys.exit(main())
