"""Run as a program by test_loading: load a file in the invented layout, and be killed or starved on the way.

python -m tests.evidence.interrupted_load PACK HOME FILE kill STAGE     SIGKILL when the load reaches the stage
python -m tests.evidence.interrupted_load PACK HOME FILE limit BYTES    no file may grow beyond so many bytes
python -m tests.evidence.interrupted_load PACK HOME FILE wait STAGE     wait at the stage until standard input ends
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

from tests.evidence import invented

from esteem.evidence.loading import Watch, load
from esteem.terms.problems import Problem, Problems


class _Fault(Watch):
    def __init__(self, what: str, stage: str):
        self.what, self.at = what, stage

    def stage(self, name: str) -> None:
        if name != self.at:
            return
        if self.what == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        print("waiting", flush=True)
        sys.stdin.read()


def main(pack: str, home: str, file: str, what: str, how: str) -> int:
    invented.ship(Path(pack))
    if what == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(how), int(how)))
    try:
        load([Path(file)], Path(home), sources=invented.SOURCES, watch=_Fault(what, how))
    except (Problem, Problems) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
