"""What of the figures counted from records may be shown, and to whom: the rules behind `evidence/publish.py`, which is the only exit.

`policies` (what is hidden, as data) -> `splits` (the figures of a run) -> `cells` (every count behind them, once) -> `relations` (what ties
them together) -> `deciding` (which are hidden, and why) -> `national_file` (the released rows in the layout of the national monthly file).
"""
