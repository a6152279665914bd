"""A strategy file becomes promises, and promises become the live sheet.

file (lines, fields, checks) -> promises -> gather -> weigh (years, outlook) -> finding -> rules -> statuses -> sheet (attention, wording)
-> rows, terminal, changes, depth. The rules see numbers only; every number was released by evidence/publish.py.
"""
