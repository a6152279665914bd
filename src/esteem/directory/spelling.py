"""Spelling repair: a word that English does not know becomes the likeliest word of ours. Words that English knows are left alone.

Targets are words that matter here (the needs scheme, the crisis sentences, the index) and the commonest words of English; so a slip such as
"colage" can become "college", while a name that is rightly spelt stays. Deletes index by symspellpy, at most two letters away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources

from symspellpy import SymSpell, Verbosity

from esteem.directory.needs import scheme
from esteem.directory.typed import even

_COMMONEST = 6000  # words of English, by frequency, that may be what somebody meant
_KNOWN_FROM = 20_000  # a word rarer than this in the frequency list is no proof of right spelling
_SHORTEST = 4  # shorter words are not repaired: too many are abbreviations
# British forms and words of the field that the (American) list lacks or holds as rare.
_OURS = [
    "counselling",
    "counsellor",
    "counsellors",
    "programme",
    "behaviour",
    "paediatric",
    "anaemia",
    "organisation",
    "organisations",
    "centre",
    "centres",
    "neighbour",
    "neighbours",
    "favourite",
    "colour",
    "humour",
    "mum",
    "mums",
    "mummy",
    "nan",
    "nans",
    "gran",
    "grandad",
    "grandkids",
    "skint",
    "bloke",
    "blokes",
    "lad",
    "lads",
    "knackered",
    "knitting",
    "gcse",
    "gcses",
    "uni",
    "cv",
    "pip",
    "camhs",
    "adhd",
    "autism",
    "autistic",
    "nhs",
    "esol",
    "citalopram",
    "sertraline",
    "fluoxetine",
    "mirtazapine",
    "venlafaxine",
    "quetiapine",
    "olanzapine",
    "clozapine",
    "aripiprazole",
    "lithium",
    "diazepam",
    "naloxone",
    "methadone",
    "ketamine",
    "spliffs",
    "bookies",
    "telly",
    "loo",
    "rota",
    "bailiffs",
    "bailiff",
    "universal",
    "benefits",
    "allotment",
    "allotments",
    "befriending",
    "befriender",
    "respite",
    "neurodivergent",
    "lgbtq",
    "lgbt",
    "trans",
    "nonbinary",
    "wellbeing",
    "helpline",
    "helplines",
    "suicidal",
    "suicide",
    "overdose",
    "overdosed",
    "paracetamol",
    "ibuprofen",
    "codeine",
    "kms",
    "unalive",
    "insta",
    "tiktok",
    "snapchat",
    "whatsapp",
    "discord",
    "jobcentre",
    "southend",
    "essex",
    "bexley",
    "thurrock",
    "basildon",
    "colchester",
    "chelmsford",
    "harlow",
    "clacton",
    "tendring",
    "braintree",
    "maldon",
    "rochford",
    "rayleigh",
    "canvey",
    "wickford",
    "billericay",
    "brentwood",
    "uttlesford",
    "grays",
    "tilbury",
    "purfleet",
    "erith",
    "sidcup",
    "welling",
    "bexleyheath",
    "witham",
    "leigh",
    "shoeburyness",
    "westcliff",
    "dunmow",
    "epping",
    "loughton",
    "hockley",
    "benfleet",
    "castle",
    "point",
    "saffron",
    "walden",
    "halstead",
    "harwich",
    "frinton",
    "brightlingsea",
    "punjabi",
    "bengali",
    "urdu",
    "polish",
    "romanian",
    "somali",
    "tamil",
    "turkish",
    "arabic",
    "ukrainian",
    "kurdish",
    "farsi",
    "pashto",
    "gujarati",
    "hindi",
    "cantonese",
    "mandarin",
    "vietnamese",
    "lithuanian",
    "bulgarian",
    "portuguese",
]
# Slips so common, or so far from the word, that no distance finds them.
_SLIPS = {
    "sucidal": "suicidal", "suisidal": "suicidal", "sewerslide": "suicide", "sewercide": "suicide", "sueside": "suicide", "sucide": "suicide",
    "suacide": "suicide", "thorts": "thoughts", "thort": "thought", "fink": "think", "finking": "thinking", "nuffin": "nothing",
    "nuthin": "nothing", "nothin": "nothing", "sumthing": "something", "sumfing": "something", "somfing": "something", "evrything": "everything",
    "shud": "should", "wud": "would", "cud": "could", "wen": "when", "wot": "what", "wat": "what", "woz": "was", "iz": "is", "dun": "dont", "dont": "dont",
    "nite": "night", "nites": "nights", "hav": "have", "giv": "give", "luv": "love", "leev": "leave", "leav": "leave", "liv": "live", "skool": "school",
    "scool": "school", "colage": "college", "frend": "friend", "frends": "friends", "freind": "friend", "freinds": "friends",
    "peple": "people", "pepole": "people", "peeple": "people", "doctr": "doctor", "docter": "doctor", "dr": "doctor", "councelling": "counselling",
    "councilling": "counselling", "counciling": "counselling", "counseling": "counselling", "counsling": "counselling", "counsaling": "counselling",
    "councellor": "counsellor", "counselor": "counsellor", "anxity": "anxiety", "anxitey": "anxiety", "anxeity": "anxiety",
    "axiety": "anxiety", "angsiety": "anxiety", "depresed": "depressed", "deppressed": "depressed", "depresion": "depression", "deppresion": "depression",
    "alchohol": "alcohol", "alchol": "alcohol", "alcahol": "alcohol", "alchoholic": "alcoholic", "alcholic": "alcoholic", "berevement": "bereavement",
    "bereevment": "bereavement", "beravement": "bereavement", "bereavment": "bereavement", "greif": "grief", "grife": "grief", "skitzo": "schizophrenia",
    "skitzophrenia": "schizophrenia", "schitzophrenia": "schizophrenia", "schizo": "schizophrenia", "bipoler": "bipolar", "bypolar": "bipolar",
    "parinoid": "paranoid", "parranoid": "paranoid", "autisum": "autism", "demensia": "dementia", "dimentia": "dementia", "alzeimers": "alzheimers",
    "altzheimers": "alzheimers", "alzimers": "alzheimers", "bullyed": "bullied", "bullyd": "bullied", "bulied": "bullied", "benifits": "benefits",
    "benfits": "benefits", "beniffits": "benefits", "volenteer": "volunteer", "volantear": "volunteer", "excersise": "exercise", "exersise": "exercise",
    "carreer": "career", "payed": "paid", "husbend": "husband", "daugter": "daughter", "dauhgter": "daughter", "dorter": "daughter", "bruvver": "brother",
    "bruv": "brother", "muvver": "mother", "muma": "mum", "mam": "mum", "mom": "mum", "sumone": "someone", "sumwhere": "somewhere", "sumwer": "somewhere",
    "somwhere": "somewhere", "wher": "where", "wer": "where", "becuase": "because", "becoz": "because", "trama": "trauma", "tramua": "trauma",
    "flashbaks": "flashbacks", "lonly": "lonely", "lonley": "lonely", "hospitle": "hospital", "hosptial": "hospital", "tablits": "tablets",
    "medacation": "medication", "meddication": "medication", "eating": "eating", "anorexya": "anorexia", "anerexia": "anorexia", "bulemia": "bulimia",
    "selfharm": "self harm", "selfharming": "self harming", "self-harm": "self harm", "kys": "kill yourself", "oded": "overdosed", "odd": "odd",
    "misscarriage": "miscarriage", "miscarrige": "miscarriage", "seperated": "separated", "seperation": "separation", "devorce": "divorce",
    "menopase": "menopause", "nightmers": "nightmares", "phycosis": "psychosis", "sycosis": "psychosis", "phsycosis": "psychosis", "physcosis": "psychosis",
    "physciatrist": "psychiatrist", "phyciatrist": "psychiatrist", "psychatrist": "psychiatrist", "sykiatrist": "psychiatrist", "therepy": "therapy",
    "theropy": "therapy", "therapy": "therapy", "theripist": "therapist", "abuseive": "abusive", "abusif": "abusive", "voilence": "violence", "voilent": "violent",
    "afford": "afford", "aford": "afford", "homless": "homeless", "landlor": "landlord", "evicted": "evicted", "asilum": "asylum", "asylem": "asylum", "vetran": "veteran",
    "vetrans": "veterans", "armey": "army", "prisen": "prison", "arested": "arrested", "confidance": "confidence", "confidense": "confidence", "addicshun": "addiction",
    "addiktion": "addiction", "gambeling": "gambling", "gamberling": "gambling", "insomia": "insomnia", "sleap": "sleep", "slepe": "sleep", "slep": "sleep",
    "meltal": "mental", "helth": "health", "emergancy": "emergency", "emergensy": "emergency", "pregnent": "pregnant", "preganant": "pregnant",
}  # fmt: skip
_WORD = re.compile(r"[a-z]+")


@cache
def english() -> dict[str, int]:
    """word -> frequency, from the list that comes with symspellpy."""
    text = resources.files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    return {word: int(count) for word, count in (line.split() for line in text.splitlines() if line)}


@cache
def _scheme_words() -> frozenset[str]:
    phrases = (phrase for need in scheme().needs for phrase in (*need.says, *need.formal, need.label))
    return frozenset(word for phrase in phrases for word in even(phrase).split() if _WORD.fullmatch(word))


class Speller:
    """Repairs words. `words` are further right words and targets, such as those of an index."""

    def __init__(self, words: Iterable[str] = ()):
        frequency = english()
        targets = dict.fromkeys(_scheme_words() | {w for w in _OURS} | set(words), 0)
        targets |= dict.fromkeys(sorted(frequency, key=frequency.get, reverse=True)[:_COMMONEST], 0)
        self._right = {word for word, count in frequency.items() if count >= _KNOWN_FROM} | set(targets)
        self._right -= _SLIPS.keys() - set(_SLIPS.values())
        self._index = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        mine = _scheme_words() | set(_OURS)
        for word in targets:
            if len(word) >= 3:
                self._index.create_dictionary_entry(word, frequency.get(word, 1000) + (20_000_000 if word in mine else 0))
        self._word = lru_cache(maxsize=20_000)(self._repaired)

    def word(self, word: str) -> str:
        """The word, repaired when it is not right and something near is."""
        return self._word(word)

    def text(self, even_text: str) -> str:
        """Each word of an even text repaired."""
        return " ".join(self._word(word) for word in even_text.split())

    def _repaired(self, word: str) -> str:
        if word in _SLIPS:
            return _SLIPS[word]
        if word in self._right or not _WORD.fullmatch(word):
            return word
        single = re.sub(r"(.)\1", r"\1", word)
        if single in self._right:
            return single
        last = re.sub(r"(.)\1$", r"\1", word)
        if last in self._right:
            return last
        if len(word) < _SHORTEST or len(word) > 24:
            return word
        reach = 1 if len(word) < 6 else 2
        found = self._index.lookup(word, Verbosity.CLOSEST, max_edit_distance=reach)
        found = [one for one in found if one.distance < 2 or one.term[0] == word[0] or len(word) >= 8]
        return found[0].term if found else word


@cache
def speller() -> Speller:
    """The speller over English and the scheme, without words of an index. Shared; safe between threads."""
    return Speller()
