"""What the tests share: builders, readers, servers, processes."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
