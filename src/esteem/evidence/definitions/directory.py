"""What the place's own directory of services says: whether help is there, near, open to all, and rightly described."""

from __future__ import annotations

from esteem.evidence.model import Measure, Note, Published

TOPIC = "Finding help"
CHECKED = "Counted by hand on three invented services (tests/directory/test_directory_figures.py); no outside figure exists."
_OWN = Note(
    "Counted from this place's own directory on the day given. While the directory holds invented services only, the figures are made with "
    "--demonstration and say so."
)


def _share(name: str, series: str, title: str, question: str, why: str, sentence: str, unit: str) -> Measure:
    return Measure(
        id=name,
        title=title,
        question=question,
        why=why,
        sentence=sentence,
        kind="proportion",
        unit="proportion",
        better="higher",
        topic=TOPIC,
        witnesses=(Published(series=(f"directory.{series}",)),),
        interval="none",
        independent_periods=False,
        notes=(_OWN,),
        checked_against=CHECKED,
        plain_unit=unit,
    )


COVERAGE = _share(
    "directory-needs-covered",
    "coverage",
    "Find help: needs that have a service",
    "Of the reasons why people look for help, how many have at least one service here?",
    "Nobody can find help that is not there.",
    "{share} have at least one service in the directory",
    "needs",
)
NEAR = _share(
    "directory-help-within-30-minutes",
    "near",
    "Find help: needs with help within 30 minutes",
    "Of the reasons why people look for help, how many have help within 30 minutes, by phone, online or at home?",
    "Help that is far away is used late or not at all.",
    "{share} have help within 30 minutes, by phone, online or at home",
    "needs",
)
FRESH = _share(
    "directory-entries-fresh",
    "fresh",
    "Find help: entries checked in 92 days",
    "How many entries of the directory did somebody confirm in the last 92 days?",
    "A wrong number can be the last one that a person tries.",
    "{share} were confirmed in the last 92 days",
    "entries",
)
OWN_WAY = _share(
    "directory-without-referral",
    "own_way",
    "Find help: services that need no referral",
    "How many services can people use without being referred?",
    "Each door that needs somebody else's letter is a door that some people never reach.",
    "{share} can be used without a referral",
    "services",
)
MEASURES = (COVERAGE, NEAR, FRESH, OWN_WAY)
