"""One process of the certificate bench: prints the same certificate again and again and tells how long it took.

It gets ready, says so in a line, waits for a line with a number, does so many, and answers with one value of JSON.

python -m tests.bench.printing signed          as the portal's worker does: page, facts, tags, attachments, signature
python -m tests.bench.printing loop            HTML(…).write_pdf() on the same html, warm
python -m tests.bench.printing command FILE    the `weasyprint` command on the same html
python -m tests.bench.printing typst FILE      for comparison: a page of the same words and as many rows
python -m tests.bench.printing reportlab       the same
"""

import datetime as dt
import importlib
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ccp_portal.environment import ROOT
from ccp_portal.launcher import preparation

SYSTEMS = 28
WARM_UP = 3
STATIC = (ROOT / "static").as_uri() + "/"


def certificate() -> Any:
    """A row as that of a large council, without a database: two pages."""
    from certification.models import Certificate, CertificationScheme

    return Certificate(
        reference="IA-2026-00042-Z",
        origin="award",
        scheme=CertificationScheme(key="independent-assurance"),
        aim="desktop",
        body_name="Meridian Assurance Ltd",
        operator_name="Elmsworth Borough Council",
        scheme_name="Independent assurance against the Surveillance Camera Code",
        scheme_statement="This scheme belongs to the operator of this portal and is not endorsed by government.",
        terms="\n".join(f"Term {number}: the certificate is shown whole and unchanged." for number in range(1, 6)),
        edition_title="Surveillance Camera Code of Practice, amended November 2021",
        scope="Public-space cameras of the town centre.",
        systems_listed=[
            {
                "reference": f"CS-23K{number:04d}",
                "name": f"Town centre {number}",
                "technologies": ["CCTV"],
                "cameras": 100 + number,
                "counted_on": "2026-10-02",
            }
            for number in range(1, SYSTEMS + 1)
        ],
        found={"met": 31, "partly": 3, "na": 1},
        reviewed_on=dt.date(2026, 11, 18),
        issued_on=dt.date(2026, 11, 22),
        valid_from=dt.date(2026, 11, 22),
        valid_until=dt.date(2027, 11, 21),
        address="https://portal.example/certificates/IA-2026-00042-Z/",
    )


def html() -> str:
    """As a program outside the portal would print it: every address whole."""
    from certification.documents import certificate_html

    return certificate_html(certificate()).replace('href="css/', f'href="{STATIC}css/')


def signed() -> Callable[[], object]:
    from certification.documents import certificate_pdf
    from certification.facts import facts_text
    from certification.services.printing import attachments
    from core.signing import check_facts, sign_facts, sign_pdf

    row = certificate()

    def one() -> bytes:
        facts = facts_text(row)
        jws = sign_facts(facts)
        check_facts(jws)
        return sign_pdf(certificate_pdf(row, attachments(facts, jws)), reason=f"Certificate {row.reference}")

    return one


def loop() -> Callable[[], object]:
    from weasyprint import HTML

    text = html()
    return lambda: HTML(string=text, base_url=STATIC).write_pdf()


def command(path: str) -> Callable[[], object]:
    Path(path).write_text(html(), encoding="utf-8")
    program = [sys.executable, "-m", "weasyprint", path, f"{path}.pdf"]
    return lambda: subprocess.run(program, check=True, capture_output=True)


def typst(path: str) -> Callable[[], object]:
    compiler: Any = importlib.import_module("typst")
    rows = "".join(f"[Town centre {n}],[CCTV],[{100 + n}],[2 October 2026]," for n in range(1, SYSTEMS + 1))
    Path(path).write_text(
        f"#set page(paper: 'a4')\n= Elmsworth Borough Council\nCertificate of desktop assurance\n"
        f"#table(columns: 4, table.header[System][Technologies][Cameras][Counted on],{rows})\n".replace("'", '"'),
        encoding="utf-8",
    )
    return lambda: compiler.compile(path)


def reportlab() -> Callable[[], object]:
    sizes: Any = importlib.import_module("reportlab.lib.pagesizes")
    platypus: Any = importlib.import_module("reportlab.platypus")
    styles = importlib.import_module("reportlab.lib.styles").getSampleStyleSheet()

    def one() -> bytes:
        out = io.BytesIO()
        rows = [["System", "Technologies", "Cameras", "Counted on"]]
        rows += [[f"Town centre {n}", "CCTV", str(100 + n), "2 October 2026"] for n in range(1, SYSTEMS + 1)]
        parts = [platypus.Paragraph("Elmsworth Borough Council", styles["Title"]), platypus.Table(rows, repeatRows=1)]
        platypus.SimpleDocTemplate(out, pagesize=sizes.A4, invariant=1).build(parts)
        return out.getvalue()

    return one


WAYS: dict[str, Callable[..., Callable[[], object]]] = {
    "signed": signed,
    "loop": loop,
    "command": command,
    "typst": typst,
    "reportlab": reportlab,
}


def main() -> int:
    preparation.start_django()
    one = WAYS[sys.argv[1]](*sys.argv[2:])
    for _ in range(1 if sys.argv[1] == "command" else WARM_UP):
        one()
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.perf_counter()
        for _ in range(int(line)):
            one()
        print(json.dumps(time.perf_counter() - begun), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
