"""What `verify --package` does: a package for an archive that was received."""

import dataclasses
import sys
from pathlib import Path

from rich.progress import Progress

from service.cli.terminal import echo, print_json, wants_json
from service.config import Settings
from service.errors import ArchiveFault, UsageError
from service.handover.package_check import PackageCheck, check
from service.handover.received_zip import unpacked


def verify_package(package: Path, progress: Progress) -> None:
    """Checks a package, a zip or a folder; prints what was checked, and exits with 6 if it has faults."""
    with progress:
        task = progress.add_task("核对 / checking")

        def show(seen: PackageCheck) -> None:
            progress.update(task, description=f"{seen.items} 件 / {seen.items} items")

        if package.is_dir():
            found = check(package, show)
        else:
            if not package.is_file():
                raise UsageError(f"“{package}”不是文件。", f"'{package}' is no file.")
            temporary = Settings.from_env().temp_dir
            with package.open("rb") as content, unpacked(content, temporary) as folder:
                found = check(folder, show)
    _show(found)
    if found.faults:
        sys.exit(ArchiveFault.exit_code)


def _show(found: PackageCheck) -> None:
    if wants_json():
        print_json({**dataclasses.asdict(found), "faults": [each.as_dict() for each in found.faults]})
        return
    for each in found.faults:
        echo(f"✗ {each.code}  {each.file}：{each.message.zh} / {each.message.en}")
    echo(f"包的校验值 {found.tagmanifest or '—'} / hash of the package as above")
    echo(f"包的清单（bagit）：{found.in_bag} 个文件 / bag manifests (bagit): {found.in_bag} files")
    echo(f"元数据方案（XSD）：{found.items} 件 / metadata by the XSD: {found.items} items")
    if not found.own_schema:
        echo(
            "包里的方案不是本版本的，按本版本的核对 / the package has another schema; this version's was used"
        )
    echo(
        f"元数据中的校验值：{found.files} 个文件，SHA-256 {found.sha256} 个、SM3 {found.sm3} 个 / "
        f"hashes in the metadata: {found.files} files, {found.sha256} SHA-256, {found.sm3} SM3"
    )
    if found.sm3_unchecked:
        echo(
            f"本机的 OpenSSL 不支持 SM3，{found.sm3_unchecked} 个没有核对 / "
            f"{found.sm3_unchecked} SM3 not checked: this machine's OpenSSL lacks it"
        )
    echo(
        f"件数 {found.items}，文件 {found.files} 个，{found.size} 字节，{len(found.faults)} 处错误 / "
        f"{found.items} items, {found.files} files, {found.size} bytes, {len(found.faults)} faults"
    )
