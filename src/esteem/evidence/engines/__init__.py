"""What runs the definitions: DuckDB (the default), Spark, and a plain reference in Python. Definitions are Ibis expressions; an engine

- makes tables: `scan(path, columns)`, `rows(columns, rows)`, `empty(columns)` (`columns`: name -> type of the schema);
- keeps an expression as a table: `keep(expression)`; it may put that off while `one_answer` is true (a single cohort is asked for);
- works out: `totals(rows, groupings)` (grouping.py) for measures, `run(expression)` for anything else;
- prints what it does: `explain(expression)`.

Tables are Ibis tables that only carry a name, so that any engine's SQL can be printed without the engine. All three give the same figures
(tests/agree).
"""
