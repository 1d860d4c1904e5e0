#!/usr/bin/env python
"""Django's command line. Where no database or queue is configured, the portal's own are started beside it."""

import os
import sys


def main() -> int:
    """Run one management command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elbe_elster.settings")
    from django.core.management import execute_from_command_line

    from elbe_elster import embedded

    if not set(sys.argv[1:2]) - {"help", "--help", "--version", "compilemessages", "makemessages"}:
        execute_from_command_line(sys.argv)
        return 0
    try:
        with embedded.running():
            execute_from_command_line(sys.argv)
    except embedded.EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
