"""Places put together from the small lookups and registers of the fixtures."""

from __future__ import annotations

from functools import cache

from tests.evidence.sources.published import FIXTURES

from esteem.evidence import gazetteer
from esteem.evidence.sources import lookups, organisations, population_local_authority
from esteem.evidence.sources.contract import RawFile, Tidy, silent

FILES = (
    *((lookups.SOURCE, path) for path in sorted((FIXTURES / "lookups").glob("*.csv"))),
    *((organisations.SOURCE, path) for path in sorted((FIXTURES / "organisations").glob("*.csv"))),
)
# The order of the publisher's rows, with numbers of our own: what the council lookups do not say.
COUNCILS = """code,name,geography,sex,age,population
E12000006,EAST,Region,Persons,All ages,3
E06000033,Southend-on-Sea,Unitary Authority,Persons,All ages,1
E10000012,Essex,County,Persons,All ages,1
E07000066,Basildon,Non-metropolitan District,Persons,All ages,1
E06000034,Thurrock,Unitary Authority,Persons,All ages,1
E12000002,NORTH WEST,Region,Persons,All ages,1
E10000006,Cumbria,County,Persons,All ages,1
E07000026,Allerdale,Non-metropolitan District,Persons,All ages,1
E12000007,LONDON,Region,Persons,All ages,1
E09000004,Bexley,London Borough,Persons,All ages,1
"""


def read(source, path) -> Tidy:
    raw = RawFile(path)
    return source.tidy(raw, source.recognise(raw), gazetteer.written_canonical, silent)


@cache
def assembled(folder) -> gazetteer.Assembled:
    """Everything the fixtures say about places; `folder` is a scratch directory."""
    councils = folder / "mye2_mid2021.csv"
    councils.write_text(COUNCILS)
    return gazetteer.assemble_tidied([*(read(*f) for f in FILES), read(population_local_authority.SOURCE, councils)])
