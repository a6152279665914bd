"""Search of the directory: from what somebody typed to the help they can use, best first, and why.

index = SearchIndex.build(services)                    # whole; swap it for the one before
found = search(index, Query("cant sleep, im 16", at=now))
"""

from esteem.directory.search.backend import SearchBackend
from esteem.directory.search.finding import Found, Result, search
from esteem.directory.search.index import SearchIndex
from esteem.directory.search.query import Query, Understood

__all__ = ["Found", "Query", "Result", "SearchBackend", "SearchIndex", "Understood", "search"]
