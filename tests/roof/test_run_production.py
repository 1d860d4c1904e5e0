"""The production shape, as far as it can be checked without Docker."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.roof.test_run_settings import ROOT

if TYPE_CHECKING:
    from pathlib import Path

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
INTERNAL = {"PORTAL_VOLATILE", "PORTAL_CHILD_OF", "MAKELEVEL"}  # set by the portal or make, never by people


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def variables_read() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "elbe_elster").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"\b(?:text|flag|names|hosts|networks)\(\s*\"([A-Z_]{3,})\"", source))
        found |= set(re.findall(r"environ(?:\.get)?[\[(]\"([A-Z_]{3,})\"", source))
    return {name.removesuffix("_FILE") for name in found} - INTERNAL - {"DJANGO_SETTINGS_MODULE"}


def test_every_variable_is_described() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE)) == variables_read()


def test_the_services_and_what_they_may(compose: Any) -> None:
    services = compose["services"]
    assert set(services) == {"proxy", "web", "worker", "beat", "migrate", "db", "queue"}
    for name, service in services.items():
        assert (name, service["read_only"], service["cap_drop"]) == (name, True, ["ALL"])
        assert (name, service["security_opt"]) == (name, ["no-new-privileges:true"])
        assert service["deploy"]["resources"]["limits"]["memory"]
        assert "privileged" not in service
    assert "ports" not in services["db"]
    assert services["db"]["networks"] == services["queue"]["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_secrets_are_files_and_there_is_no_demo(compose: Any) -> None:
    settings = compose["services"]["web"]["environment"]
    secret = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "EMAIL_URL"}
    assert {name for name in settings if name.endswith("_FILE")} == {f"{name}_FILE" for name in secret}
    assert not {"DEMO", "DEBUG", *secret} & set(settings)
    used = {name for service in compose["services"].values() for name in service.get("secrets", [])}
    assert used == set(compose["secrets"])


def test_commands_of_the_services_exist(compose: Any) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "USER 10001" in dockerfile
    for name in ("worker", "beat"):
        program, *arguments = compose["services"][name]["command"]
        options = [part for part in arguments if part.startswith("--") and part not in {"--app", "--quiet"}]
        shown = subprocess.run(
            [sys.executable, "-m", program, *arguments[:3], name, "--help"],
            capture_output=True, text=True, check=True, cwd=ROOT,
        ).stdout  # fmt: skip
        assert [option for option in options if option.partition("=")[0] not in shown] == []
    web = re.findall(r'"(--[a-z-]+)"', dockerfile.rpartition('CMD ["granian"')[2])
    shown = subprocess.run(
        [sys.executable, "-m", "granian", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert [option for option in web if option not in shown] == []


def test_the_image_takes_no_secret_and_no_data_with_it() -> None:
    allowed = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"]
    assert allowed == ["!elbe_elster", "!templates", "!static", "!locale", "!requirements", "!manage.py", "!LICENSE"]


@pytest.mark.parametrize("listen", ["plain", "tls"])
def test_nginx_understands_its_configuration(tmp_path: Path, listen: str) -> None:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    sources = {name: (ROOT / "deploy" / name).read_text(encoding="utf-8") for name in ("nginx.conf", "portal.conf")}
    sources["listen.conf"] = (ROOT / "deploy" / f"{listen}.conf").read_text(encoding="utf-8")
    assert all(source.count("{") == source.count("}") for source in sources.values())
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in sources["portal.conf"]
    if nginx is None or (listen == "tls" and shutil.which("openssl") is None):
        return  # the braces are all that can be read without nginx
    if listen == "tls":
        key, certificate = tmp_path / "portal.key", tmp_path / "portal.crt"
        command = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=portal",
            "-keyout",
            str(key),
        ]
        subprocess.run([*command, "-out", str(certificate)], check=True, capture_output=True)
    for name, source in sources.items():
        here = source.replace(" /tmp/", f" {tmp_path}/").replace("/etc/nginx/certificates", str(tmp_path))
        for other in sources:
            here = here.replace(f"/etc/nginx/{other}", str(tmp_path / other))
        here = here.replace("http2 on;", "").replace("/dev/stdout", str(tmp_path / "access.log"))  # nginx before 1.25
        (tmp_path / name).write_text(here, encoding="utf-8")
    command = [nginx, "-t", "-e", str(tmp_path / "error.log"), "-c", str(tmp_path / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_django_finds_nothing_unsafe_in_production() -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PORTAL_VAR": os.environ["PORTAL_VAR"],
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "SECRET_KEY": "j2Gq8Zx0mV5tYb7Kc1Ld4Wf9Rh3Np6Sa-u_QeTiOgXyBzCvMnHkJlPw",
        "BASE_URL": "https://portal.example.org",
        "EMAIL_URL": "submission://name:passwort@mail.example.org:587",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--tag", "security", "--fail-level", "INFO"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), done.stderr
