"""The commands that run the service and check its environment."""

import sys
from collections.abc import Sequence

import click

from service import doctor
from service.cli.terminal import echo, json_too, print_json, wants_json
from service.config import SETTINGS, Settings
from service.conversion.fonts.coverage import Coverage, coverage
from service.conversion.fonts.font_check import font_check
from service.forms.form_folder import font_folders


@click.command(name="doctor")
@click.option("--settings", "only_settings", is_flag=True, help="列出全部设置 / list every setting")
@click.option(
    "--characters",
    "only_characters",
    is_flag=True,
    help="GB 18030-2022 各级别和各区块有多少字能印 / how much of GB 18030-2022 and each block is drawable",
)
@json_too
def doctor_command(only_settings: bool, only_characters: bool) -> None:
    """检查 LibreOffice、字体和档案 / check LibreOffice, fonts and archive."""
    if only_settings:
        _print_settings()
        return
    settings = Settings.from_env()
    if only_characters:
        _print_rows(list(coverage(font_check(font_folders(settings)))))
        return
    findings = doctor.examine(settings)
    _print_rows(findings)
    if missing := [finding.exit_code for finding in findings if finding.needed and not finding.ok]:
        sys.exit(min(missing))


def _print_rows(rows: Sequence[doctor.CheckResult | Coverage]) -> None:
    if wants_json():
        print_json([row.as_dict() for row in rows])
        return
    for row in rows:
        echo(row)


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
