"""Programs that are looked for on this machine."""

import os
import shutil
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_chromium() -> str | None:
    """The browser of the browser tests: PORTAL_CHROMIUM, else one on the PATH."""
    if named := os.environ.get("PORTAL_CHROMIUM"):
        return named
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def find_clamd() -> str | None:
    """The virus scanner of the tests of uploads. Debian keeps it where the PATH of a person does not look."""
    return shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")


def find_nginx() -> str | None:
    """The web server of the tests of deploy/. Debian keeps it where the PATH of a person does not look."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


BROTLI_MODULE = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


def lacking_deploy_packages() -> list[str]:
    """The Debian packages of what the tests of deploy/ run that is not here."""
    there = {
        "nginx-light": find_nginx() is not None,
        "libnginx-mod-http-brotli-static": BROTLI_MODULE.is_file(),
        "docker-compose": shutil.which("docker-compose") is not None,
    }
    return [package for package, found in there.items() if not found]


PDF_PROGRAMS = {"pdfsig": "poppler-utils", "qpdf": "qpdf", "certutil": "libnss3-tools"}
"""By which the tests have signed documents judged by others, each with its Debian package."""


def lacking_pdf_packages() -> list[str]:
    """The packages of those of `PDF_PROGRAMS` that are not here."""
    return [package for program, package in PDF_PROGRAMS.items() if shutil.which(program) is None]
