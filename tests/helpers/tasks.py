"""A task for tests of the worker."""

from __future__ import annotations

from django_tasks import task


@task()
def double(number: int) -> int:
    """Twice the number; refuses a negative one."""
    if number < 0:
        raise ValueError("secret words")
    return 2 * number
