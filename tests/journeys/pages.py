"""Addresses of every kind of page: one for each route of tests/contracts/doors.csv that is not a file, and the states to design for."""

from __future__ import annotations

import json
import re
from urllib.request import urlopen

from tests.contracts.test_doors import known, rows

_FILE = re.compile(
    r"\.(csv|json|xlsx|ods|pdf|svg|png|py|yaml|css|sql)(\?|$)|^/assets/|^/api|^/oruk|^/fhir|service-worker|webmanifest|/find-help/(confirm|edit|reports)/"
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
    "counted from records": "/computed/mhs91?place=QH8",
    "published and counted": "/measures/perinatal-women-in-contact?place=QH8",
    "no counted measure found": "/computed?q=qqqqqq",
}


FIND_HELP = {
    "find help, what": "/find-help/questions/what?who=carer",
    "find help, where, a place that is not known": "/find-help/questions/where?postcode=ZZ1+1ZZ",
    "find help, when": "/find-help/questions/when?who=self&need=low-mood",
    "find help, danger": "/find-help/results?q=i+want+to+die",
    "find help, many wishes": "/find-help/results?q=someone+to+talk+to&postcode=SS1&age=15&channel=phone&free=yes",
    "find help, a misspelt word": "/find-help/results?q=depresion",
    "find help, nothing like it": "/find-help/results?q=qqqq+zzzz",
    "find help, right to left": "/find-help?lang=ar",
    "find help, Welsh": "/find-help?lang=cy",
    "find help, an empty list": "/find-help/list",
}


def kinds(site: str) -> dict[str, str]:
    """Name of each kind of page and an address of it on the site, which serves the demonstration directory."""
    listed = json.loads(urlopen(f"{site}/oruk/services?per_page=1").read())["contents"][0]["id"]
    return _addresses(known() | {"service": listed, "code": listed[:8]}) | STATES | FIND_HELP


def kinds_with_a_past() -> dict[str, str]:
    """Kinds of pages of figures, which can be looked at as they were on a day; find help is of today."""
    return {name: address for name, address in _addresses(known()).items() if not address.startswith("/find-help")} | STATES


def _addresses(there: dict[str, str]) -> dict[str, str]:
    examples = {row["route"] or "home": row["example"].format(**there) for row in rows()}
    return {name: address for name, address in examples.items() if not _FILE.search(address)}
