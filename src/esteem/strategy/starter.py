"""The commented file that `esteem strategy new` writes: a true, loadable strategy of two promises to build on."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from esteem.terms.places import Place
from esteem.terms.problems import Problem

_TEMPLATE = """\
# A strategy for {name}. Words are yours; figures come from the measures you name. Check it with: esteem strategy check FILE
# `rows` lists the promises the file must hold, so that none is lost.
id = {id}
title = {title}
short = {name_text}
starts = {starts}
# ends = {ends}            # take this line out while the strategy has no end
rows = ["A01..A02"]
vision = [
  "One to three lines that anyone can read.",
]

# Places under a name. `codes` are place codes or named groups (`esteem places NAME` finds them).
# holds = true says that the figures are for a larger area that holds the place.
[[place]]
name = "area"
codes = [{code}]
words = {name_text}

[[section]]
id = "early"
title = "Prevent and help early"

# A promise that published figures can judge.
[[promise]]
row = "A01"
section = "early"
text = "What is promised, in one plain sentence."
owner = "Director of public health"

# role: outcome (what changed for people), activity (what was done), context (shown, never judged). One judged measure is primary.
# target kinds:
#   level      value, comparison = "at_least" or "at_most"; `by` = the day it falls due, without it the target stands at all times
#   direction  direction = "falls" or "rises"; every_year = true when each single year counts
#   ambition   like direction, with the aim in `value`
#   parity     breakdown, group, against: two groups should have the same rate
# every target has a `source`; `reason` says why it was chosen; areas = {{ CODE = 0.6 }} gives one place a value of its own.
[[promise.measure]]
id = "wellbeing-life-satisfaction"      # `esteem measures` lists them
where = "area"
role = "outcome"
primary = true
target = {{ kind = "direction", direction = "rises", source = "The strategy, {year}" }}

# A promise without a public figure says what is needed and from whom; `face` names the part of Esteem that will hold the records.
[[promise]]
row = "A02"
section = "early"
text = "Another promise."
owner = "Lead for lived experience"

[[promise.needs]]
what = "What must be known to tell"
from = "Who publishes or holds it"
face = "L"
"""


def starter(place: Place, today: date) -> str:
    """Text of a starter file for `place`; `today` sets its first day (1 April of the current year)."""
    name = " ".join(place.name.split())
    return _TEMPLATE.format(
        name=name,
        id=json.dumps(starter_id(place, today)),
        title=json.dumps(f"{name}: mental health and wellbeing", ensure_ascii=False),
        name_text=json.dumps(name, ensure_ascii=False),
        code=json.dumps(place.code),
        starts=date(today.year, 4, 1),
        ends=date(today.year + 5, 3, 31),
        year=today.year,
    )


def starter_id(place: Place, today: date) -> str:
    """ "Southend-on-Sea" -> "southend-on-sea-2026"."""
    words = "".join(c if c.isalnum() else " " for c in place.name.lower()).split()
    return "-".join([*words, str(today.year)])


def write_starter(place: Place, today: date, path: Path) -> Path:
    """Write the starter file to `path`. Raises Problem `file-exists` rather than overwrite one."""
    try:
        with path.open("x", encoding="utf-8") as f:
            f.write(starter(place, today))
    except FileExistsError:
        raise Problem(
            "file-exists", "A new strategy never overwrites a file.", "it exists already", "Choose another name.", str(path)
        ) from None
    except OSError as error:
        raise Problem(
            "file-write", "The new strategy is written to a folder that exists.", str(error.strerror), "Check the folder.", str(path)
        ) from None
    return path
