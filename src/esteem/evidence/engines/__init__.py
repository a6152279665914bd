"""What runs the definitions. An engine reads a file, keeps an expression as a table, runs one, and prints its SQL; nothing else.

Definitions are plain Ibis expressions, so that another engine behind the same four verbs gives the same figures.
"""
