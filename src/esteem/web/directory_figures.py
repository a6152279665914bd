"""Counts of the directory become figures that sheets and measures use, written as a file that is loaded as any publication is."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from esteem.directory import figures as counted
from esteem.directory.needs import scheme
from esteem.terms.problems import Problem
from esteem.web import directory_reading

ESSEX = "E10000012"  # the county as well as its districts: the sheet speaks of councils


def write(path: Path, on: date, demonstration: bool) -> Path:
    """The file in the layout of evidence/sources/directory_figures.py. Problem `directory-figures-empty` when there is nothing to count."""
    listed = [one for one in directory_reading.services() if one.layer == "services" and (demonstration or not one.invented)]
    if not listed:
        raise Problem(
            "directory-figures-empty",
            "Figures of the directory are counted over services that exist.",
            "only invented services are in it",
            "Bring real services in (esteem directory import), or try it with --demonstration.",
        )
    finder = directory_reading.places()
    districts = {code: finder.find(name) for code, name in directory_reading.districts()} | {ESSEX: finder.find("Essex")}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("directory_measure", "district", "day", "numerator", "denominator", "invented"))
        for row in counted.rows(listed, districts, scheme(), on):
            writer.writerow((row.measure, row.district, on, row.numerator, row.denominator, "yes" if demonstration else "no"))
    return path
