"""Arithmetic: numbers in, numbers out. No place, period or source is known here.

Missing is NaN and never silent: each result says why in `reasons`. Input that cannot be right raises `terms.problems.Problem` and names
the row (counted from 1). Formulas are the published ones; each module names them.
"""
