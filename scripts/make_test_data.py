"""Write tests/data: invented districts, companies, people, documents and registers. Development only.

Usage: python -m scripts.make_test_data
The same files come out each time. The HEIC photo needs ``pip install pillow-heif``, which the portal itself does
not use; without it the committed one stays.

Nobody has these numbers. Each has a right check digit, but regions, bank and card prefixes were never given out.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from scripts.test_data import agents, companies, documents, people, registers

FOLDER = Path(__file__).parents[1] / "tests" / "data"
DISTRICTS = (
    ("临江区", "Linjiang District"),
    ("北岭区", "Beiling District"),
    ("星河区", "Xinghe District"),
    ("云麓区", "Yunlu District"),
    ("南浦区", "Nanpu District"),
    ("东澜区", "Donglan District"),
    ("西岚区", "Xilan District"),
    ("青屿区", "Qingyu District"),
    ("松泉区", "Songquan District"),
    ("明湖新区", "Minghu New Area"),
    ("鹤洲区", "Hezhou District"),
    ("望川区", "Wangchuan District"),
)


def write(name: str, comment: str, content: Any) -> None:
    """One YAML file, with its first line saying what it is."""
    body = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
    (FOLDER / name).write_text(f"# {comment} Made by scripts/make_test_data.py.\n{body}", "utf-8")


def main() -> None:
    """Write everything."""
    districts = [
        {"code": str(500901 + number), "zh": zh, "en": en} for number, (zh, en) in enumerate(DISTRICTS)
    ]
    register = companies.register([district["code"] for district in districts])
    write("districts.yaml", "The districts of the invented city.", districts)
    write("companies.yaml", "Invented software companies.", register)
    practitioners = people.practitioners(register)
    write(
        "practitioners.yaml",
        "Invented people with all their answers; a date of {days: n} or {months: n} counts from the application.",
        practitioners,
    )
    acting = agents.agents(register)
    write(
        "agents.yaml",
        "Invented people who act for companies, with all their answers; dates count as in practitioners.yaml.",
        acting,
    )
    registers.write_all(FOLDER / "registers", practitioners, register, acting)
    kept = documents.write_all(FOLDER / "documents")
    for name in kept:
        print(f"kept {name}: pillow-heif is not installed", file=sys.stderr)


if __name__ == "__main__":
    main()
