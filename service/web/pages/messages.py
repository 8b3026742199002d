"""The words of the pages in Chinese and English; the official labels are not among them."""

from __future__ import annotations

from service.errors import Text
from service.web.pages.archive_messages import ARCHIVE

FORM: dict[str, Text] = {
    "product": Text("科协表单", "Kexie forms"),
    "skip": Text("跳到正文", "Skip to content"),
    "site_nav": Text("站点导航", "Site"),
    "nav_forms": Text("表单", "Forms"),
    "nav_batches": Text("批次", "Batches"),
    "nav_records": Text("档案", "Archive"),
    "nav_docs": Text("接口文档", "API"),
    "other_language": Text("English", "中文"),
    "choose": Text("选择表单", "Choose a form"),
    "choose_lead": Text(
        "县级科协创新发展能力提升计划：在线填报，随填随看正式文书，下载 Word 和 PDF。",
        "Fill in an official form, see the document while you type, download Word and PDF.",
    ),
    "fill_in": Text("填写", "Fill in"),
    "official": Text("正式版式", "Official layout"),
    "derived": Text("推定版式，沿用{year}年", "Derived: the layout of {year} is assumed"),
    "notes": Text("填报说明", "Instructions on the form"),
    "blank_docx": Text("空白表 Word", "Blank form, Word"),
    "blank_pdf": Text("空白表 PDF", "Blank form, PDF"),
    "view": Text("显示", "View"),
    "tab_form": Text("填写", "Form"),
    "tab_preview": Text("预览", "Preview"),
    "form_area": Text("填写区", "Form"),
    "all_optional": Text(
        "各项均可留空，留空的在文书上也是空白。",
        "Every field may be left empty; it is then blank on the form.",
    ),
    "yes": Text("是", "是 Yes"),
    "no": Text("否", "否 No"),
    "unset": Text("未填", "未填 Blank"),
    "words_here": Text("本栏 {count} 字", "{count} 字 here"),
    "words_joint": Text("{label}合计 {count} / {maximum} 字", "{label} together {count} / {maximum} 字"),
    "words_left": Text("还可写 {left} 字", "{left} left"),
    "words_over": Text("超出 {over} 字", "{over} too many"),
    "between": Text("、", ", "),
    "row": Text("第 {number} 行", "Row {number}"),
    "in_row": Text("第 {number} 行", "Row {number},"),
    "add_row": Text("增加一行", "Add a row"),
    "remove_row": Text("删除第 {number} 行", "Remove row {number}"),
    "remove": Text("删除", "Remove"),
    "row_added": Text("已增加第 {number} 行", "Row {number} added"),
    "rows_full": Text("最多 {number} 行，不能再增加。", "No more than {number} rows."),
    "row_removed": Text("已删除第 {number} 行", "Row {number} removed"),
    "running_total": Text("各行{label}之和", "Sum of the rows"),
    "computed": Text("不填则由系统计算。", "Computed when left empty."),
    "subtotal": Text("小计", "Subtotal"),
    "total": Text("合计", "Total"),
    "total_all": Text("含{label}合计", "Total with {label}"),
    "sum_leaves_out": Text("（不含 {count} 处有误的数值）", "({count} faulty value(s) left out)"),
    "points_of": Text("满分 {maximum} 分", "of {maximum} points"),
    "name_told": Text("{name}：{text}", "{name}: {text}"),
    "error_told": Text("：{message}", "{gloss}: {message}"),
    "errors_title": Text("有 {count} 处需要改正", "{count} error to fix|{count} errors to fix"),
    "error": Text("错误：", "Error: "),
    "warning": Text("提醒：", "Notice: "),
    "download_docx": Text("下载 Word", "Download Word"),
    "download_pdf": Text("下载 PDF", "Download PDF"),
    "submit": Text("提交", "Submit"),
    "at_the_end": Text("填写完毕", "When all is filled in"),
    "download": Text("下载文书：", "Download:"),
    "submitted": Text("已提交。", "Submitted."),
    "making": Text("正在生成…", "Making the document…"),
    "saved_file": Text("已下载：{name}", "Downloaded: {name}"),
    "data": Text("数据与草稿", "Data and draft"),
    "save_json": Text("保存数据 JSON", "Save data as JSON"),
    "load_json": Text("载入数据 JSON", "Load data from JSON"),
    "read_docx": Text("读取已填写的文书", "Read a filled form"),
    "drop_help": Text(
        "也可把填好的 .docx 或保存的 .json 拖到本页任意处。",
        "Or drop a filled .docx or a saved .json anywhere on this page.",
    ),
    "drop_help_json": Text(
        "也可把保存的 .json 拖到本页任意处。", "Or drop a saved .json anywhere on this page."
    ),
    "drop_here": Text("松开即读取", "Drop to read"),
    "clear_all": Text("清空并删除草稿", "Clear, and delete the draft"),
    "cleared": Text("已清空，草稿已删除。", "Cleared; the draft is deleted."),
    "undo": Text("撤销", "Undo"),
    "undone": Text("已恢复到之前的内容。", "What was there before is back."),
    "draft_note": Text(
        "草稿只存在本浏览器。校验、预览和下载时，所填内容才会发送到本服务，服务不保存。",
        "The draft stays in this browser. What you fill in goes to this service only to be checked, "
        "previewed and downloaded, and is not kept there.",
    ),
    "draft_restored": Text("已恢复 {time} 的草稿。", "The draft of {time} is back."),
    "draft_saved": Text("草稿已保存 {time}", "Draft saved {time}"),
    "draft_failed": Text("浏览器不允许保存草稿", "This browser keeps no draft"),
    "draft_no_way": Text(
        "浏览器不允许保存草稿，数据带不到填写页。请把数据存为 JSON，再在填写页载入。",
        "This browser keeps no draft, so that the data cannot be taken along: save them as JSON.",
    ),
    "draft_elsewhere": Text("草稿未保存", "Draft not saved"),
    "draft_asks": Text(
        "此表也在别的标签页中填写，那里的草稿较新，所以本页没有保存草稿。",
        "This form is being filled in on another tab too, and the draft from there is newer: "
        "this page has not replaced it.",
    ),
    "draft_replace": Text("以本页为草稿", "Keep this page's"),
    "loaded": Text("已载入：{name}。", "{name} is loaded."),
    "loaded_warnings": Text(
        "有 {count} 处请核对，见各项提醒。",
        "{count} field to check: see the notice there.|{count} fields to check: see the notices there.",
    ),
    "other_form": Text("这是“{title}”，不是本表。", "This is {title}, not the form of this page."),
    "go_there": Text("转到该表并填入", "Go to that form and fill it in"),
    "not_json": Text("这不是 JSON 报文文件。", "This is no JSON payload file."),
    "not_in_form": Text("数据中有本表没有的项，未载入：{names}", "Not on this form, so not loaded: {names}"),
    "not_this_form": Text("这份数据不是本表的，没有载入。", "This is not of this form: nothing was loaded."),
    "not_kept": Text(
        "数据中的“{value}”无法填入此项，请核对。", "“{value}” cannot stand in this field: please check."
    ),
    "reading": Text("正在读取…", "Reading…"),
    "preview": Text("文书预览", "Preview"),
    "preview_page": Text("文书第 {page} 页，共 {count} 页", "Page {page} of {count} of the document"),
    "page_of": Text("第 {page} / {count} 页", "Page {page} / {count}"),
    "previous": Text("上一页", "Previous page"),
    "next": Text("下一页", "Next page"),
    "zoom_in": Text("放大", "Zoom in"),
    "zoom_out": Text("缩小", "Zoom out"),
    "auto": Text("自动更新", "Auto-update"),
    "refresh": Text("更新预览", "Update"),
    "updating": Text("正在更新…", "Updating…"),
    "up_to_date": Text("预览已是最新", "Preview is up to date"),
    "outdated": Text("内容已改，预览未更新", "Changed since this preview"),
    "left_out": Text(
        "下列各项有误，预览中暂时留空：{labels}。",
        "Left blank in this preview, as they need mending: {labels}.",
    ),
    "preview_failed": Text("预览暂时不可用，显示的是上一次的文书。", "No new preview; this is the last one."),
    "no_script": Text(
        "浏览器没有启用 JavaScript：可以填写并下载文书，没有预览和草稿。",
        "JavaScript is off: you can fill in and download, without preview and draft.",
    ),
    "key_title": Text("需要访问密钥", "An access key is needed"),
    "key_help": Text(
        "密钥由管理员发给，只保留到关闭本页为止。",
        "The administrator gives keys. Yours is kept until this page is closed.",
    ),
    "key": Text("访问密钥", "Access key"),
    "key_needed": Text("这一步需要访问密钥。", "This takes an access key."),
    "key_for_page": Text("查看此页需要访问密钥。", "This page takes an access key."),
    "key_for_preview": Text(
        "预览和下载文书需要访问密钥；没有密钥也可以先填写。",
        "Preview and documents take an access key. You can fill in the form without one.",
    ),
    "key_invalid": Text("密钥无效", "This key is not valid"),
    "key_in_form": Text(
        "请返回上一页，填写访问密钥后再提交。", "Go back, enter the access key, and send it again."
    ),
    "enter_key": Text("输入密钥", "Enter a key"),
    "other_key": Text("换用其他密钥", "Use another key"),
    "change_key": Text("更换密钥", "Change the key"),
    "forget_key": Text("忘记密钥", "Forget the key"),
    "confirm": Text("确定", "OK"),
    "cancel": Text("取消", "Cancel"),
    "close": Text("关闭", "Close"),
    "token_lapsed": Text(
        "表单的令牌已失效，正等待本网站更换。所填内容还在，请勿刷新。"
        "若久未恢复，请先用“数据与草稿”保存数据，再告诉本网站的管理员。",
        "The token of this form is no longer valid; this site is to renew it. What you filled in is still "
        "here: do not reload. If it takes long, save your data by “Data and draft”, and tell the site's "
        "administrator.",
    ),
    "token_missing": Text(
        "表单服务要求令牌，而本网站没有给这张表单提供：可以先填写，但无法预览、下载和提交。请告诉本网站的管理员。",
        "The form service asks for a token, and this site has given none to this form: you can fill it in, "
        "but not preview, download or submit. Tell the site's administrator.",
    ),
    "page_fault": Text(
        "本页出错了。请先保存所填内容，再刷新本页。",
        "This page has failed: save what you filled in, and reload it.",
    ),
    "offline": Text(
        "连接不上服务，请检查网络后重试。", "The service cannot be reached: check the network and try again."
    ),
    "request_id": Text("请求编号（可告知管理员）", "Request id, for the administrator:"),
    "back": Text("返回选择表单", "Back to the forms"),
    "self_hosted": Text(
        "本站不从其他网站加载任何内容。", "Nothing on these pages is loaded from anywhere else."
    ),
}


# What the forms are in English; their official titles are Chinese.
GLOSSES = {
    "annex1": "Self-assessment scores",
    "annex2": "Project application",
    "annex3": "Application of an innovative case",
}


def of(language: str) -> dict[str, str]:
    """Every word in `language`, "zh" or "en", by key; "one|many" where a count decides between two."""
    return {key: text.of(language) for key, text in (FORM | ARCHIVE).items()}


def counted(language: str, key: str, count: int, **more: object) -> str:
    """A word with its {count} and whatever else it names filled in."""
    one, _, many = (FORM | ARCHIVE)[key].of(language).partition("|")
    return (one if count == 1 else many or one).format(count=count, **more)
