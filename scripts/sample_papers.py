"""Write sample papers with ordinary, long and rare values to a folder, for looking at them.

Run ``python scripts/sample_papers.py FOLDER`` from the top of the project. Nothing is stored.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from housing_portal.certificates.context import build
from housing_portal.certificates.models import CERTIFICATE, RECEIPT, REFUSAL
from housing_portal.certificates.render import render
from tests.factories import papers

PAPERS = {
    "certificate": (CERTIFICATE, papers.ORDINARY),
    "certificate-long": (CERTIFICATE, papers.LONG),
    "certificate-company": (CERTIFICATE, papers.COMPANY),
    "certificate-once": (CERTIFICATE, papers.ONCE),
    "certificate-rare": (CERTIFICATE, papers.RARE),
    "certificate-uncovered": (CERTIFICATE, papers.UNCOVERED),
    "refusal": (REFUSAL, papers.ORDINARY),
    "refusal-long": (REFUSAL, papers.MANY_REASONS),
    "receipt": (RECEIPT, papers.ORDINARY),
    "receipt-long": (RECEIPT, papers.MANY_DOCUMENTS),
}


def main() -> None:
    """Write one PDF for each entry of ``PAPERS``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, (kind, case) in PAPERS.items():
        target = folder / f"{name}.pdf"
        target.write_bytes(render(kind, build(kind, case, papers.stamp(kind))))
        print(target)


if __name__ == "__main__":
    main()
