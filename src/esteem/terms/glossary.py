"""The words of the field in plain words: one list, from which the glossary page and docs/glossary.md are made.

`python -m esteem.terms.glossary` prints the Markdown of docs/glossary.md.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """`name` as the field writes it, `short` its acronym when it has one, `meaning` in one to three plain sentences."""

    name: str
    meaning: str
    short: str = ""

    @property
    def key(self) -> str:
        """The part after # in the address of the glossary page."""
        return "".join(c if c.isalnum() else "-" for c in self.name.lower()).strip("-")


SERVICES = (
    Term("Approved mental health professional", "A trained professional who decides whether to ask for someone to be detained.", "AMHP"),
    Term("Adult Social Care Outcomes Framework", "Yearly figures on how well councils support adults who need care.", "ASCOF"),
    Term("Attention deficit hyperactivity disorder", "A condition in which people find it hard to stay focused or still.", "ADHD"),
    Term("Bed day", "One person in one hospital bed for one night."),
    Term("Care programme approach", "A way of planning care with one named worker, for people with serious mental illness.", "CPA"),
    Term("Children and young people", "In most figures, people under 18; in some services, under 25. Each measure says which.", "CYP"),
    Term("Community mental health team", "Staff who help people with mental illness who live at home.", "CMHT"),
    Term("Contact", "A meeting between a person and a worker, face to face, by telephone or by video."),
    Term("Core 24", "A liaison service that is there all day and all night and answers within set times."),
    Term("Crisis resolution and home treatment", "Quick help at home for people who would otherwise go to hospital.", "CRHT"),
    Term("Dementia diagnosis rate", "The share of people aged 65 or over thought to have dementia who have a diagnosis.", "DDR"),
    Term("Detention", "Being kept in hospital under the Mental Health Act, whether or not the person agrees."),
    Term("Early intervention in psychosis", "Help soon after someone first loses touch with what is real.", "EIP"),
    Term("Individual placement and support", "Help to find a paid job quickly, and support once in it, beside treatment.", "IPS"),
    Term("Liaison and diversion", "Workers at police stations and courts who find people with mental illness and help them to get care."),
    Term("Liaison psychiatry", "A mental health team inside a general hospital."),
    Term("Long-term condition", "An illness that can be treated but not cured, such as diabetes or asthma.", "LTC"),
    Term("Mental Health Act", "The law that says when people can be taken to hospital and treated without their consent.", "MHA"),
    Term("Out-of-area placement", "A hospital bed far from home, given because there was no bed in the person's own area.", "OAP"),
    Term("Patient-reported outcome measure", "Questions that people answer about their own health, before and after care.", "PROM"),
    Term("Perinatal", "From the start of pregnancy to some time after birth; in most figures, up to two years after."),
    Term("Place of safety", "Where police may take someone who seems to need urgent mental health care: a hospital, not a cell."),
    Term("Psychosis", "Seeing, hearing or believing things that others do not, so that it is hard to know what is real."),
    Term(
        "Quality and Outcomes Framework",
        "Yearly figures from general practices on who has an illness and what was done.",
        "QOF",
    ),
    Term("Reliable improvement", "Getting better by more than the questionnaire's own error could explain."),
    Term("Recovery", "In talking therapies: the scores were those of an illness at the start of treatment and are not at the end."),
    Term("Section 136", "The part of the Mental Health Act that lets police take someone in crisis to a place of safety."),
    Term("Serious mental illness", "Illness such as schizophrenia, other psychosis or bipolar disorder.", "SMI"),
    Term("Street triage", "A mental health worker who goes with police, or advises them, when someone is in crisis."),
    Term(
        "Talking Therapies",
        "The NHS service for anxiety and depression; formerly called Improving Access to Psychological Therapies (IAPT).",
        "TT",
    ),
)

