"""Operational records: what people keep here, not what is published elsewhere. The only room with a database of its own (Django's ORM).

Models stand by face (`directory.py`), migrations beside them. A face opens the store in its `actions` and `queries` alone. SQLite in the
installation's home by default; PostgreSQL where ESTEEM_DATABASE_URL says so (web/databases.py).
"""
