"""Normalises typeface names: one name per design."""

#: Names of the same design. 仿宋 and 楷体 are later cuts of the GB2312 ones; Word substitutes them.
_SAME = {
    "仿宋_GB2312": ("仿宋", "FangSong", "FangSong_GB2312"),
    "楷体_GB2312": ("楷体", "KaiTi", "KaiTi_GB2312"),
    "黑体": ("SimHei",),
    "宋体": ("SimSun", "NSimSun", "新宋体"),
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05"),
}
_FAMILIES = {name.casefold(): family for family, names in _SAME.items() for name in (family, *names)}


def family(name: str) -> str:
    """The common name of a design; the first's of a list such as LibreOffice writes (宋体;SimSun)."""
    first = name.partition(";")[0].strip()
    return _FAMILIES.get(first.casefold(), first)