PLACES = (
    Term("Clinical commissioning group", "Until June 2022: the NHS body that planned and paid for care in an area.", "CCG"),
    Term("Integrated care board", "Since July 2022: the NHS body that plans and pays for care in a larger area.", "ICB"),
    Term("Local authority", "A council: county, district, unitary or London borough.", "LA"),
    Term("Lower layer super output area", "A small area of about 1,500 people, used for statistics.", "LSOA"),
    Term("Middle layer super output area", "An area of about 8,000 people, used for statistics.", "MSOA"),
    Term("NHS trust", "A public body that runs hospitals or community services."),
    Term("Office for National Statistics", "The United Kingdom's statistics office.", "ONS"),
    Term("Organisation Data Service", "The NHS list of organisations and their codes.", "ODS"),
    Term("Provider", "Whoever gives the care: an NHS trust, a charity or a company."),
    Term("Similar places", "Places most like yours by a written rule that the page shows, so that a comparison is fair."),
    Term("Sub-ICB location", "A part of an integrated care board's area, mostly that of a former clinical commissioning group."),
    Term(
        "Sustainability and transformation partnership",
        "Before integrated care boards: bodies that planned together over the same areas.",
        "STP",
    ),
)

FIGURES = (
    Term("As at", "What Esteem would have shown on an earlier day, from figures for periods up to that day."),
    Term("Breakdown", "A figure given group by group, for example by age or by ethnicity."),
    Term("Denominator", "The number below the line: everyone who could have been counted."),
    Term("Deprivation", "Having less than others of what people need: money, work, health, schooling, safety, housing."),
    Term("Directly standardised rate", "The rate a place would have if its people had the same ages as a standard population.", "DSR"),
    Term("Disclosure control", "Hiding or rounding small numbers so that nobody can be recognised."),
    Term("Edition", "One publication of a source. A newer edition takes the place of an older one; the older one is kept."),
    Term("Forecast", "Where a series would be at a later date if it went on as it has. Always given as a range."),
    Term("Funnel chart", "All places on one chart, with limits that are wider for small places, to show which differ by more than chance."),
    Term("Index of Multiple Deprivation", "A score of deprivation for each small area of England.", "IMD"),
    Term("Interval", "The range in which the true figure is likely to lie: 95 times in 100. Written as 71 to 81."),
    Term("Measure", "A question with a number for an answer, defined so that anyone gets the same number."),
    Term("Mental Health Services Data Set", "The records that services for mental health send to NHS England each month.", "MHSDS"),
    Term("Numerator", "The number above the line: those to whom it happened."),
    Term("Percentage points", "The difference between two per cents: from 50% to 60% is 10 percentage points."),
    Term("Provisional", "Published early; a later edition may change it."),
    Term("Quarantine", "Where rows of records are kept that cannot be counted, each with the reason and what to do about it."),
    Term("Quirk", "Something the national code does that its own definition does not say; corrected figures put it right."),
    Term("Rate", "How many for each 100,000 people (or another round number that the measure gives)."),
    Term("Rate ratio", "One group's rate divided by another's: 2 means twice as often."),
    Term("Scorecard", "How good a provider's records are: whole, valid, in agreement with one another, and on time."),
    Term("Slope index of inequality", "The gap between the most and the least deprived, from all the areas between them.", "SII"),
    Term("Snapshot", "All figures as they stood after one load. Any snapshot can be shown again."),
    Term("Special cause", "A change too large or too long to be the ups and downs that always happen."),
    Term(
        "Statistical process control",
        "Charts that tell a real change from the ups and downs that always happen.",
        "SPC",
    ),
    Term("Suppressed", "Hidden by the publisher because the number is small. It is not zero, and Esteem never works it out."),
    Term("Target", "The value that was promised, and by when."),
    Term("Trajectory", "The values that should be reached on the way to a target."),
    Term("Waterfall", "The rows read from records, and the rows left after each rule, down to those that a figure is counted from."),
    Term("Witness", "Where a figure comes from: a published file, or counting from records."),
    Term("XmR chart", "A chart of single values in a row, with limits drawn from the changes between neighbours.", "XmR"),
)

GROUPS = (("Services and care", SERVICES), ("Places and bodies", PLACES), ("Figures", FIGURES))


def all_terms() -> tuple[Term, ...]:
    return tuple(term for _, terms in GROUPS for term in terms)


def as_markdown() -> str:
    lines = ["# Glossary", "", "Made from `src/esteem/terms/glossary.py` by `python -m esteem.terms.glossary`."]
    for heading, terms in GROUPS:
        lines += ["", f"## {heading}", ""]
        lines += [f"- **{term.name}**{f' ({term.short})' if term.short else ''}: {term.meaning}" for term in terms]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(as_markdown(), end="")
