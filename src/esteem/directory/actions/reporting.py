"""Reports of the public, tasks for the team, decisions on doubles, and tallies."""

from __future__ import annotations

from datetime import datetime

from esteem.directory import queries
from esteem.directory.actions.events import event, write
from esteem.directory.actions.merging import merge
from esteem.directory.working_days import working_days_after
from esteem.store import directory as kept
from esteem.store.transactions import together
from esteem.terms.actors import Actor
from esteem.terms.problems import Problem

PUBLIC = Actor("public")
REPORT_KINDS = {
    "number": "The phone number or web address is wrong",
    "hours": "It was shut when this page said open",
    "place": "The address is wrong",
    "closed": "It has closed",
    "who": "They do not take people like me",
    "unsafe": "Something here is not safe",
    "other": "Something else",
}
ANSWER_WITHIN = 5  # working days
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels, no look-alikes: no word comes out, nothing is misread
_MOST_WORDS = 2000


def tracking_code(randomness: bytes) -> str:
    """Eight letters and numbers from at least eight random bytes."""
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in randomness[:8])


def report_wrong(service_id: str, kind: str, words: str, *, code: str, at: datetime, by: Actor = PUBLIC) -> queries.Report:
    """Take a report about an entry. Raises Problem `report-kind-unknown`, `service-unknown`. Nothing is kept of who sent it."""
    if kind not in REPORT_KINDS:
        raise Problem("report-kind-unknown", "Say what is wrong by choosing one of the list.", kind[:40], "Choose again.")
    service = queries.service(service_id)
    due_on = working_days_after(at.date(), 1 if kind == "unsafe" else ANSWER_WITHIN)
    with together():
        kept.Report.objects.create(
            code=code, service_id=service.id, kind=kind, words=words.strip()[:_MOST_WORDS], made_at=at, due_on=due_on
        )
        write(event("reported", "service", service.id, by=by, at=at, kind=kind, report=code))
    return queries.report(code)


def settle_report(code: str, answer: str, *, by: Actor, at: datetime) -> queries.Report:
    """Answer a report: what was done, in words for the one who sent it."""
    report = queries.report(code)
    with together():
        kept.Report.objects.filter(code=report.code).update(settled_at=at, answer=answer.strip()[:_MOST_WORDS])
        write(event("report settled", "service", report.service_id, by=by, at=at, why=answer.strip()[:200], report=report.code))
    return queries.report(code)


def open_task(key: str, kind: str, service_id: str, found: str, remedy: str, *, by: Actor, at: datetime) -> bool:
    """A task, unless the same one is open. One that was done opens again when its cause is back. True when it is new."""
    with together():
        task, new = kept.Task.objects.get_or_create(
            key=key[:200],
            defaults={"kind": kind, "service_id": service_id, "found": found, "remedy": remedy, "made_at": at},
        )
        if not new and task.done_at is None:
            return False
        if not new:
            task.done_at, task.made_at, task.found = None, at, found
            task.save()
        write(event("task opened", "service", service_id, by=by, at=at, kind=kind, found=found))
    return True


def finish_task(task_id: int, *, by: Actor, at: datetime, why: str = "") -> None:
    with together():
        task = kept.Task.objects.get(id=task_id)
        task.done_at = at
        task.save()
        write(event("task done", "service", task.service_id, by=by, at=at, why=why, kind=task.kind))


def propose_merge(kept_id: str, other_id: str, score: float, reasons: list[str], *, by: Actor, at: datetime) -> bool:
    """Two entries that may be one. What a person has decided once is not asked again. True when it is new."""
    first, second = sorted((kept_id, other_id))
    with together():
        _, new = kept.MergeProposal.objects.get_or_create(
            kept_id=first, other_id=second, defaults={"score": score, "reasons": reasons, "made_at": at}
        )
        if new:
            write(event("merge proposed", "service", first, by=by, at=at, other=second, score=round(score, 3)))
    return new


def decide_merge(proposal_id: int, decision: str, *, by: Actor, at: datetime) -> None:
    """`merged` makes one entry of the two, `different` keeps both."""
    if decision not in ("merged", "different"):
        raise ValueError("a proposal ends in merged or different")
    with together():
        row = kept.MergeProposal.objects.get(id=proposal_id)
        kept.MergeProposal.objects.filter(id=proposal_id).update(decision=decision, decided_at=at)
        write(event("merge decided", "service", row.kept_id, by=by, at=at, other=row.other_id, decision=decision))
        if decision == "merged":
            merge(row.kept_id, row.other_id, by=by, at=at)


def count_search(needs: tuple[str, ...], area: str, *, found: bool, at: datetime) -> None:
    """One search for needs in a coarse area. No event and no actor: a row for each search would say what the tally hides."""
    from esteem.store.tallies import add

    for need in dict.fromkeys(needs):
        add(kept.SearchTally, {"day": at.date(), "need": need, "area": area}, searches=1, found_nothing=int(not found))


def count_help(need: str, area: str, *, found: bool, at: datetime) -> None:
    """One answer to "did you find help?"; as for searches, nothing but the count is kept."""
    from esteem.store.tallies import add

    add(kept.HelpTally, {"day": at.date(), "need": need, "area": area}, yes=int(found), no=int(not found))
