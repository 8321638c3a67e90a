"""Command line 命令行: ``huanzhi``.

Commands are found by name and imported only when they are called, so that ``huanzhi --help`` stays quick.
Exit codes: 0 done; 1 done with findings (refused rows, failed checks); 2 wrong usage; 3 wrong input;
4 standard; 5 store; 130 interrupted.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from huanzhi import __version__
from huanzhi.cli.click_words import translate_click
from huanzhi.cli.output import report_error, say
from huanzhi.errors import HuanzhiError, InputError, system_reason
from huanzhi.messages import text

COMMANDS = {
    "import": "huanzhi.cli.import_files",
    "assess": "huanzhi.cli.assess",
    "rank": "huanzhi.cli.rank",
    "report": "huanzhi.cli.report",
    "explain": "huanzhi.cli.explain",
    "standards": "huanzhi.cli.standards",
    "rules": "huanzhi.cli.rules",
    "store": "huanzhi.cli.store",
    "hj212": "huanzhi.cli.hj212_net",
    "quality": "huanzhi.cli.quality",
    "run": "huanzhi.cli.run",
    "worker": "huanzhi.cli.worker",
    "gateway": "huanzhi.cli.gateway",
    "device": "huanzhi.cli.device",
    "table": "huanzhi.cli.table",
    "register": "huanzhi.cli.register",
    "atlas": "huanzhi.cli.atlas",
    "city": "huanzhi.cli.city",
    "live": "huanzhi.cli.live",
    "listen": "huanzhi.cli.listen",
    "web": "huanzhi.cli.web",
    "person": "huanzhi.cli.person",
    "audit": "huanzhi.cli.audit",
    "issue": "huanzhi.cli.issue",
    "permit": "huanzhi.cli.permit",
    "plan": "huanzhi.cli.plan",
    "publication": "huanzhi.cli.publication",
    "indicator": "huanzhi.cli.indicator",
    "target": "huanzhi.cli.target",
    "draw": "huanzhi.cli.draw",
    "code": "huanzhi.cli.code",
    "exchange": "huanzhi.cli.exchange",
    "quota": "huanzhi.cli.quota",
    "calendar": "huanzhi.cli.calendar",
    "tax": "huanzhi.cli.tax",
    "waste": "huanzhi.cli.waste",
    "sample": "huanzhi.cli.sample",
    "demo": "huanzhi.cli.demo",
}


HELPS = {
    "import": "import_cli.help",
    "assess": "assess_cli.help",
    "rank": "rankings.help",
    "report": "report.help",
    "explain": "explain.help",
    "standards": "standards_cli.help",
    "rules": "rulebooks.help",
    "store": "store_cli.help",
    "hj212": "hj212_cli.help",
    "quality": "quality_cli.help",
    "run": "web_api.help_run",
    "worker": "run.help_worker",
    "gateway": "gateway_cli.help",
    "device": "gateway_cli.device_help",
    "table": "table_cli.help",
    "register": "register_cli.help",
    "atlas": "atlas_cli.help",
    "city": "city_cli.help",
    "live": "live.help",
    "listen": "mqtt.help",
    "web": "web_api.help",
    "person": "person_cli.help",
    "audit": "audit_cli.help",
    "issue": "issue_cli.help",
    "permit": "permit_cli.help",
    "plan": "plan_cli.help",
    "publication": "publication_cli.help",
    "indicator": "indicators.cli_help",
    "target": "indicators.cli_targets_help",
    "draw": "draws.help",
    "code": "grades.help",
    "exchange": "exchange.help",
    "quota": "quota_cli.help",
    "calendar": "calendar.help",
    "tax": "tax_cli.help",
    "waste": "waste_cli.help",
    "sample": "sample.help",
    "demo": "demo.help",
}
"""What each command says of itself in the list of commands, which imports none of them."""


class LazyGroup(click.Group):
    """A group whose commands are modules with a click command called ``command``.

    Parameters
    ----------
    helps : dict, optional
        Message keys of what the commands say of themselves; commands not in it are imported to be listed.
    """

    def __init__(
        self, *args: object, modules: dict[str, str], helps: dict[str, str] | None = None, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.modules, self.helps = modules, helps or {}
        self._listing = False

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        self._listing = True
        try:
            super().format_commands(ctx, formatter)
        finally:
            self._listing = False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of work."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import and return the command called `name`."""
        if name not in self.modules:
            return None
        if self._listing and name in self.helps:
            return click.Command(name, help=text(self.helps[name]))
        command = import_module(self.modules[name]).command
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=LazyGroup,
    modules=COMMANDS,
    helps=HELPS,
    help=text("cli.help"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", prog_name="huanzhi", help=text("cli.version"))
def cli() -> None:
    """Run the command line."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code; a user's error becomes one clear sentence."""
    arguments = sys.argv[1:] if arguments is None else arguments
    translate_click()
    try:
        code = cli.main(args=arguments, prog_name="huanzhi", standalone_mode=False)
    except HuanzhiError as error:
        report_error(error, as_json="--json" in arguments)
        sys.exit(error.exit_code)
    except OSError as error:
        reason = system_reason(error)
        report_error(
            InputError("cli.system", file=error.filename, reason=reason), as_json="--json" in arguments
        )
        sys.exit(InputError.exit_code)
    except click.exceptions.Abort:
        say("cli.interrupted")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    sys.exit(code if isinstance(code, int) else 0)
