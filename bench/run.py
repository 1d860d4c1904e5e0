"""``make bench``: what the portal's pages cost, beside a constant Django view and a bare WSGI answer.

Everything runs in one go on this machine, under the same server with the same number of workers and threads, in
interleaved rounds: compare inside one run, and by ratio. "fresh" is a page built for one visitor,
"kept" the finished page everybody gets who is not signed in. Processor time counts server and database, not the load tool.
The database holds 500 measures and 20,000 entries of the Chronik (bench/measures.py); the limits stand in bench/pages.py.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

import psutil

from bench.pages import CONSTANT_BYTES, FILES, PAGES, SURVEYS, figure
from elbe_elster import embedded

ROOT = embedded.ROOT
OUT = ROOT / "var" / "bench"
OK = 200
Target = tuple[str, str, psutil.Process, bool]


def main() -> int:
    """Measure, print the table, write the file; 1 when a page fails or something is over its limit."""
    wanted = _arguments()
    os.environ |= {"PORTAL_VAR": str(OUT / "portal"), "DEMO": "1", "SECRET_KEY": "only-for-measuring-" + "0" * 32}
    os.environ["DJANGO_SETTINGS_MODULE"] = "elbe_elster.settings"
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEBUG"):
        os.environ.pop(name, None)
    from bench.install import install

    install()
    with embedded.running() as servers:
        database = [psutil.Process(pid) for server in servers if (pid := server.pid())]
        asked = _ask(wanted)
        found = _measure(database, wanted)
        asked["surveys"]["submissions"] = _submissions()
    result = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": {"cores": psutil.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "seconds": wanted.seconds,
        "rounds": wanted.rounds,
        **asked,
        "measured": found,
    }
    file = OUT / f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}.json"
    file.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print_table(result)
    print(f"\n{file}")
    return 1 if over_limit(result) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--seconds", type=int, default=3, help="length of one round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, interleaved; the median counts")
    parser.add_argument("--connections", type=int, default=16, help="visitors at once")
    parser.add_argument("--only", nargs="*", help="measure only addresses that begin so")
    parser.add_argument("--large", action="store_true", help="1,000,000 responses as well; 4 GB, a quarter of an hour")
    return parser.parse_args()


def _ask(wanted: argparse.Namespace) -> dict[str, Any]:
    """Prepare the data; number of queries and bytes of each page, letters a second, figures of surveys."""
    for module in ("elbe_elster.preparation", "bench.measures"):
        subprocess.run([sys.executable, "-m", module], check=True, cwd=ROOT)
    surveys = _said(["bench.surveys", "--measure", *(["--large"] if wanted.large else [])])
    return {**_said(["bench.queries", *(page.path for page in PAGES)]), "surveys": surveys}


def _said(arguments: list[str]) -> dict[str, Any]:
    """The JSON in the last line of a module."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _submissions() -> dict[str, Any]:
    """On two cores: two processes, as many threads each as the portal has."""
    from bench import submissions
    from tests.browser.portal import served

    with served(log=OUT / "submissions.log", workers=2) as address:
        return submissions.measure(address)


def _measure(database: list[psutil.Process], wanted: argparse.Namespace) -> dict[str, dict[str, float]]:
    from bench import load

    with ExitStack() as stack:
        targets = _targets(stack, CONSTANT_BYTES)
        rounds: dict[str, list[load.Round]] = {}
        for number in range(wanted.rounds):
            for name, url, server, fresh in targets:
                print(f"\r\033[K{number + 1}/{wanted.rounds} {name}", end="", file=sys.stderr, flush=True)
                if wanted.only and name.startswith("/") and not name.startswith(tuple(wanted.only)):
                    continue
                for connections in (1, wanted.connections):
                    one = load.measure(url, connections, wanted.seconds, server, database, fresh=fresh)
                    rounds.setdefault(f"{name} @{connections}", []).append(one)
        print("\r\033[K", end="", file=sys.stderr)
    return {name: load.middle(found) for name, found in rounds.items()}


def _targets(stack: ExitStack, size: int) -> list[Target]:
    """Everything that is loaded: name, address, server process, whether the page is to be built."""
    from tests.browser.portal import served

    def serve(name: str, **more: str) -> tuple[str, psutil.Process]:
        known = {child.pid for child in psutil.Process().children()}
        address = stack.enter_context(served(log=OUT / f"{name}.log", **more))
        fresh = [child for child in psutil.Process().children() if child.pid not in known]
        return address, next(child for child in fresh if "granian" in " ".join(child.cmdline()))

    bare, bare_server = serve("bare", application="bench.limits:application", BENCH_LIMIT="bare")
    constant, constant_server = serve("constant", application="bench.limits:application", BENCH_LIMIT="django")
    portal, portal_server = serve("portal", BASE_URL="http://127.0.0.1")
    targets: list[Target] = [
        ("bare WSGI", f"{bare}/{size}", bare_server, False),
        ("constant Django", f"{constant}/{size}", constant_server, False),
    ]
    for page in PAGES:
        targets.append((f"{page.path} fresh", portal + page.path, portal_server, True))
        targets.append((f"{page.path} kept", portal + page.path, portal_server, False))
    return targets


