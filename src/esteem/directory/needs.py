"""The needs scheme: what people come for, in their own words. Read from `needs.yaml`, which anybody may edit; checked when read.

It is the directory's taxonomy, the thesaurus of the search and what the search learns from. `as_skos` and `as_turtle` publish it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import yaml

from esteem.directory.typed import even
from esteem.terms.problems import Problem, Problems

FILE = Path(__file__).with_name("needs.yaml")
STAGES = ("child", "young", "adult", "older", "perinatal")
LEVELS = ("none", "signpost", "crisis")
# Identifiers of terms do not depend on where a copy of Esteem runs: every copy gives a need the same id.
BASE = "https://esteem.example/needs/"


@dataclass(frozen=True)
class Group:
    id: str
    label: str


@dataclass(frozen=True)
class Need:
    """One reason to look for help. `says`: what people type; `formal`: what professionals call it; `not_`: look-alikes to keep out.

    `near`: ids to widen to, nearest first. `crisis`: the panel for a search about this need alone (none, signpost, crisis).
    """

    id: str
    label: str
    group: str
    stage: tuple[str, ...]
    crisis: str
    says: tuple[str, ...]
    formal: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class NeedsScheme:
    id: str
    name: str
    version: str
    licence: str
    description: str
    groups: tuple[Group, ...]
    needs: tuple[Need, ...]

    def find(self, need: str) -> Need:
        """The need of this id. Raises Problem `need-unknown`."""
        found = self.by_id.get(need)
        if found is None:
            remedy = "Use an id of the needs scheme: directory/needs.yaml lists them."
            raise Problem("need-unknown", "There is no need of this id.", need[:80], remedy)
        return found

    @cached_property
    def by_id(self) -> dict[str, Need]:
        return {need.id: need for need in self.needs}

    @cached_property
    def position(self) -> dict[str, int]:
        """id -> place of the need in the scheme's own order, from 0."""
        return {need.id: place for place, need in enumerate(self.needs)}

    def near(self, need: str) -> tuple[Need, ...]:
        """Needs to widen to from one, nearest first."""
        known = self.by_id
        return tuple(known[other] for other in self.find(need).near)

    def of_group(self, group: str) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if need.group == group)


