"""The places of the demonstration: districts, areas made of districts, and towns with about where they are."""

from __future__ import annotations

from dataclasses import dataclass

from esteem.directory.served import ESSEX, NAMES, county_of

_SOUTH = ("E06000033", "E06000034", "E07000066", "E07000068", "E07000069", "E07000075")
AREAS = {
    "all": ("Southend, Essex, Thurrock and Bexley", tuple(NAMES)),
    "set": ("Southend, Essex and Thurrock", ("E06000033", "E06000034", *ESSEX)),
    "essex": ("Essex", ESSEX),
    "south": ("South Essex, Southend and Thurrock", _SOUTH),
    "north": ("North Essex", ("E07000067", "E07000071", "E07000074", "E07000076", "E07000077")),
    "mid": ("Mid Essex", ("E07000067", "E07000070", "E07000074")),
}


@dataclass(frozen=True)
class Town:
    key: str
    name: str
    district: str
    latitude: float
    longitude: float

    @property
    def county(self) -> str:
        """What an address gives as county: the name of the council where it is no part of Essex."""
        return county_of(self.district)


_TOWNS = """
southend Southend-on-Sea E06000033 51.5406 0.7110
leigh Leigh-on-Sea E06000033 51.5425 0.6530
westcliff Westcliff-on-Sea E06000033 51.5440 0.6920
grays Grays E06000034 51.4780 0.3240
tilbury Tilbury E06000034 51.4630 0.3590
thurrock South_Ockendon E06000034 51.5090 0.2990
bexleyheath Bexleyheath E09000004 51.4570 0.1400
sidcup Sidcup E09000004 51.4260 0.1030
erith Erith E09000004 51.4810 0.1770
basildon Basildon E07000066 51.5710 0.4560
billericay Billericay E07000066 51.6270 0.4180
wickford Wickford E07000066 51.6130 0.5210
pitsea Pitsea E07000066 51.5660 0.5070
braintree Braintree E07000067 51.8780 0.5520
witham Witham E07000067 51.8000 0.6370
halstead Halstead E07000067 51.9450 0.6390
brentwood Brentwood E07000068 51.6200 0.3050
shenfield Shenfield E07000068 51.6300 0.3280
canvey Canvey_Island E07000069 51.5210 0.5800
benfleet South_Benfleet E07000069 51.5480 0.5610
chelmsford Chelmsford E07000070 51.7340 0.4720
colchester Colchester E07000071 51.8890 0.9010
epping Epping E07000072 51.6990 0.1110
loughton Loughton E07000072 51.6490 0.0730
harlow Harlow E07000073 51.7700 0.0940
maldon Maldon E07000074 51.7310 0.6780
rochford Rochford E07000075 51.5820 0.7060
rayleigh Rayleigh E07000075 51.5860 0.6050
hockley Hockley E07000075 51.6030 0.6420
clacton Clacton-on-Sea E07000076 51.7900 1.1530
harwich Harwich E07000076 51.9450 1.2860
frinton Frinton-on-Sea E07000076 51.8310 1.2440
tendring Clacton-on-Sea E07000076 51.7900 1.1530
saffron Saffron_Walden E07000077 52.0220 0.2410
dunmow Great_Dunmow E07000077 51.8720 0.3620
"""
TOWNS = {
    (parts := line.split())[0]: Town(parts[0], parts[1].replace("_", " "), parts[2], float(parts[3]), float(parts[4]))
    for line in _TOWNS.strip().splitlines()
}
