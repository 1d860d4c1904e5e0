"""``make test``: runs pytest beside a PostgreSQL and a Valkey of the tests' own."""

import os
import subprocess
import sys

from elbe_elster import embedded


def main() -> int:
    """Run pytest with the arguments given; return its exit code."""
    os.environ["PORTAL_VAR"] = str(embedded.ROOT / "var" / "test")
    os.environ["PORTAL_VOLATILE"] = "1"
    os.environ["SECRET_KEY"] = "only-for-the-tests-of-this-checkout"
    try:
        with embedded.running():
            return subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], check=False).returncode
    except embedded.EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
