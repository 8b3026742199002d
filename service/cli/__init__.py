"""The command line; Ctrl-C while it starts leaves no traceback."""

from service.cli.startup_interrupt import ends_quietly

with ends_quietly():
    from service.cli.commands import main

__all__ = ["main"]
