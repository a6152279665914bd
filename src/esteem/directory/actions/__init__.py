"""The only writers of the directory's records.

Each takes who does it (`by`) and when (`at`), and writes the record and its event together. `with together():` makes several of them one.
"""

from esteem.directory.actions.assuring import HOW, Moved, close, confirm, move_by_time, name_owner
from esteem.directory.actions.changing import change_by_link
from esteem.directory.actions.keeping import Kept, keep_service, keep_services
from esteem.directory.actions.merging import merge
from esteem.directory.actions.receiving import Received, receive
from esteem.directory.actions.reminding import answer_by_link, make_link, note_reminder, use_link
from esteem.directory.actions.reporting import (
    REPORT_KINDS,
    count_help,
    count_search,
    decide_merge,
    finish_task,
    open_task,
    propose_merge,
    report_wrong,
    settle_report,
    tracking_code,
)
from esteem.store.transactions import together

__all__ = [
    "HOW",
    "REPORT_KINDS",
    "Kept",
    "Moved",
    "Received",
    "answer_by_link",
    "change_by_link",
    "close",
    "confirm",
    "count_help",
    "count_search",
    "decide_merge",
    "finish_task",
    "keep_service",
    "keep_services",
    "make_link",
    "merge",
    "move_by_time",
    "name_owner",
    "note_reminder",
    "open_task",
    "propose_merge",
    "receive",
    "report_wrong",
    "settle_report",
    "together",
    "tracking_code",
    "use_link",
]
