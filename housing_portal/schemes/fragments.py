"""Parts that many schemes share: a file says ``use: NAME`` where it wants one.

The parts are in ``catalogue/_common.yaml``, by audience and section:

    practitioner:
      rules:
        adult: {id: adult, …}        # one entry
        P0: [{use: adult}, …]        # a bundle

In a section that is a list, ``- use: adult`` stands for the entry, and keys beside ``use`` replace the entry's;
``also`` adds to the entry's ``facts``. In ``papers``, ``use`` gives the keys that the scheme does not write itself.
What is stored as a version holds the parts themselves: a later change of the common file changes no version.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from housing_portal.schemes.yaml_source import Place, Source, SourceError, Steps, read_source

COMMON = Path(__file__).parent / "catalogue" / "_common.yaml"
LISTS = ("pages", "documents", "rules", "reasons", "precheck", "exclusions", "reverification", "clawback")
DEEPEST = 3  # bundles in bundles


@cache
def _common() -> Source:
    return read_source(COMMON)


def unfold(source: Source) -> Source:
    """The same scheme with the shared parts in place; errors in them name their own file.

    Raises ``SourceError`` for a part that does not exist.
    """
    data = dict(source.data)
    places = {steps: place for steps, place in source.places.items() if steps[:1] not in {(name,) for name in LISTS}}
    audience = str(data.get("audience"))
    for section in LISTS:
        if section not in data:
            continue
        places[(section,)] = source.places[(section,)]
        entries: list[Any] = []
        for entry, where in _entries(source, data[section], (section,), (audience, section), 0):
            places |= {(section, len(entries), *steps): place for steps, place in where.items()}
            entries.append(entry)
        data[section] = entries
    papers = data.get("papers")
    if isinstance(papers, dict) and "use" in papers:
        base, where = _part(source, ("papers",), (audience, "papers"), papers["use"])
        data["papers"] = base | {key: value for key, value in papers.items() if key != "use"}
        for steps, place in where.items():
            places.setdefault(("papers", *steps), place)
    return Source(source.name, data, places)


Where = dict[Steps, Place]


def _entries(
    source: Source, entries: Any, path: Steps, shelf: Steps, depth: int
) -> Iterator[tuple[Any, Where]]:
    """The entries of a list with the parts in place, each with the places of its keys."""
    if not isinstance(entries, list):
        raise SourceError(source.error(path, "must be a list"))
    for index, entry in enumerate(entries):
        here = (*path, index)
        own = _below(source, here)
        if not isinstance(entry, dict) or "use" not in entry:
            yield entry, own
            continue
        part, where = _part(source, here, shelf, entry["use"])
        if isinstance(part, list):
            if depth == DEEPEST or len(entry) > 1:
                raise SourceError(source.error(here, "a bundle is used as it is, and not too deep in others"))
            yield from _entries(_common(), part, (*shelf, str(entry["use"])), shelf, depth + 1)
            continue
        changes = {key: value for key, value in entry.items() if key not in {"use", "also"}}
        merged = part | changes
        where = {steps: place for steps, place in where.items() if steps[:1] not in {(key,) for key in changes}}
        where |= {steps: place for steps, place in own.items() if steps and steps[0] in changes}
        if "also" in entry:
            facts = list(merged.get("facts", []))
            where |= {
                ("facts", len(facts) + int(steps[1]), *steps[2:]): place
                for steps, place in own.items()
                if len(steps) > 1 and steps[0] == "also"
            }
            merged["facts"] = [*facts, *entry["also"]]
        yield merged, where | {(): own[()]}


def _part(source: Source, path: Steps, shelf: Steps, name: Any) -> tuple[Any, Where]:
    common = _common()
    part: Any = common.data
    for step in (*shelf, str(name)):
        part = part.get(step) if isinstance(part, dict) else None
    if not isinstance(part, dict | list):
        raise SourceError(source.error((*path, "use"), f"there is no shared part {'.'.join(map(str, shelf))}.{name}"))
    return part, _below(common, (*shelf, str(name)))


def _below(source: Source, path: Steps) -> Where:
    """The places under a path, by the steps from there."""
    length = len(path)
    return {steps[length:]: place for steps, place in source.places.items() if steps[:length] == path}
