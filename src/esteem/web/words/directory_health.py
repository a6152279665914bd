"""How the directory stands, in words and rows: the history of an entry, how fresh entries are, what was looked for and not found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from esteem.directory import queries
from esteem.directory.needs import scheme
from esteem.web.languages import say
from esteem.web.words.find_help_choices import by_group
from esteem.web.words.opening_words import day

_WHAT = {
    "assured": "Checked and found right",
    "changed": "Changed",
    "moved": "Moved by the days since its last check",
    "created": "Entered",
    "new": "Entered",
    "reported": "Somebody said that something is wrong",
    "report settled": "A report was answered",
    "reminded": "The owner was asked whether it is right",
    "merged": "Joined with a double",
    "owner named": "An owner was named",
    "task done": "A check was looked at",
}
_WINDOW = timedelta(days=91)


def history_rows(happened: Iterable[queries.Happened]) -> list[dict]:
    """Newest first. Values that are private never stand in an event; the names of changed fields do."""
    return [
        {
            "when": day(one.at.date()),
            "what": _what(one),
            "who": one.actor or say("Somebody without an account"),
            "why": one.why,
        }
        for one in happened
    ]


def _what(one: queries.Happened) -> str:
    words = say(_WHAT.get(one.what, one.what.capitalize()))
    names = ", ".join(sorted(name.replace("_", " ") for name in one.before)) if one.what == "changed" else ""
    return f"{words}: {names}" if names else words


def conflict_rows(conflicts: Iterable[queries.Conflict]) -> list[dict]:
    return [
        {"field": one.field.replace("_", " "), "source": source, "on": on, "value": _plain(value)}
        for one in conflicts
        for source, on, value in one.said
    ]


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part not in (None, "", []))
    return "; ".join(_plain(part) for part in value) if isinstance(value, list) else str(value)


def freshness(today: date, names: Mapping[str, str]) -> dict:
    """For the page of the directory's owner: `sentence`, `waiting` (label, number), rows by district and by need."""
    known = scheme().by_id
    districts = _ages(queries.freshness_by_district(today), names)
    needs = _ages(queries.freshness_by_need(today), {key: say(need.label) for key, need in known.items()})
    shown, reports = queries.count(), queries.reports()
    overdue = sum(one.due_on < today for one in reports)
    late = queries.count(states=("stale",))
    sentence = say("{shown} entries are shown; {late} of them have not been checked for 92 days or more.").format(shown=shown, late=late)
    waiting = [
        (say("Hidden after 183 days without a check"), queries.count(states=("hidden",))),
        (say("Waiting for somebody to confirm them first"), queries.count(states=("draft",))),
        (say("Reports that wait"), len(reports)),
        (say("Reports past their day"), overdue),
        (say("Failed checks to look at"), len(queries.tasks())),
        (say("Pairs that may be one service"), len(queries.merge_proposals())),
    ]
    return {"sentence": sentence, "waiting": waiting, "districts": districts, "needs": needs}


def _ages(rows: Iterable[queries.Freshness], names: Mapping[str, str]) -> list[dict]:
    return sorted((vars(row) | {"name": names[row.key]} for row in rows if row.key in names), key=lambda row: row["name"])


def unmet(today: date, names: Mapping[str, str]) -> dict:
    """Searches of the last quarter by need and district, those that found nothing first; and needs without a service."""
    first = today - _WINDOW
    known, served = scheme().by_id, queries.services_by_need_and_district(queries.SHOWN)
    rows = [
        {
            "need": say(known[one.need].label),
            "area": names.get(one.area, say("Not said")),
            "searches": one.searches,
            "nothing": say("hidden") if one.found_nothing is None else one.found_nothing,
            "services": served.get((one.need, one.area), 0),
        }
        for one in queries.searches(first, today)
        if one.need in known
    ]
    rows.sort(key=lambda row: (row["nothing"] if isinstance(row["nothing"], int) else 0, row["searches"]), reverse=True)
    return {"first": day(first), "last": day(today), "rows": rows, "gaps": gaps(served, names)}


def gaps(served: Mapping[tuple[str, str], int], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """(need, districts without a service for it). Services of all England count for every district."""
    districts = sorted({area for _, area in served if area in names})
    found = []
    for _, needs in by_group(scheme()):
        for need in needs:
            empty = [names[area] for area in districts if not served.get((need.id, area)) and not served.get((need.id, "E92000001"))]
            if empty:
                found.append((say(need.label), ", ".join(empty)))
    return found
