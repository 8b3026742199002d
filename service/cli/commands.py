"""The commands, each imported when it is called."""

import click

from service.cli.terminal import Commands, LazyCommand
from service.version import VERSION

# The module of `service.cli` and the function of each command.
_COMMANDS = {
    "audit": "audit:audit",
    "batch": "batch:batch",
    "blank": "documents:blank",
    "check": "filled_forms:check",
    "doctor": "operations:doctor_command",
    "edition": "editions:edition",
    "export": "archived.export:export",
    "extract": "filled_forms:extract",
    "form": "new_forms:form",
    "forms": "forms:forms",
    "import": "regeneration:import_command",
    "keys": "keys:keys",
    "lint": "editions:lint",
    "records": "archived.records:records",
    "regenerate": "regeneration:regenerate",
    "render": "documents:render",
    "retention": "retention:retention",
    "schema": "forms:schema",
    "sealed": "sealed:sealed",
    "serve": "operations:serve",
    "sheet": "sheets:sheet",
    "sign": "sealed:sign",
    "validate": "documents:validate_command",
    "verify": "archive:verify",
    "worker": "batch:worker",
}


@click.group(
    cls=Commands,
    commands=[LazyCommand(*row) for row in _COMMANDS.items()],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--json", "as_json", is_flag=True, help="机器可读的结果 / machine-readable results")
@click.version_option(VERSION)
def main(as_json: bool) -> None:
    """科协表单：由 JSON 生成正式的 Word 表单和 PDF/A。

    Official Word forms and PDF/A from JSON. `-` is standard input or output.

    \b
    退出码 / exit codes: 0 done · 1 unexpected · 2 usage · 3 invalid payload
    4 template fault · 5 conversion fault · 6 archive fault
    """
