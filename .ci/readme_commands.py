"""Runs every command shown in the READMEs, in order, and fails at the first that fails.

A command is a line of a fenced ``sh`` block. Both READMEs must show the same commands. Commands given with
``--done`` were run already and are only counted. A command that goes on for ever is ended when the page
that it tells of has answered.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)

LASTING = {"make run": re.compile(r"http://[0-9.]+:[0-9]+/")}
"""Commands that go on until they are interrupted, and how the page looks that they tell of."""
PATIENCE = 900
"""Seconds in which it must answer."""


def commands(readme: Path) -> list[str]:
    """Return the commands of one README, without comments."""
    lines = "\n".join(BLOCK.findall(readme.read_text(encoding="utf-8"))).splitlines()
    bare = (line.split("  #")[0].strip() for line in lines)
    return [line for line in bare if line and not line.startswith(("#", "git clone", "cd "))]


def plain(command: str, environment: dict[str, str]) -> int:
    """Run a command to its end; return its exit status."""
    return subprocess.run(["bash", "-c", command], cwd=ROOT, env=environment, check=False).returncode


def heed_interrupts() -> None:
    """Let a command be interrupted even where this program was begun in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def lasting(command: str, environment: dict[str, str]) -> int:
    """Run a command until its page has answered, then interrupt it; return 0 if it did."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        process = subprocess.Popen(
            ["bash", "-c", command],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=heed_interrupts,
        )
        try:
            address = ""
            while not address and process.poll() is None and time.monotonic() - began < PATIENCE:
                time.sleep(1)
                out.seek(0)
                told = LASTING[command].search(out.read())
                address = told.group() if told else ""
            if not address:
                return process.poll() or 124
            answered = urllib.request.urlopen(address, timeout=60).status
            print(f"{address} answered {answered} after {time.monotonic() - began:.0f} s", flush=True)
            return 0 if answered == 200 else answered
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(120)


def main() -> int:
    """Run them and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--done", action="append", default=[])
    done = parser.parse_args().done
    shown = [commands(ROOT / name) for name in READMES]
    if shown[0] != shown[1] or not shown[0]:
        print(f"the READMEs show different commands: {shown}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as home:
        path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "HUANZHI_HOME": home, "PATH": path}
        for command in dict.fromkeys(shown[0]):
            if command in done:
                continue
            print(f"$ {command}", flush=True)
            status = (lasting if command in LASTING else plain)(command, environment)
            if status != 0:
                print(f"failed with {status}: {command}", file=sys.stderr)
                return 1
    print(f"{len(shown[0])} README commands ran")
    return 0


if __name__ == "__main__":
    sys.exit(main())
