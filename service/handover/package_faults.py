"""What can be wrong with a package that was received."""

from dataclasses import dataclass

from service.errors import Bilingual

_LONGEST = 300  # characters of a path, and of details
MESSAGES = {
    "not_a_bag": Bilingual("不是完好的 BagIt 包", "not a sound BagIt bag"),
    "not_a_package": Bilingual(
        "是归档包或别的 BagIt 包，不是移交包，只核对了包的清单",
        "a bag, but no package for an archive: only its manifests were checked",
    ),
    "oxum_differs": Bilingual(
        "其中的文件数、字节数（Payload-Oxum）与包里的不符",
        "its numbers of files and bytes (Payload-Oxum) are not those of the bag",
    ),
    "hash_differs": Bilingual("内容与包的清单不符，已被改动", "its content differs from the bag's manifest"),
    "tagmanifest_missing": Bilingual("没有它，包就没有校验值", "without it the package has no hash"),
    "no_items": Bilingual("包里一件也没有", "the package has no item"),
    "file_missing": Bilingual("包的清单中有，包里没有", "in the bag's manifest, but not in the bag"),
    "file_unexpected": Bilingual("包的清单中没有，是后来添加的", "not in the bag's manifest: it was added"),
    "not_a_file": Bilingual("是链接或别的特殊文件，没有读", "a link or special file, which was not read"),
    "list_unreadable": Bilingual(
        "移交目录没有、太大或读不出", "the list is missing, too large or not readable"
    ),
    "schema_missing": Bilingual("没有元数据方案", "the schema of the metadata is missing"),
    "metadata_missing": Bilingual("移交目录中有这一件，没有它的元数据", "in the list, but without metadata"),
    "not_in_list": Bilingual("有这个目录，移交目录中没有这一件", "a folder that is not in the list"),
    "metadata_invalid": Bilingual("元数据不符合方案", "the metadata do not conform to the schema"),
    "code_differs": Bilingual("档号与移交目录、目录名不一致", "its code differs from the list or the folder"),
    "described_missing": Bilingual("元数据中有，包里没有", "in the metadata, but missing"),
    "not_described": Bilingual("元数据中没有这个文件", "not in the metadata"),
    "size_differs": Bilingual("大小与元数据不符", "its size differs from the metadata"),
    "sha256_differs": Bilingual("SHA-256 与元数据不符", "its SHA-256 differs from the metadata"),
    "sm3_differs": Bilingual("SM3 与元数据不符", "its SM3 differs from the metadata"),
    "count_differs": Bilingual("数目不符", "the numbers differ"),
}


@dataclass(frozen=True)
class PackageFault:
    """A fault: its code, the path of the file below the package's folder ("" for the whole), and details."""

    code: str
    file: str
    detail: str = ""

    def __post_init__(self) -> None:
        for name in ("file", "detail"):  # both may be a stranger's
            if len(text := getattr(self, name)) > _LONGEST:
                object.__setattr__(self, name, f"{text[:_LONGEST]}…")

    @property
    def message(self) -> Bilingual:
        """What is wrong."""
        found, behind = MESSAGES[self.code], self.detail and f"：{self.detail}"
        return Bilingual(found.zh + behind, found.en + behind.replace("：", ": ", 1))

    def as_dict(self) -> dict[str, str]:
        """The fault for JSON."""
        own = {"code": self.code, "file": self.file, "detail": self.detail}
        return {**own, "message": self.message.zh}
