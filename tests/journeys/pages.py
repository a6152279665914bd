"""Addresses of every kind of page: one for each route of tests/contracts/doors.csv that is not a file, and the states to design for."""

from __future__ import annotations

import re

from tests.contracts.test_doors import example, rows

_FILE = re.compile(
    r"\.(csv|json|xlsx|ods|pdf|svg|png|py|yaml|css)(\?|$)|^/assets/|^/api|^/oruk|^/fhir|service-worker|webmanifest|/find-help/(confirm|edit|reports)/"
)

STATES = {
    "home, looking back": "/?as_at=2021-03-31",
    "sheet, looking back": "/sheets/southend-essex-thurrock-2017?as_at=2020-03-31",
    "sheet of Southend, Essex and Thurrock": "/sheets/southend-essex-thurrock-2017",
    "promise judged": "/sheets/southend-essex-thurrock-2017/E14",
    "promise that cannot be told": "/sheets/southend-essex-thurrock-2017/E15",
    "promise not yet in Esteem": "/sheets/southend-essex-thurrock-2017/E31",
    "measure by month": "/measures/psychosis-treated-within-two-weeks?place=99G",
    "measure with groups, funnel and map": "/measures/talking-therapies-recovery?place=72Q&by=ethnicity",
    "measure with counts under the line": "/measures/detention-rate?place=QKK",
    "measure of councils": "/measures/employment-rate?place=E09000004",
    "measure of several places": "/measures/out-of-area-bed-days?place=set-ccgs",
    "a place without figures": "/measures/wellbeing-anxiety?place=99G",
    "one period only": "/measures/deprivation-score?place=E09000004",
    "a postcode that is not known": "/places?q=ZZ1+1ZZ",
    "places found": "/places?q=Southend",
    "a group of places": "/places/99E+99F+99G",
    "nothing found": "/search?q=qqqqqq",
    "found": "/search?q=psycosis",
}


def kinds() -> dict[str, str]:
    """Name of each kind of page and an address of it."""
    return {row["route"] or "home": example(row) for row in rows() if not _FILE.search(example(row))} | STATES
