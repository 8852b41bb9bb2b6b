"""The examples in docstrings run and show what they say."""

import doctest
import importlib

import pytest

from tests.unit.test_architecture import module_of, modules

WITH_EXAMPLES = [path for path in modules() if ">>> " in path.read_text("utf-8")]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=module_of)
def test_examples_of_a_module(path) -> None:
    module = importlib.import_module(module_of(path))
    # What a function is made of by a decorator still holds its examples.
    outcome = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)

    assert outcome.attempted > 0
    assert outcome.failed == 0
