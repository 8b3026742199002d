"""The command line; Ctrl-C while it starts leaves no traceback."""

from service.processes.startup import importing

with importing():
    from service.cli.commands import main

__all__ = ["main"]
