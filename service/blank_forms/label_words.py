"""Labels as people say them, and the words that mark signatures, approvals, instructions and dates."""

import re
import unicodedata

SEAL = re.compile("签字|签名|签章|盖章|公章|印章(?![类种名使保刻])|手印|[(（][章印][)）]|签署|亲笔")
#: What is signed below, with nothing to fill in but the signature.
PLEDGE = re.compile("承诺|声明|保证|确认签字|批准人")
#: What approvers write, which the form's sender may leave blank.
OPINION = re.compile(
    "意见(?!和?建议|征)|评语|批示|批复"
    "|(?:审批|审核|审定|审查|复核|核准)(?!文号|文件|日期|时间|编号|号|经费|金额|人|机关$|部门$|单位$)"
)
INSTRUCTION = re.compile(
    "须知|说明$|注意事项|(?:填[写报表]|申报|报送|格式|有关|相关|具体|材料)要求$|^要求$|^注$"
    "|^备注[:：].{9}|^附件?[一二三四五六七八九十0-9]*$|^目录$|^提示"
)
BOXES = "□☐○◯▢◻❏❑⬜"
_YEAR = (
    r"(?:[12][0-9]{3}|20|19|二[〇○零oO][一二三四五六七八九〇○零oO]{0,2})?[\s_]*(?:[(（][\s_]*[)）])?[\s_]*年"
)
# Between parts of a date; 出 生 年 月 is a label.
_WIDE = r"(?:[\s_]{2,}|[\u3000_\t]|[\s_]*[(（][\s_]*[)）][\s_]*)"
_TO = "[至到—－–~～-]"


def _date(blank: str) -> str:
    day = rf"(?:{_YEAR}{blank}月(?:{blank}日)?|(?:[\s_]{{2,}}|_)月{blank}日)"
    return rf"{day}(?:{blank}[时点](?:{blank}分)?)?"


def _dates(blank: str) -> str:
    until = rf"[\s_]*起?[\s_]*{_TO}+[\s_]*{_date(blank)}(?:[\s_]*止)?"
    return rf"(?:[自从由][\s_]*)?{_date(blank)}(?:{until})?"


DAY = re.compile(r"月[\s_()（）]*日")
MONTH = re.compile(r"年[\s_()（）]*月(?![\s_()（）]*日)")
#: A date to complete, or a range of two, among other words.
PRINTED_DATE = re.compile(_dates(_WIDE))
#: The same, where it is all that is printed.
ONLY_DATE = re.compile(_dates(r"[\s_()（）]+"))
RANGE = re.compile(
    rf"(?:[日月年时_\s]){_TO}+[\s_]*(?:年|20|_|\s|$)|^[\s_]*[至到][\s_]*$|\s{{3,}}[至到]\s{{3,}}"
)
#: A word behind each blank of an address: 省, 市, 区（县）.
PART_OF_ADDRESS = (
    "(?:省|自治区|市|地区|区|县|旗|街道|乡|镇|村|社区|组|路|街|号|弄|幢|栋|楼|单元|室)"
    "(?:[(（/][^()（）\\s_]{1,6}[)）]?)?"
)
#: What a cell prints for the parts of one answer: a box for each character, 省 市 县, 20  年.
OF_PARTS = re.compile(
    rf"\s*(?:(?:[{BOXES}]\s?){{4,}}|(?:[\s_]+{PART_OF_ADDRESS}){{2,}}|(?:20|19)?[\s_]+年度?)[\s_]*"
)
_NUMBER = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}[、.．章节条]|[(（][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}(?:[、．)）]|\.(?![0-9]))"
    r"|[①-⑳]|[*＊※★●◆▲■]|表[一二三四五六七八九十0-9]{1,3}(?=[\s：:]))\s*"
)
#: The number of a row, or dots in its place.
NUMBER = re.compile(r"[(（]?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3}|[①-⑳])[)）]?[、.．]?|…+|⋯+|[.]{3,}")
_TOTAL = re.compile("(?:小计|合计|总计|共计|累计|总和)(?:[(（].*[)）]|金额)?[:：]?$")
_TITLE = re.compile(r"[\u3400-\u9fff][表书单册]\s*(?:[(（].*[)）])?\s*$")
_LONGEST = 1000  # characters that are looked at for a label
_EDGE = " \t\n_:：;；,，。.、*＊"
_HAN = re.compile(r"(?<=[\u3400-\u9fff）)】])\s+(?=[\u3400-\u9fff（(【])")
_EXAMPLE = re.compile("[(（](?:例|如|例如|注)[:：].*?[)）]")


def label(text: str) -> str:
    """A label without blanks between Chinese characters, number, colon and example: 姓名 for 一、姓  名：."""
    words = _EXAMPLE.sub("", re.sub(r"[\s\u3000\xa0]+", " ", text[:_LONGEST].replace("_", " "))).strip(_EDGE)
    words = _HAN.sub("", _NUMBER.sub("", words))
    words = re.sub("^[(（]([^()（）]*)$", r"\1", re.sub("[(（]?[￥¥]?$", "", words.strip(_EDGE)))
    return words.strip(_EDGE)


def plain(text: str) -> str:
    """The text for matching words: half-width, without blanks."""
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", text))


def is_numbered(text: str) -> bool:
    """Whether a line begins with the number of a heading."""
    return bool(_NUMBER.match(text.strip()))


def is_signed(label: str) -> bool:
    """Whether a label asks for a signature or seal alone."""
    return bool(SEAL.search(label) or PLEDGE.search(label))


def is_total(label: str) -> bool:
    """Whether a label is that of a sum: 合计, 计划开支合计（万元）."""
    return bool(_TOTAL.search(label))


def is_date(text: str) -> bool:
    """Whether a line is only a date to complete."""
    return bool(ONLY_DATE.fullmatch(text.strip("_ \t\u3000")))


def is_title(text: str) -> bool:
    """Whether a line is the title of a form: …申请表, …任务书."""
    return bool(_TITLE.search(text)) and not re.search("[:：]", text)


def is_sentence(text: str) -> bool:
    """Whether a line is a sentence, not a heading or label."""
    return bool(re.search("[。；;！]|，.*，", text))