def term_id(need: str) -> str:
    """The Open Referral UK taxonomy term id of a need or group (uuid5, the same everywhere)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, BASE + need))


def term_uri(need: str) -> str:
    return BASE + need


@cache
def scheme() -> NeedsScheme:
    """The scheme as shipped."""
    return read_scheme(FILE)


def read_scheme(path: Path) -> NeedsScheme:
    """A scheme from a YAML file. Raises Problems, each with the file and the row that is wrong."""
    text = path.read_text(encoding="utf-8")
    try:
        content = yaml.load(text, Loader=_with_rows())
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        row = mark.line + 1 if mark else None
        raise Problems([_wrong("The file is not valid YAML.", str(getattr(wrong, "problem", wrong)), path, row)]) from None
    problems = _Check(path, content).problems()
    if problems:
        raise Problems(problems)
    about = content["scheme"]
    return NeedsScheme(
        *(str(about.get(name, "")) for name in ("id", "name", "version", "licence", "description")),
        groups=tuple(Group(group["id"], group["label"]) for group in content["groups"]),
        needs=tuple(_need(row) for row in content["needs"]),
    )


def _need(row: dict) -> Need:
    lists = {name: tuple(str(x) for x in row.get(name, ())) for name in ("stage", "says", "formal", "not", "near")}
    return Need(
        row["id"], row["label"], row["group"], lists["stage"], row["crisis"], lists["says"], lists["formal"], lists["not"], lists["near"]
    )


# Written in C where the package brings it: ten times as fast at every start.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _with_rows() -> type[yaml.SafeLoader]:
    """A safe loader that notes on which row each mapping begins."""

    class Loader(_Loader):
        pass

    def mapping(loader: Loader, node: yaml.MappingNode) -> dict:
        return {**loader.construct_mapping(node, deep=True), "__row__": node.start_mark.line + 1}

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    return Loader


def _wrong(rule: str, found: str, path: Path, row: int | None, column: str = "") -> Problem:
    return Problem(
        "needs-scheme", rule, found[:120], "Correct the line; the head of the file says what each field is.", path.name, row, column
    )


class _Check:
    """What is wrong with a scheme, line by line."""

    def __init__(self, path: Path, content: object):
        self.path, self.content, self.found = path, content, []

    def problems(self) -> list[Problem]:
        if not isinstance(self.content, dict) or not all(isinstance(self.content.get(k), t) for k, t in _PARTS.items()):
            return [_wrong("The file needs the parts scheme, groups and needs.", "", self.path, 1)]
        groups = {group.get("id") for group in self.content["groups"] if isinstance(group, dict)}
        rows = [row for row in self.content["needs"] if isinstance(row, dict)]
        ids = [row.get("id") for row in rows]
        for row in rows:
            self._one(row, groups, set(ids))
        for row in rows:
            if ids.count(row.get("id")) > 1:
                self._say(row, "id", "Each id may occur once.", row.get("id"))
        self._phrases(rows)
        return self.found

    def _say(self, row: dict, column: str, rule: str, found: object) -> None:
        self.found.append(_wrong(rule, str(found), self.path, row.get("__row__"), column))

    def _one(self, row: dict, groups: set, ids: set) -> None:
        missing = [name for name in ("id", "label", "group", "stage", "crisis", "says") if not row.get(name)]
        for name in missing:
            self._say(row, name, f"A need must have {name}.", row.get("id", "nothing"))
        if not missing:
            lists = {name: row.get(name, []) for name in ("stage", "says", "formal", "not", "near")}
            for name, value in lists.items():
                if not isinstance(value, list):
                    self._say(row, name, f"{name} is a list: [one, two].", value)
            for wrong in (x for x in row["stage"] if x not in STAGES):
                self._say(row, "stage", f"stage is one of {', '.join(STAGES)}.", wrong)
            for wrong in (x for x in row.get("near", []) if x not in ids or x == row["id"]):
                self._say(row, "near", "near names other needs of this file.", wrong)
            if row["crisis"] not in LEVELS:
                self._say(row, "crisis", f"crisis is one of {', '.join(LEVELS)}.", row["crisis"])
            if row["group"] not in groups:
                self._say(row, "group", "group is one of the groups at the head of the file.", row["group"])
            if str(row["id"]) != "-".join(even(str(row["id"]).replace("-", " ")).split()):
                self._say(row, "id", "An id is small letters with hyphens.", row["id"])

    def _phrases(self, rows: list[dict]) -> None:
        """The same words may not lead to two needs: the search could not tell which is meant."""
        owner: dict[str, str] = {}
        for row in rows:
            for phrase in dict.fromkeys(even(str(x)) for x in row.get("says") or [] if isinstance(row.get("says"), list)):
                if not phrase:
                    self._say(row, "says", "A phrase holds at least one word.", "an empty phrase")
                elif owner.setdefault(phrase, row.get("id")) != row.get("id"):
                    self._say(row, "says", f"This phrase stands under {owner[phrase]} as well.", phrase)


_PARTS = {"scheme": dict, "groups": list, "needs": list}


def as_skos(known: NeedsScheme | None = None) -> dict:
    """The scheme as SKOS in JSON-LD: groups are top concepts, needs lie under them, `says` are hidden labels."""
    known = known or scheme()
    about = {"@id": BASE.rstrip("/"), "@type": "skos:ConceptScheme"}
    about |= {"dct:title": _english(known.name), "dct:description": _english(known.description), "owl:versionInfo": known.version}
    about["skos:hasTopConcept"] = [{"@id": term_uri(group.id)} for group in known.groups]
    return {
        "@context": {
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "dct": "http://purl.org/dc/terms/",
            "owl": "http://www.w3.org/2002/07/owl#",
        },
        "@graph": [about, *(_top(known, group) for group in known.groups), *(_concept(need) for need in known.needs)],
    }


def _english(text: str) -> dict:
    return {"@value": text, "@language": "en-GB"}


def _top(known: NeedsScheme, group: Group) -> dict:
    under = [{"@id": term_uri(need.id)} for need in known.of_group(group.id)]
    return {
        "@id": term_uri(group.id),
        "@type": "skos:Concept",
        "skos:prefLabel": _english(group.label),
        "skos:topConceptOf": {"@id": BASE.rstrip("/")},
        "skos:narrower": under,
    }


def _concept(need: Need) -> dict:
    return {
        "@id": term_uri(need.id),
        "@type": "skos:Concept",
        "skos:notation": need.id,
        "skos:prefLabel": _english(need.label),
        "skos:altLabel": [_english(x) for x in need.formal],
        "skos:hiddenLabel": [_english(x) for x in need.says],
        "skos:broader": {"@id": term_uri(need.group)},
        "skos:related": [{"@id": term_uri(x)} for x in need.near],
        "skos:inScheme": {"@id": BASE.rstrip("/")},
    }


def as_turtle(known: NeedsScheme | None = None) -> str:
    """The same SKOS in Turtle."""
    content = as_skos(known)
    lines = [f"@prefix {name}: <{address}> ." for name, address in content["@context"].items()]
    for node in content["@graph"]:
        pairs = [f"    {name} {_object(value)}" for name, value in node.items() if not name.startswith("@") and value != []]
        lines += ["", f"<{node['@id']}> a {node['@type']} ;", " ;\n".join(pairs) + " ."]
    return "\n".join(lines) + "\n"


def _object(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_object(one) for one in value)
    if isinstance(value, dict) and "@id" in value:
        return f"<{value['@id']}>"
    text, language = (value["@value"], "@" + value["@language"]) if isinstance(value, dict) else (str(value), "")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"' + language
