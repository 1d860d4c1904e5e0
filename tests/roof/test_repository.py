"""The files around the code: licence, catalogue entry, documents, and nothing of one machine in them."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml

from elbe_elster import embedded

ROOT = embedded.ROOT
HERE = Path(__file__).resolve().parent


def tracked() -> list[Path]:
    """Every file that git knows or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def test_publiccode_is_valid() -> None:
    entry = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    jsonschema.validate(entry, json.loads((HERE / "publiccode.schema.json").read_text()))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (entry["softwareVersion"], entry["legal"]["license"]) == (project["version"], project["license"])
    assert dt.date.fromisoformat(entry["releaseDate"])


def test_every_file_says_its_licence() -> None:
    reuse = Path(sys.executable).with_name("reuse")
    done = subprocess.run([reuse, "lint", "--quiet"], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_licence_is_the_text_of_the_eupl() -> None:
    assert (ROOT / "LICENSE").read_text() == (ROOT / "LICENSES" / "EUPL-1.2.txt").read_text()


@pytest.mark.parametrize(
    "document",
    ["README.md", "CHANGELOG.md", "docs/house.md", "docs/glossary.md", "docs/operations.md", "docs/decisions"],
)
def test_document_exists(document: str) -> None:
    assert (ROOT / document).exists()


def test_every_variable_is_documented() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "elbe_elster").glob("*.py"))
    read = set(re.findall(r'(?:environment\.\w+|text|flag|names|number|_read|environ\.get)\(\s*"([A-Z_]+)"', code))
    read -= {"MAKELEVEL", "PORTAL_CHILD_OF", "PORTAL_VOLATILE"}  # what commands of this house tell each other
    read = {name.removesuffix("_FILE") for name in read}
    operations = (ROOT / "docs" / "operations.md").read_text()
    assert sorted(name for name in read if f"`{name}" not in operations) == []


def test_no_file_names_a_machine_or_a_package_host() -> None:
    hosts = ["registry.npmjs" + ".org", "files.pythonhosted" + ".org", "pypi" + ".org", "deb.debian" + ".org"]
    paths = [r"(?<![\w./~-])/(?:root|work)/", "/" + r"tmp/(?:dev|try)\b"]
    pattern = re.compile("|".join([*paths, *map(re.escape, hosts)]))
    found = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if path.name == "package-lock.json" and '"resolved"' in text:
            found.append(f"{path}: resolved")
        found += [f"{path.relative_to(ROOT)}: {hit}" for hit in pattern.findall(text)]
    assert found == []
