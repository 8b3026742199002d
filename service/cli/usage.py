"""Translates click's usage errors into the service's, Chinese first."""

import click

from service.errors import UsageError

COMMAND = "kexie.command"  # the called command, in a context's `meta`


class UnknownCommand(click.UsageError):
    """A group has no command of that name."""

    def __init__(self, name: str, message: str, ctx: click.Context) -> None:
        super().__init__(message, ctx)
        self.name = name


def of(error: click.UsageError) -> UsageError:
    """Converts a click error to a UsageError that points to the command's help."""
    command = error.ctx.command_path if error.ctx else "kexie-forms"
    message = error.format_message()
    return UsageError(
        f"{_zh(error)}。用法见 {command} --help。", f"{message.rstrip('.')}. See {command} --help."
    )


def _zh(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption(option_name=name, possibilities=near):
            return f"没有选项 {name}" + (f"，是否为：{'、'.join(sorted(near))}" if near else "")
        case click.MissingParameter(param=param):
            return f"缺少{_named(param)}"
        case click.BadParameter(param=param):
            return f"{_named(param)}的值不对{_wanted(param)}"
        case click.BadOptionUsage(option_name=name):
            return (
                f"选项 {name} 的用法不对，它须带一个值"
                if _takes_value(name, error.ctx)
                else f"选项 {name} 的用法不对"
            )
        case UnknownCommand(name=name):
            return f"没有命令 {name}"
    return "命令行有误"


def _takes_value(option: str, ctx: click.Context | None) -> bool:
    """Whether the option of the called command is not a flag."""
    command = ctx.meta.get(COMMAND) if ctx else None
    options = (param for param in (command.params if command else ()) if isinstance(param, click.Option))
    return any(option in param.opts and not param.is_flag for param in options)


def _named(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return f"选项 {param.opts[-1] if len(param.opts) == 1 else max(param.opts, key=len)}"
    return (
        f"参数 {param.metavar or param.human_readable_name}" if isinstance(param, click.Argument) else "参数"
    )


def _wanted(param: click.Parameter | None) -> str:
    """The values that the parameter accepts."""
    match param and param.type:
        case click.IntRange(min=least, max=most):
            return f"，应为 {least} 至 {most} 的整数"
        case click.Choice(choices=choices):
            return f"，可选：{'、'.join(map(str, choices))}"
        case click.types.IntParamType():
            return "，应为整数"
        case click.Path(dir_okay=False):
            return "，应为文件"
        case click.Path(file_okay=False):
            return "，应为目录"
    return ""
