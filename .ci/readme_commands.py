"""Runs every command shown in the READMEs, in order, and fails at the first that fails.

A command is a line of a fenced ``sh`` block. Both READMEs must show the same commands. Commands given with
``--done`` were run already and are only counted.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(readme: Path) -> list[str]:
    """Return the commands of one README, without comments."""
    lines = "\n".join(BLOCK.findall(readme.read_text(encoding="utf-8"))).splitlines()
    bare = (line.split("  #")[0].strip() for line in lines)
    return [line for line in bare if line and not line.startswith(("#", "git clone", "cd "))]


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
            status = subprocess.run(["bash", "-c", command], cwd=ROOT, env=environment, check=False)
            if status.returncode != 0:
                print(f"failed with {status.returncode}: {command}", file=sys.stderr)
                return 1
    print(f"{len(shown[0])} README commands ran")
    return 0


if __name__ == "__main__":
    sys.exit(main())
