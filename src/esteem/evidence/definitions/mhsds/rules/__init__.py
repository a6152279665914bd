"""Rules that many national measures share, each written once. R-numbers are those of the design page of the measures.

A rule is `rule(work, ...) -> table`, or an Ibis condition on a table. Those marked @prepared are worked out once for an extract and month.
"""