def print_table(result: dict[str, Any]) -> None:
    """One line for each page; ratios are processor time against the constant Django view of the same run."""
    measured = result["measured"]
    names = list(dict.fromkeys(name.rsplit(" @", 1)[0] for name in measured))
    many = _most_connections(result)
    head = ("page", "SQL", "bytes", "CPU ms", "DB ms", "× Django", f"req/s @{many}", "p50 @1", f"p99 @{many}", "failed")
    print(f"{head[0]:54}" + "".join(f"{text:>12}" for text in head[1:]))
    for name in names:
        one, full = measured[f"{name} @1"], measured[f"{name} @{many}"]
        page = result["pages"].get(name.rsplit(" ", 1)[0], {}) if name.startswith("/") else {}
        queries = page.get("queries", "") if name.endswith("fresh") else ""
        cells = (queries, page.get("bytes", ""), f"{full['server_ms']:.2f}", f"{full['database_ms']:.2f}")
        cells += (f"{_ratio(result, name):.2f}", f"{full['per_second']:.0f}", f"{one['p50_ms']:.1f}")
        cells += (f"{full['p99_ms']:.0f}", f"{full['failed'] + one['failed']:.0f}")
        print(f"{name:54}" + "".join(f"{cell!s:>12}" for cell in cells))
    print()
    for key, file in FILES.items():
        took = result["files"][key]
        limit = f", limit {file.seconds:.0f} s" if file.seconds else ""
        print(f"{file.name}: {took['seconds']:.2f} s, {took['bytes']} bytes, status {took['status']}{limit}")
    letters = result["letters"]
    print(f"letters: {letters['sent_per_second']} a second sent, {letters['written_per_second']} written")
    _print_surveys(result)
    print("\n".join(over_limit(result)) or "\nEverything is within its limits.")


def _print_surveys(result: dict[str, Any]) -> None:
    print()
    for key, one in SURVEYS.items():
        value = figure(result["surveys"], key)
        if value is not None:
            limit = f", at most {one.most:g}" if one.most is not None else ""
            limit += f", at least {one.least:g}" if one.least is not None else ""
            print(f"{one.name}: {value:g} {one.unit}{limit}")


def _over_survey_limits(surveys: dict[str, Any]) -> list[str]:
    wrong = []
    for key, one in SURVEYS.items():
        value = figure(surveys, key)
        if value is not None and one.most is not None and value > one.most:
            wrong.append(f"OVER {one.name.strip()}: {value:g} {one.unit}, at most {one.most:g}")
        if value is not None and one.least is not None and value < one.least:
            wrong.append(f"UNDER {one.name.strip()}: {value:g} {one.unit}, at least {one.least:g}")
    return wrong


def over_limit(result: dict[str, Any]) -> list[str]:
    """What failed or costs too much, one sentence each."""
    wrong = [f"FAILED {name}" for name, figures in result["measured"].items() if figures["failed"]]
    for page in PAGES:
        queries = result["pages"][page.path]["queries"]
        if page.queries is not None and queries > page.queries:
            wrong.append(f"OVER {page.path}: {queries} SQL queries, limit {page.queries}")
        for state in ("fresh", "kept"):  # what --only leaves out is not judged
            name = f"{page.path} {state}"
            if page.ratio is not None and f"{name} @1" in result["measured"] and _ratio(result, name) > page.ratio:
                wrong.append(f"OVER {name}: {_ratio(result, name):.1f} × the constant view, limit {page.ratio:.0f}")
    for key, file in FILES.items():
        took = result["files"][key]
        if took["status"] != OK:
            wrong.append(f"FAILED {file.name}: {took.get('said') or took['status']}")
        elif file.seconds is not None and took["seconds"] > file.seconds:
            wrong.append(f"OVER {file.name}: {took['seconds']:.2f} s, limit {file.seconds:.0f}")
    return wrong + _over_survey_limits(result["surveys"])


def _most_connections(result: dict[str, Any]) -> int:
    return max(int(name.rsplit(" @", 1)[1]) for name in result["measured"])


def _ratio(result: dict[str, Any], name: str) -> float:
    many, measured = _most_connections(result), result["measured"]
    return _cost(measured[f"{name} @{many}"]) / _cost(measured[f"constant Django @{many}"])


def _cost(figures: dict[str, float]) -> float:
    return figures["server_ms"] + figures["database_ms"]


if __name__ == "__main__":
    sys.exit(main())
