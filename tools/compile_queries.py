"""Write src/wholesystem/indicators/queries.json from the expressions of series_queries.

Run it after a change of the expressions, or of the version of Ibis; a test fails where the file is
not what it would write.
"""

import json

from wholesystem.indicators.queries import QUERIES_FILE
from wholesystem.indicators.series_queries import compiled_queries


def content() -> str:
    """Return what the file should hold."""
    return json.dumps(compiled_queries(), indent=1) + "\n"


if __name__ == "__main__":
    QUERIES_FILE.write_text(content(), encoding="utf-8")
