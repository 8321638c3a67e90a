"""Makes ``frontend/openapi.json`` and the types of the screens from the code, or checks that they are so.

``python .ci/schema.py`` writes them (``make schema``); with ``--check`` it writes nothing and fails where
they differ.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
KEPT = (FRONTEND / "openapi.json", FRONTEND / "src" / "api" / "schema.d.ts")


def make(folder: Path) -> tuple[bytes, bytes]:
    """Return the document of the API and the types made of it."""
    document, types = folder / "openapi.json", folder / "schema.d.ts"
    environment = {**os.environ, "HUANZHI_HOME": str(folder), "HUANZHI_LANG": "en"}
    code = [sys.executable, "-m", "huanzhi.cli", "web", "openapi", "-o", str(document)]
    subprocess.run(code, env=environment, check=True)
    program = FRONTEND / "node_modules" / ".bin" / "openapi-typescript"
    subprocess.run([program, document, "-o", types], check=True, stdout=subprocess.DEVNULL)
    return document.read_bytes(), types.read_bytes()


def main() -> int:
    """Write or check; return the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        made = make(Path(folder))
    differing = [path for path, data in zip(KEPT, made, strict=True) if path.read_bytes() != data]
    if "--check" not in sys.argv:
        for path, data in zip(KEPT, made, strict=True):
            path.write_bytes(data)
        return 0
    for path in differing:
        print(f"{path} is not what the code gives: run `make schema` and commit it", file=sys.stderr)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
