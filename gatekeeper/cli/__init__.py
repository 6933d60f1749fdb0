"""The commands. Each reads its config, has `app` open what it needs, and prints the answer."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import click

from bitrix24_sandbox.cli import sandbox
from gatekeeper.app.logs import set_up_logging
from gatekeeper.cli.audit import audit_command
from gatekeeper.cli.breaker import breaker_command
from gatekeeper.cli.check import check_command
from gatekeeper.cli.comment import comment_command
from gatekeeper.cli.config import config_command, config_option, init_command, load_or_exit
from gatekeeper.cli.dead import dead_command
from gatekeeper.cli.doctor import doctor_command
from gatekeeper.cli.duplicates import duplicates_command
from gatekeeper.cli.exempt import exempt_command
from gatekeeper.cli.explain import explain_command
from gatekeeper.cli.messages import messages_command
from gatekeeper.cli.replay import replay_command
from gatekeeper.cli.report import report_command
from gatekeeper.cli.speech import describe, language_of_call, let_click_speak, spoken, worded
from gatekeeper.cli.storage import backup_command, forget_command, prune_command, restore_command
from gatekeeper.cli.whatif import whatif_command
from gatekeeper.config import LogConfig, WebConfig
from gatekeeper.config.text import is_unknown_language, say
from gatekeeper.messages.words import words_of
from gatekeeper.model.errors import GatekeeperError

SANDBOX_CONFIG = Path("deploy/sandbox.toml")
FAILED = 1


class Commands(click.Group):
    """Our own errors end a command with one line and no traceback."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run with help and errors in the language of whoever reads them."""
        given = list(sys.argv[1:] if args is None else args)
        language = language_of_call(given, os.environ)
        let_click_speak(language)
        told = worded(self, words_of(language, "help"))
        return super(Commands, told).main(given, *rest, obj=language, **extra)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except GatekeeperError as error:
            click.echo(f"gatekeeper: {describe(error)}", err=True)
            raise click.exceptions.Exit(FAILED) from None


@click.group(cls=Commands)
@click.version_option(package_name="gatekeeper")
@click.option("--verbose", is_flag=True)
def main(verbose: bool) -> None:
    """Judge a Bitrix24 portal's deals, contacts and leads against the department's regulations."""
    set_up_logging(LogConfig(), verbose=verbose)  # until a config says more
    if is_unknown_language(os.environ):
        click.echo(f"gatekeeper: {say(spoken(), 'no_language')}", err=True)


main.add_command(config_command)
main.add_command(init_command)
main.add_command(check_command)
main.add_command(audit_command)
main.add_command(comment_command)
main.add_command(doctor_command)
main.add_command(breaker_command)
main.add_command(duplicates_command)
main.add_command(exempt_command)
main.add_command(explain_command)
main.add_command(replay_command)
main.add_command(whatif_command)
main.add_command(report_command)
main.add_command(messages_command)
main.add_command(dead_command)
main.add_command(backup_command)
main.add_command(restore_command)
main.add_command(prune_command)
main.add_command(forget_command)
main.add_command(sandbox)


@main.command()
@config_option
def worker(config_file: Path | None) -> None:
    """Judge what the events marked, until SIGTERM; a wave under way is finished."""
    from gatekeeper.app.bootstrap import open_gatekeeper
    from gatekeeper.app.reload import ConfigWatch
    from gatekeeper.app.supervisor import end_with_supervisor
    from gatekeeper.app.worker_process import work

    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    end_with_supervisor()
    config = load_or_exit(config_file)
    work(open_gatekeeper(config), stop, ConfigWatch(config_file, os.environ, config))


@main.command()
@config_option
def web(config_file: Path | None) -> None:
    """Receive the portal's events, until SIGTERM."""
    from gatekeeper.app.descriptors import settle_descriptors
    from gatekeeper.app.reload import ConfigWatch
    from gatekeeper.app.supervisor import end_with_supervisor
    from gatekeeper.app.tables import open_store
    from gatekeeper.app.web_process import asgi_app
    from gatekeeper.web.server import serve

    config = load_or_exit(config_file)
    settle_descriptors(config.web.threads)
    # Once here, in the open: a database that cannot be reached must stop the command, not loop its workers.
    open_store(config).close()
    end_with_supervisor()
    watch = ConfigWatch(config_file, os.environ, config)
    serve(lambda: asgi_app(config, watch), config.web)


@main.command()
@config_option
def up(config_file: Path | None) -> None:
    """Web and worker together, for a small office. SIGTERM stops both and loses nothing."""
    from gatekeeper.app.supervisor import Supervisor
    from gatekeeper.app.tables import open_store

    open_store(load_or_exit(config_file)).close()
    chosen = ["--config", str(config_file)] if config_file else []
    supervisor = Supervisor({"web": ["web", *chosen], "worker": ["worker", *chosen]}, os.environ)
    supervisor.start()
    supervisor.run()


@main.command(name="try")
@config_option
def try_command(config_file: Path | None) -> None:
    """A sandbox portal and the gatekeeper before it, both empty, gone on Ctrl-C."""
    from gatekeeper.app.supervisor import Supervisor

    chosen = config_file or _sandbox_config()
    config = load_or_exit(chosen)
    with tempfile.TemporaryDirectory(prefix="gatekeeper-try-") as folder:
        environ = {"GATEKEEPER_DATABASE_URL": f"sqlite:///{folder}/gatekeeper.db", **os.environ}
        named = ["--config", str(chosen)]
        parts = {"sandbox": ["sandbox"], "web": ["web", *named], "worker": ["worker", *named]}
        supervisor = Supervisor(parts, environ)
        supervisor.start()
        supervisor.run(lambda: _say_when_ready(config.web))


@main.command()
@config_option
def demo(config_file: Path | None) -> None:
    """Tell the whole story in the terminal; exit 0 only if every step was seen to happen."""
    from gatekeeper.app.demo import tell

    sys.exit(0 if tell(config_file or _sandbox_config(), spoken()) else FAILED)


def _say_when_ready(web: WebConfig) -> bool:
    """Print where to go, once an event would be heard."""
    import requests

    try:
        ready = requests.get(f"http://{web.host}:{web.port}/readyz", timeout=2).ok
    except requests.RequestException:
        return False
    if ready:
        say = words_of(spoken(), "demo").say
        status = f"http://{web.admin_host}:{web.admin_port}/status"
        click.echo(f"{say('try.how')}\n{say('try.where', status=status)}")
    return ready


def _sandbox_config() -> Path:
    """Beside the current folder, or in the checkout that this package is installed from."""
    checkout = Path(__file__).resolve().parents[2]
    found = next((each for each in (SANDBOX_CONFIG, checkout / SANDBOX_CONFIG) if each.is_file()), None)
    if found is None:
        raise click.UsageError(words_of(spoken(), "errors").say("asked.no_sandbox", file=SANDBOX_CONFIG))
    return found
