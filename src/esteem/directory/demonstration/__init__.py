"""A directory to try things on: more than 400 invented services for Southend, Essex, Thurrock and Bexley.

Every record says that it is invented. Organisations have names nobody would take for real, telephone numbers are from the ranges that Ofcom
keeps for drama, addresses on the web end in example.org. The words stand in `services_*.txt`; `lines.py` reads them, `composing.py` makes
the records, the same ones every time.
"""

from esteem.directory.demonstration.composing import demonstration

__all__ = ["demonstration"]
