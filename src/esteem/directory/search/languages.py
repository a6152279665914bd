"""Languages as people name them, and their BCP 47 codes."""

NAMES = {
    "pa": "Punjabi",
    "bn": "Bengali",
    "pl": "Polish",
    "uk": "Ukrainian",
    "bfi": "British Sign Language",
    "ur": "Urdu",
    "ro": "Romanian",
    "ar": "Arabic",
    "tr": "Turkish",
    "ku": "Kurdish",
    "so": "Somali",
    "gu": "Gujarati",
    "hi": "Hindi",
    "ta": "Tamil",
    "lt": "Lithuanian",
    "ru": "Russian",
    "pt": "Portuguese",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "fa": "Farsi",
    "ps": "Pashto",
    "zh": "Chinese",
    "vi": "Vietnamese",
    "cy": "Welsh",
    "bg": "Bulgarian",
    "hu": "Hungarian",
    "sq": "Albanian",
    "yo": "Yoruba",
    "ti": "Tigrinya",
    "ne": "Nepali",
    "el": "Greek",
    "yue": "Cantonese",
}
# What people say -> code. Some are also peoples: those count as a language only beside speak, talk, in and the like.
SAID = {name.casefold(): code for code, name in NAMES.items()} | {
    "panjabi": "pa",
    "bangla": "bn",
    "sylheti": "bn",
    "bsl": "bfi",
    "sign language": "bfi",
    "deaf": "bfi",
    "persian": "fa",
    "dari": "fa",
    "mandarin": "zh",
    "polski": "pl",
    "polsku": "pl",
    "brazilian": "pt",
    "flemish": "nl",
}
# Names that alone, without "speaking" or "in", are taken as the language that is wanted.
ALONE = frozenset(
    ("bsl", "sign language", "deaf", "punjabi", "panjabi", "bengali", "bangla", "sylheti", "urdu", "gujarati", "farsi", "tamil")
)
# Scripts tell the language that somebody writes in: (first, last code point, code).
SCRIPTS = ((0x0A00, 0x0A7F, "pa"), (0x0980, 0x09FF, "bn"), (0x0B80, 0x0BFF, "ta"), (0x0A80, 0x0AFF, "gu"), (0x4E00, 0x9FFF, "zh"))


def of_script(text: str) -> str:
    """The code of a language that only its own script is used for; "" when the script says nothing."""
    if text.isascii():
        return ""
    for character in text:
        for first, last, code in SCRIPTS:
            if first <= ord(character) <= last:
                return code
    return ""
