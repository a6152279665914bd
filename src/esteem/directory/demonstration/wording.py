"""The sentences around a line: in plain words, with some variety, the same for the same line."""

from __future__ import annotations

from collections.abc import Callable

from esteem.directory import weekdays
from esteem.directory.demonstration.lines import Line, Slot

Pick = Callable[[str, int], int]

LANGUAGES = {
    "en": "English",
    "pa": "Punjabi",
    "bn": "Bengali",
    "pl": "Polish",
    "uk": "Ukrainian",
    "ro": "Romanian",
    "tr": "Turkish",
    "ur": "Urdu",
    "ar": "Arabic",
    "so": "Somali",
    "lt": "Lithuanian",
    "pt": "Portuguese",
    "bfi": "British Sign Language",
    "gu": "Gujarati",
    "hi": "Hindi",
    "ta": "Tamil",
    "yo": "Yoruba",
    "fa": "Farsi",
    "ps": "Pashto",
    "ti": "Tigrinya",
    "ku": "Kurdish",
    "ru": "Russian",
    "zh": "Chinese",
    "es": "Spanish",
    "fr": "French",
}
ACCESS = {
    "step_free": ("Step-free", "Level way in, and no steps inside."),
    "accessible_toilet": ("Accessible toilet", "Wide door and rails."),
    "hearing_loop": ("Hearing loop", "At the desk and in the main room."),
    "parking": ("Blue badge parking", "Two spaces by the door."),
    "quiet_space": ("Quiet room", "A small room with soft light. Ask for it at any time."),
    "easy_read": ("Easy read", "Our leaflet, letters and forms come in easy read."),
    "british_sign_language": ("British Sign Language", "Staff sign. You need no interpreter."),
}
_ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth"}
_WELCOME = (
    "You can bring a friend or a family member.",
    "You do not need to know what to say.",
    "You choose what you share.",
    "You can stop at any time, and come back later.",
    "What you tell us stays with us, unless someone is in danger.",
    "We have helped people like you, and we take our time.",
    "Tell us if you need anything to make it easier for you.",
    "If we are not the right place, we help you find it.",
)


def details(line: Line, pick: Pick) -> str:
    """Two sentences more, for the provider's own text."""
    where = {
        "in_person": "We meet face to face.",
        "home_visit": "We come to your home.",
        "phone": "We talk by phone.",
        "text": "We write by text message.",
        "online": "We meet online. You need a phone or a computer.",
    }
    first = where[line.channels[0]] if len(line.channels) == 1 else "Choose the way that suits you."
    return f"{first} {_WELCOME[pick('welcome', len(_WELCOME))]}"


def next_steps(line: Line, pick: Pick) -> str:
    """What happens after somebody gets in touch."""
    if "drop_in" in line.routes:
        return ("Just turn up. Someone at the door will say hello.", "Come along. No booking. You get a hot drink and a short chat.")[
            pick("next", 2)
        ]
    if line.short == "24":
        return "A trained person answers. They listen first, then plan the next step with you."
    call = {
        "phone": "You call, and a worker asks a few questions. This takes about ten minutes.",
        "text": "You send a message. A worker writes back.",
        "online": "You fill in a short form online. We send you a link.",
    }
    first = next((words for channel, words in call.items() if channel in line.channels), "You call or write, and we ring you back.")
    later = (
        "Then we agree the first meeting.",
        "Then you choose a time that suits you.",
        "Then we tell you what we can do, and how long it takes.",
    )[pick("later", 3)]
    return f"{first} {later}"


def how_to_apply(line: Line) -> str:
    words = {
        "self": "Get in touch yourself.",
        "drop_in": "Just turn up.",
        "gp": "Your GP can refer you.",
        "professional": "A worker who knows you can refer you.",
        "school": "Your school can refer you.",
    }
    return " ".join(words[route] for route in line.routes)


def who_for(line: Line, area_name: str) -> str:
    """Who may use it, in a sentence or two."""
    people = {"men": "Men", "women": "Women"}.get(line.gender, "Anyone" if line.youngest is None else "People")
    if line.youngest is not None and line.oldest is None:
        people += f" aged {line.youngest} and over"
    elif line.youngest is not None:
        people += f" aged {line.youngest} to {line.oldest}"
    carers = " For people who look after someone." if "carers" in line.marks else ""
    return f"{people} who live in {area_name}.{carers}"


def contact_name(line: Line, pick: Pick) -> str:
    return ("Duty worker", "Front desk", "Team office", "Group host", "Welcome team")[pick("contact", 5)]


def wait(days: int) -> str:
    weeks = round(days / 7)
    if days < 7:
        return f"About {days} days until the first talk."
    return f"About {weeks} week{'s' if weeks > 1 else ''} until the first talk."


def hours(slot: Slot) -> str:
    """`Tuesday and Thursday, 6pm to 9pm`."""
    if slot.monthly:
        days = f"{_ORDINALS[slot.byday[0]].capitalize()} {weekdays.NAMES[slot.byday[1:]]} of the month"
    else:
        names = [weekdays.NAMES[day] for day in slot.byday.split(",")]
        days = "Every day" if len(names) == 7 else f"{names[0]} to {names[-1]}" if len(names) > 2 else " and ".join(names)
    if (slot.opens.hour, slot.closes.hour, slot.closes.minute) == (0, 23, 59):
        return f"{days}, day and night"
    return f"{days}, {_clock(slot.opens)} to {_clock(slot.closes)}"


def _clock(at) -> str:
    if (at.hour, at.minute) == (23, 59):
        return "midnight"
    hour, half = at.hour % 12 or 12, "am" if at.hour < 12 else "pm"
    return f"{hour}:{at.minute:02d}{half}" if at.minute else f"{hour}{half}"


def transport(town: str, number: int) -> str:
    return (
        f"Five minutes' walk from the bus stops in {town}.",
        f"Near {town} station.",
        "A bus stops outside.",
        "Ten minutes' walk from the station. Ask us about lifts.",
    )[number]
