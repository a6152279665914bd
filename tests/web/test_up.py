"""`esteem up` as a process: it serves on this machine until interrupted, and says plainly when a port is taken."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest

COMMAND = (sys.executable, "-m", "esteem.cli", "up", "--no-browser", "--no-invented", "--no-sheets")


@pytest.fixture
def served():
    """(process, address) of a server on a free port."""
    process = subprocess.Popen([*COMMAND, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    address = next((found[1] for line in process.stdout if (found := re.search(r"(http://127\.0\.0\.1:\d+/)", line))), None)
    assert address, process.stderr.read()
    yield process, address
    process.kill()
    process.communicate()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_interrupted_and_ends_cleanly(served, how):
    process, address = served
    with urllib.request.urlopen(address + "glossary", timeout=30) as answer:
        assert answer.status == 200 and "Server" not in answer.headers
        assert "Glossary" in answer.read().decode()
    with urllib.request.urlopen(address + "measures/detention-rate?place=QKK", timeout=60) as answer:  # the database has worked
        assert answer.status == 200
    os.kill(process.pid, how)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Stopped." in out and "Traceback" not in err and "terminate" not in err


def test_a_busy_port_is_a_problem_with_a_way_out(served):
    port = re.search(r":(\d+)/", served[1])[1]
    done = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert f"port {port} of 127.0.0.1 is in use" in done.stderr and "esteem up --port" in done.stderr
    assert "Traceback" not in done.stderr


def test_shows_both_sheets_before_it_serves():
    process = subprocess.Popen([*COMMAND[:-1], "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        shown = []
        for line in process.stdout:
            shown.append(line)
            if "served at" in line:
                break
    finally:
        process.terminate()
        process.communicate(timeout=30)
    text = "".join(shown)
    rows = [f"E{number:02d}" for number in range(1, 39)] + [f"B{number:02d}" for number in range(1, 16)]
    assert [row for row in rows if not re.search(rf"^{row}\b", text, re.M)] == []
    assert text.index("E38") < text.index("served at")
