"""The version of the service, as pyproject.toml has it; a checkout may be newer than what was installed."""

VERSION = "1.0.0rc1"  # PEP 440
