"""Hospital sites in and around the place (NHS website, February 2018): names, addresses, coordinates, the organisation that ran each.

Gives the table `hospital_sites`. Telephone, web and e-mail are not in the file, being eight years old; which site has an emergency
department or a ward is not in it either. Sector and SubType are known to be wrong and are left out.
"""

from __future__ import annotations

import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Source, Tidy
from esteem.evidence.sources.lookups import table_of
from esteem.evidence.sources.postcodes import written_postcode
from esteem.terms.problems import Problem

COLUMNS = (
    *("OrganisationID", "OrganisationCode", "OrganisationType", "SubType", "Sector", "OrganisationStatus", "IsPimsManaged"),
    *("OrganisationName", "Address1", "Address2", "Address3", "City", "County", "Postcode", "Latitude", "Longitude"),
    *("ParentODSCode", "ParentName"),
)
HOSPITAL_SITES = pa.schema(
    [(name, pa.string()) for name in ("code", "name", "address", "city", "county", "postcode")]
    + [("latitude", pa.float64()), ("longitude", pa.float64())]
    + [(name, pa.string()) for name in ("parent", "parent_name")]
)


def recognise(raw: RawFile) -> Edition | None:
    return Edition("Hospital sites, February 2018", (), "hospital sites") if delimited.matches(delimited.header(raw), COLUMNS) else None


def near(raw: RawFile) -> Problem | None:
    return delimited.near_header(raw, COLUMNS)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    """Code and name together are the key: some codes stand on two rows of one building."""
    found: dict[tuple[str, str], tuple] = {}
    rejected: list[Rejected] = []
    read = 0
    for line, cells in delimited.records(raw, COLUMNS, progress, rejected):
        read += 1
        row = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=False))
        key = (row["OrganisationCode"], row["OrganisationName"])
        try:
            # Some longitudes are written as 5.0057109445333481E-2: read as a number they are right, as digits they lie in Austria.
            latitude, longitude = float(row["Latitude"]), float(row["Longitude"])
        except ValueError:
            latitude = longitude = 0.0
        postcode = written_postcode(row["Postcode"])
        if not all(key) or postcode is None or not (49 <= latitude <= 61 and -9 <= longitude <= 2.1):
            rule, remedy = "A site has a code, a name, a postcode and a place in the British Isles.", "Correct the row."
            rejected.append(Rejected(f"row {line}", "OrganisationCode", rule, ", ".join(key), remedy))
        elif key in found:
            rejected.append(Rejected(f"row {line}", "OrganisationCode", "Each site stands once.", ", ".join(key), "Nothing.", "repeated"))
        else:
            address = ", ".join(part for part in (row["Address1"], row["Address2"], row["Address3"]) if part)
            place = (address, row["City"], row["County"], postcode, latitude, longitude)
            found[key] = (*key, *place, row["ParentODSCode"], row["ParentName"])
    table = table_of((found[key] for key in sorted(found)), HOSPITAL_SITES)
    return Tidy(tables={"hospital_sites": table}, rejected=rejected, rows_read=read, rows_kept=len(found))


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Every row gave a site."""
    return [Check("every row gave a site", tidied.rows_kept == tidied.rows_read, f"{tidied.rows_kept} of {tidied.rows_read}")]


SOURCE = Source(
    id="hospital_sites",
    title="Hospital sites",
    publisher="NHS website",
    licence="Open Government Licence v3.0",
    attribution="Source: NHS website, February 2018, licensed under the Open Government Licence v3.0.",
    homepage="NHS website, organisation data files",
    layout=",".join(COLUMNS),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="stopped",
)
