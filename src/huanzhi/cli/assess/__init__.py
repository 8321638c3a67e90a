"""``huanzhi assess``: judge a file of monitoring data by the standards in force on each row's own day."""

from __future__ import annotations

import click

from huanzhi.cli import LazyGroup
from huanzhi.messages import text

COMMANDS = {
    "air": "huanzhi.cli.assess.air",
    "water": "huanzhi.cli.assess.water",
    "groundwater": "huanzhi.cli.assess.groundwater",
    "sea": "huanzhi.cli.assess.sea",
    "soil": "huanzhi.cli.assess.soil",
    "noise": "huanzhi.cli.assess.noise",
}


@click.group(name="assess", cls=LazyGroup, modules=COMMANDS, help=text("assess_cli.help"))
def command() -> None:
    """Hold the commands that judge a file."""
