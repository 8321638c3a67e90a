"""Run the command line with ``python -m huanzhi.cli``."""

from huanzhi.cli import main

main()
