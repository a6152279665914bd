"""R4: which contacts count. Code sets carry the months in which they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from esteem.terms.problems import Problem

FIRST_MONTH_V5 = 1459  # October 2021
ATTENDED = ("5", "6")  # on time; late but seen
ANONYMOUS_SERVICES = ("DFC", "S9X2N")  # providers that do not know who their clients are

# Told of each set that a cohort tests and the column it tests, while definitions are being explained (code_sets_used.py).
listeners: list[Callable[[CodeSet, str], None]] = []


@dataclass(frozen=True)
class CodeSet:
    """Codes that hold from one reporting month to another (None = without end)."""

    codes: tuple[str, ...]
    first_month: int | None = None
    last_month: int | None = None

    def __post_init__(self):
        if not self.codes or (self.first_month and self.last_month and self.first_month > self.last_month):
            rule = "A code set has codes, and a first month not after its last."
            raise Problem(
                "code-set-invalid", rule, f"{', '.join(self.codes) or 'no codes'}: months {self.first_month} to {self.last_month}"
            )

    def holds(self, code: ir.StringValue, month: ir.IntegerValue) -> ir.BooleanValue:
        """True where the code is in the set and the month is one in which the set holds."""
        for hear in listeners:
            hear(self, code.get_name())
        found = code.isin(self.codes)
        if self.first_month is not None:
            found = found & (month >= self.first_month)
        if self.last_month is not None:
            found = found & (month <= self.last_month)
        return found


DIRECT = CodeSet(("01", "02", "04", "11"), first_month=FIRST_MONTH_V5)  # face to face, telephone, talk type, video
FACE_TO_FACE_OR_VIDEO = CodeSet(("01", "11"))
FACE_TO_FACE = CodeSet(("01",))
MESSAGES = CodeSet(("05", "09", "10", "13"))  # e-mail and chat: how anonymous services meet people


def attended(contacts: ir.Table) -> ir.BooleanValue:
    return contacts.AttendStatus.isin(ATTENDED)


def direct(contacts: ir.Table) -> ir.BooleanValue:
    """R4's way of meeting: direct from October 2021; anything but e-mail and text message before."""
    mechanism, month = contacts.ConsMechanismMH, contacts.UniqMonthID
    before = (month < FIRST_MONTH_V5) & mechanism.notin(("05", "06"))
    return DIRECT.holds(mechanism, month) | before


def attended_direct(contacts: ir.Table) -> ir.BooleanValue:
    """R4. Attended and direct; for anonymous services attended by message."""
    anonymous = contacts.OrgIDProv.isin(ANONYMOUS_SERVICES)
    mechanism = contacts.ConsMechanismMH
    return attended(contacts) & ibis.ifelse(anonymous, mechanism.isin(MESSAGES.codes), direct(contacts))
