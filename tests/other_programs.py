"""What programs of others say of a PDF: poppler's pdfsig with certificates of NSS, and qpdf."""

import re
import subprocess
from pathlib import Path


def trusting(authority: bytes, folder: Path) -> Path:
    """A store of NSS in `folder`, made there, that trusts one authority (PEM) and nobody else."""
    folder.mkdir()
    (folder / "authority.pem").write_bytes(authority)
    _run("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
    _run("certutil", "-A", "-d", f"sql:{folder}", "-n", "ca", "-t", "C,C,C", "-i", str(folder / "authority.pem"))
    return folder


def pdfsig(path: Path, store: Path) -> dict[str, str]:
    """Every line that pdfsig says of the one signature of a file, by its label; lines without one by themselves."""
    said = _run("pdfsig", "-nssdir", f"sql:{store}", str(path))
    lines = re.findall(r"^  - ([^:\n]+?)(?:: (.*))?$", said, re.MULTILINE)
    assert said.count("Signature #") == 1
    return dict(lines)


def qpdf_finds_nothing(path: Path) -> bool:
    """Whether `qpdf --check` ends without an error and without a warning."""
    return subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
