"""Files written in one piece; devices and pipes are written to as they are."""

from __future__ import annotations

import os
import stat

import pytest

from service.atomic_file import atomic_write


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"before")
    with pytest.raises(ValueError, match="half way"), atomic_write(path) as file:
        file.write(b"af")
        raise ValueError("half way")
    assert path.read_bytes() == b"before"
    with atomic_write(path) as file:
        file.write(b"after")
    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_is_written_to_and_stays(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with atomic_write(path) as file:
            file.write(b"answer")
        assert os.read(reader, 100) == b"answer"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert list(tmp_path.iterdir()) == [path]
