"""The only writers of the directory's records.

Each takes who does it (`by`) and when (`at`), and writes the record and its event together.
"""

from esteem.directory.actions.keeping import Kept, keep_service, keep_services

__all__ = ["Kept", "keep_service", "keep_services"]
