"""Operational records: people, referrals, plans, consultations. The only room with a database of its own (Django's ORM).

No records are kept yet: the live sheet rests on published figures, which live in snapshots (`evidence`). The application is installed so
that the first model that is added has its migrations, its settings and its walls from the first day.
"""
