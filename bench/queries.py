"""SQL queries of each page as it is built for one visitor, how long files take, and how fast letters leave.

Prints one JSON line.
"""

from __future__ import annotations

import json
import sys

import django


def main(paths: list[str]) -> int:
    """Ask the portal of this environment for every path; print what it took."""
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench import files, letters

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    visitor = Client(raise_request_exception=False, headers={"authorization": "besuch"})
    counts = {}
    for path in paths:
        visitor.get(path)  # fills what a process remembers
        with CaptureQueriesContext(connection) as queries:
            response = visitor.get(path)
        asked = [query for query in queries if not query["sql"].startswith(("BEGIN", "COMMIT"))]
        counts[path] = {"status": response.status_code, "queries": len(asked), "bytes": len(response.content)}
    print(json.dumps({"pages": counts, "files": files.measure(visitor), "letters": letters.measure()}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
