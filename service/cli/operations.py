"""The commands that run the service and check its environment."""

import sys

import click

from service import doctor
from service.cli.terminal import echo, json_too, print_json, wants_json
from service.config import SETTINGS, Settings


@click.command(name="doctor")
@click.option("--settings", "only_settings", is_flag=True, help="列出全部设置 / list every setting")
@json_too
def doctor_command(only_settings: bool) -> None:
    """检查 LibreOffice、字体和档案 / check LibreOffice, fonts and archive."""
    if only_settings:
        _print_settings()
        return
    findings = doctor.examine(Settings.from_env())
    if wants_json():
        print_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            echo(finding)
    if missing := [finding.exit_code for finding in findings if finding.needed and not finding.ok]:
        sys.exit(min(missing))


def _print_settings() -> None:
    if wants_json():
        print_json(
            [
                {"name": each.name, "default": each.default, "help": {"zh": each.help.zh, "en": each.help.en}}
                for each in SETTINGS
            ]
        )
        return
    for setting in SETTINGS:
        echo(f"{setting.name}={setting.default}\n    {setting.help}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=None, type=click.IntRange(1, 64), help="默认取 KEXIE_WORKERS")
def serve(host: str, port: int, workers: int | None) -> None:
    """启动网页服务 / serve over HTTP with gunicorn."""
    from service.web.gunicorn_app import run

    run(Settings.from_env(), host, port, workers)
