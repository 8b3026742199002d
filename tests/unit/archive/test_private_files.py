"""Permissions of an archive: nobody but its owner reads it; what is exported follows the umask."""

from __future__ import annotations

import os
import stat

import pytest

from service import archive as archives
from service.access import ApiKeys
from service.archive import Archive, export
from service.batch.hosted.leader_lock import LeaderLock
from service.config import Settings
from tests.helpers.archive import numbered


@pytest.fixture(params=[0o022, 0o077, 0o000], ids=oct)
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(root):
    """The permissions of all files, and of all folders, in a folder and of it."""
    found = {True: set(), False: set()}
    for path in (root, *root.rglob("*")):
        found[path.is_dir()].add(stat.S_IMODE(path.stat().st_mode))
    return found


def settings_of(root):
    return Settings.from_env({"KEXIE_ARCHIVE": str(root)})


def test_a_new_archive_is_its_owners_alone_and_a_bag_is_not(tmp_path, umask):
    root, bag = tmp_path / "var" / "archive", tmp_path / "bag"
    with Archive.open(settings_of(root)) as archive:
        lock = LeaderLock(archive.engine)
        assert lock.acquire()
        archive.add(numbered(1))
        assert {path.name for path in root.iterdir()} >= {"index.sqlite", "index.sqlite-wal", "batches.lock"}
        assert modes(root) == {True: {0o700}, False: {0o600}}
        export(archive, bag)
        lock.release()
    assert modes(bag) == {True: {0o777 & ~umask}, False: {0o666 & ~umask}}


def test_keys_make_a_private_database_too(tmp_path, umask):
    root = tmp_path / "archive"
    ApiKeys.open(settings_of(root), create=True).close()
    assert modes(root) == {True: {0o700}, False: {0o600}}


def opened_to(root, folders, files):
    for path in (root, *root.rglob("*")):
        path.chmod(folders if path.is_dir() else files)


def test_an_archive_of_earlier_versions_is_closed_when_it_is_opened(tmp_path):
    root = tmp_path / "archive"
    with Archive.open(settings_of(root)) as archive:
        archive.add(numbered(1))
    opened_to(root, 0o755, 0o644)
    outside = tmp_path / "outside"
    outside.write_text("not the archive's")
    outside.chmod(0o644)
    (root / "objects" / "link").symlink_to(outside)
    assert "chmod -R go=" in str(archives.part_statuses(settings_of(root)))
    with Archive.open(settings_of(root)) as archive:
        assert list(archive.verify())  # it reports the link
    (root / "objects" / "link").unlink()
    assert modes(root) == {True: {0o700}, False: {0o600}}
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644
    assert "chmod" not in str(archives.part_statuses(settings_of(root)))


def test_a_group_that_the_owner_has_chosen_stays(tmp_path):
    root = tmp_path / "archive"
    with Archive.open(settings_of(root)) as archive:
        archive.add(numbered(1))
    opened_to(root, 0o750, 0o640)
    Archive.open(settings_of(root)).close()
    assert modes(root) == {True: {0o750}, False: {0o640}}


def test_a_folder_with_other_files_is_left_and_the_archives_own_are_closed(tmp_path):
    root = tmp_path / "shared"
    root.mkdir(mode=0o755)
    (root / "program").write_text("other")
    (root / "program").chmod(0o755)
    with Archive.open(settings_of(root)) as archive:
        archive.add(numbered(1))
    for path in (root / "objects", root / "index.sqlite"):
        opened_to(path, 0o755, 0o644)
    Archive.open(settings_of(root)).close()
    assert stat.S_IMODE(root.stat().st_mode) == stat.S_IMODE((root / "program").stat().st_mode) == 0o755
    assert modes(root / "objects") == {True: {0o700}, False: {0o600}}
    assert stat.S_IMODE((root / "index.sqlite").stat().st_mode) == 0o600
