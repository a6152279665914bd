"""Organisations nobody would take for real, by what they do."""

from __future__ import annotations

from esteem.directory.record import Organization

# groups of the needs scheme -> (name, kind, what it is)
_BY_GROUP = {
    "feelings": (
        ("Pretend Harbour Minds", "voluntary", "An invented charity for mental health by the sea."),
        ("Imaginary Oak Counselling", "voluntary", "An invented charity of trained listeners."),
        ("Example Lantern Project", "voluntary", "An invented charity run by people who have been ill themselves."),
        ("Made-up Estuary Wellbeing", "nhs", "An invented NHS service for common troubles of the mind."),
        ("Fictional Marsh Community Trust", "voluntary", "An invented charity that works in villages and small towns."),
    ),
    "habits": (
        ("Sample Tide Recovery", "voluntary", "An invented charity for people who drink, use drugs or gamble."),
        ("Pretend Bridge Recovery Service", "nhs", "An invented NHS service for drink and drugs."),
        ("Imaginary Open Road", "voluntary", "An invented charity run by people in recovery."),
    ),
    "brain-body": (
        ("Example Meadow Health Team", "nhs", "An invented NHS team for brain, body and medicines."),
        ("Made-up Compass Autism and ADHD", "voluntary", "An invented charity led by autistic people and people with ADHD."),
        ("Fictional Forget-me-not Trust", "voluntary", "An invented charity for people with memory loss."),
        ("Pretend Ability Together", "voluntary", "An invented charity of people with a learning disability."),
    ),
    "family": (
        ("Imaginary Nest Family Centre", "voluntary", "An invented charity for families."),
        ("Sample Stepping Stones for Children", "voluntary", "An invented charity for children and young people."),
        ("Made-up County Children's Team", "nhs", "An invented NHS team for children's feelings."),
        ("Example Carers' Corner", "voluntary", "An invented charity for people who look after someone."),
        ("Fictional Safe Shores", "voluntary", "An invented charity against abuse."),
    ),
    "who-i-am": (
        ("Pretend Many Voices", "voluntary", "An invented charity for people of every culture and faith."),
        ("Imaginary Rainbow Rooms", "voluntary", "An invented charity for LGBTQ+ people."),
        ("Sample New Roots", "voluntary", "An invented charity for refugees and newcomers."),
        ("Made-up Veterans' Mess", "voluntary", "An invented charity for people who served."),
    ),
    "practical": (
        ("Example Advice Arcade", "voluntary", "An invented advice charity."),
        ("Fictional Key and Hearth Homes", "voluntary", "An invented housing charity."),
        ("Pretend Borough Support", "council", "An invented council team for everyday life."),
        ("Imaginary Workwise", "voluntary", "An invented charity that helps people into work."),
    ),
    "ways": (
        ("Sample Shoreline Mental Health Trust", "nhs", "An invented NHS trust for mental health."),
        ("Made-up Common Room", "voluntary", "An invented charity of groups and peers."),
        ("Example Green Lane", "voluntary", "An invented charity for getting active and making things."),
        ("Fictional Ear Advocacy", "voluntary", "An invented charity of advocates."),
        ("Pretend Signpost Team", "council", "An invented council team of link workers."),
    ),
}
# Needs that ask for one organisation rather than any of their group.
_BY_NEED = {
    **dict.fromkeys(("autism", "adhd"), "Made-up Compass Autism and ADHD"),
    **dict.fromkeys(("memory",), "Fictional Forget-me-not Trust"),
    **dict.fromkeys(("learning-disability",), "Pretend Ability Together"),
    **dict.fromkeys(("medicines", "physical-checks", "long-term-illness"), "Example Meadow Health Team"),
    **dict.fromkeys(("carer", "carer-break"), "Example Carers' Corner"),
    **dict.fromkeys(("domestic-abuse", "sexual-harm"), "Fictional Safe Shores"),
    **dict.fromkeys(("young-carer", "school"), "Sample Stepping Stones for Children"),
    **dict.fromkeys(("lgbtq",), "Imaginary Rainbow Rooms"),
    **dict.fromkeys(("refugee",), "Sample New Roots"),
    **dict.fromkeys(("culture-faith",), "Pretend Many Voices"),
    **dict.fromkeys(("armed-forces",), "Made-up Veterans' Mess"),
    **dict.fromkeys(("money", "benefits", "food-fuel"), "Example Advice Arcade"),
    **dict.fromkeys(("housing",), "Fictional Key and Hearth Homes"),
    **dict.fromkeys(("finding-work", "keeping-work"), "Imaginary Workwise"),
    **dict.fromkeys(("daily-living",), "Pretend Borough Support"),
    **dict.fromkeys(("crisis-now", "mental-health-team", "after-hospital"), "Sample Shoreline Mental Health Trust"),
    **dict.fromkeys(("peer-support", "safe-place", "recovery-learning"), "Made-up Common Room"),
    **dict.fromkeys(("being-active", "creative", "volunteering"), "Example Green Lane"),
    **dict.fromkeys(("rights-advocacy", "justice"), "Fictional Ear Advocacy"),
    **dict.fromkeys(("where-to-start",), "Pretend Signpost Team"),
}


def slug(name: str) -> str:
    """`Made-up Veterans' Mess` as `made-up-veterans-mess`, for addresses and identifiers."""
    plain = "".join(c if c.isalnum() else " " for c in name.lower().replace("'", ""))
    return "-".join(plain.split())


def organization_for(need: str, group: str, number: int, identifier) -> Organization:
    """The organisation that offers a service for `need`; `number` picks one where several do."""
    several = _BY_GROUP[group]
    wanted = _BY_NEED.get(need)
    name, kind, description = next((one for one in several if one[0] == wanted), several[number % len(several)])
    key = slug(name)
    return Organization(
        identifier("organization", key), name, description, f"https://{key}.example.org", f"hello@{key}.example.org", kind=kind
    )
