"""Why the operating system refused a file or folder, in words for people."""

import errno
import os

from schemas.bilingual import Bilingual

_WORDS = {
    errno.ENOSPC: "空间已满",
    errno.EDQUOT: "空间已满",
    errno.EFBIG: "文件太大",
    errno.ENOENT: "文件或目录不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的磁盘只读",
    errno.EEXIST: "同名的文件已存在",
    errno.ENOTDIR: "路径中有一段是文件，不是目录",
    errno.EISDIR: "是目录，不是文件",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "符号链接循环",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.EIO: "磁盘读写出错",
    errno.EBUSY: "正被占用",
}


def reason(error: OSError) -> Bilingual:
    """The reason without the path."""
    code = error.errno or 0
    en = os.strerror(code) if code else str(error) or type(error).__name__
    return Bilingual(_WORDS.get(code, f"系统错误 {code}" if code else "系统错误"), en)


def with_path(error: OSError) -> Bilingual:
    """The reason behind the path that it is about."""
    why = reason(error)
    path = "" if error.filename is None else os.fsdecode(error.filename)
    return Bilingual(f"{path}（{why.zh}）", f"{path} ({why.en})") if path else why
