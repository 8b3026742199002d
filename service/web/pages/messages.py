"""The pages' messages in Chinese and English; official labels are not among them."""

from __future__ import annotations

from service.errors import Bilingual
from service.web.pages.archive_messages import ARCHIVE

FORM: dict[str, Bilingual] = {
    "product": Bilingual("科协表单", "Kexie forms"),
    "skip": Bilingual("跳到正文", "Skip to content"),
    "site_nav": Bilingual("站点导航", "Site"),
    "nav_forms": Bilingual("表单", "Forms"),
    "nav_batches": Bilingual("批次", "Batches"),
    "nav_records": Bilingual("档案", "Archive"),
    "nav_docs": Bilingual("接口文档", "API"),
    "other_language": Bilingual("English", "中文"),
    "choose": Bilingual("选择表单", "Choose a form"),
    "choose_lead": Bilingual(
        "县级科协创新发展能力提升计划：在线填报，随填随看正式文书，下载 Word 和 PDF。",
        "Fill in an official form, preview the document while you type, download Word and PDF.",
    ),
    "fill_in": Bilingual("填写", "Fill in"),
    "official": Bilingual("正式版式", "Official layout"),
    "derived": Bilingual("推定版式，沿用{year}年", "Derived: the layout of {year} is assumed"),
    "notes": Bilingual("填报说明", "Instructions on the form"),
    "blank_docx": Bilingual("空白表 Word", "Blank form, Word"),
    "blank_pdf": Bilingual("空白表 PDF", "Blank form, PDF"),
    "view": Bilingual("显示", "View"),
    "tab_form": Bilingual("填写", "Form"),
    "tab_preview": Bilingual("预览", "Preview"),
    "form_area": Bilingual("填写区", "Form"),
    "all_optional": Bilingual(
        "各项均可留空，留空的在文书上也是空白。",
        "Every field may be left empty; it is then blank on the form.",
    ),
    "yes": Bilingual("是", "是 Yes"),
    "no": Bilingual("否", "否 No"),
    "unset": Bilingual("未填", "未填 Blank"),
    "words_here": Bilingual("本栏 {count} 字", "{count} 字 here"),
    "words_joint": Bilingual("{label}合计 {count} / {maximum} 字", "{label} together {count} / {maximum} 字"),
    "words_left": Bilingual("还可写 {left} 字", "{left} left"),
    "words_over": Bilingual("超出 {over} 字", "{over} over the limit"),
    "between": Bilingual("、", ", "),
    "row": Bilingual("第 {number} 行", "Row {number}"),
    "in_row": Bilingual("第 {number} 行", "Row {number},"),
    "add_row": Bilingual("增加一行", "Add a row"),
    "remove_row": Bilingual("删除第 {number} 行", "Remove row {number}"),
    "remove": Bilingual("删除", "Remove"),
    "row_added": Bilingual("已增加第 {number} 行", "Row {number} added"),
    "rows_full": Bilingual("最多 {number} 行，不能再增加。", "At most {number} rows."),
    "row_removed": Bilingual("已删除第 {number} 行", "Row {number} removed"),
    "running_total": Bilingual("各行{label}之和", "Sum of the rows"),
    "computed": Bilingual("不填则由系统计算。", "Computed when left empty."),
    "subtotal": Bilingual("小计", "Subtotal"),
    "total": Bilingual("合计", "Total"),
    "total_all": Bilingual("含{label}合计", "Total with {label}"),
    "sum_leaves_out": Bilingual("（不含 {count} 处有误的数值）", "({count} invalid value(s) left out)"),
    "points_of": Bilingual("满分 {maximum} 分", "of {maximum} points"),
    "name_text": Bilingual("{name}：{text}", "{name}: {text}"),
    "error_text": Bilingual("：{message}", "{gloss}: {message}"),
    "errors_title": Bilingual("有 {count} 处需要改正", "{count} error to fix|{count} errors to fix"),
    "error": Bilingual("错误：", "Error: "),
    "warning": Bilingual("提醒：", "Notice: "),
    "download_docx": Bilingual("下载 Word", "Download Word"),
    "download_pdf": Bilingual("下载 PDF", "Download PDF"),
    "submit": Bilingual("提交", "Submit"),
    "at_the_end": Bilingual("填写完毕", "When you have finished"),
    "download": Bilingual("下载文书：", "Download:"),
    "submitted": Bilingual("已提交。", "Submitted."),
    "making": Bilingual("正在生成…", "Making the document…"),
    "saved_file": Bilingual("已下载：{name}", "Downloaded: {name}"),
    "data": Bilingual("数据与草稿", "Data and draft"),
    "save_json": Bilingual("保存数据 JSON", "Save data as JSON"),
    "load_json": Bilingual("载入数据 JSON", "Load data from JSON"),
    "read_docx": Bilingual("读取已填写的文书", "Read a filled form"),
    "drop_help": Bilingual(
        "也可把填好的 .docx 或保存的 .json 拖到本页任意处。",
        "Or drop a filled .docx or a saved .json anywhere on this page.",
    ),
    "drop_help_json": Bilingual(
        "也可把保存的 .json 拖到本页任意处。", "Or drop a saved .json anywhere on this page."
    ),
    "drop_here": Bilingual("松开即读取", "Drop to read"),
    "clear_all": Bilingual("清空并删除草稿", "Clear, and delete the draft"),
    "cleared": Bilingual("已清空，草稿已删除。", "Cleared; the draft is deleted."),
    "undo": Bilingual("撤销", "Undo"),
    "undone": Bilingual("已恢复到之前的内容。", "The previous content is restored."),
    "draft_note": Bilingual(
        "草稿只存在本浏览器。校验、预览和下载时，所填内容才会发送到本服务，服务不保存。",
        "The draft stays in this browser. What you fill in is sent to this service only to be checked, "
        "previewed and downloaded, and is not stored there.",
    ),
    "draft_restored": Bilingual("已恢复 {time} 的草稿。", "The draft of {time} is restored."),
    "draft_saved": Bilingual("草稿已保存 {time}", "Draft saved {time}"),
    "draft_failed": Bilingual("浏览器不允许保存草稿", "This browser does not save drafts"),
    "draft_no_way": Bilingual(
        "浏览器不允许保存草稿，数据带不到填写页。请把数据存为 JSON，再在填写页载入。",
        "This browser does not save drafts, so the data cannot be carried over. Save them as JSON, "
        "then load them on the form's page.",
    ),
    "draft_elsewhere": Bilingual("草稿未保存", "Draft not saved"),
    "draft_asks": Bilingual(
        "此表也在别的标签页中填写，那里的草稿较新，所以本页没有保存草稿。",
        "This form is also open in another tab, and its draft is newer, so this page has not saved its own.",
    ),
    "draft_replace": Bilingual("以本页为草稿", "Use this page's draft"),
    "loaded": Bilingual("已载入：{name}。", "{name} is loaded."),
    "loaded_warnings": Bilingual(
        "有 {count} 处请核对，见各项提醒。",
        "{count} field to check: see the notice there.|{count} fields to check: see the notices there.",
    ),
    "other_form": Bilingual("这是“{title}”，不是本表。", "This is {title}, not the form of this page."),
    "go_there": Bilingual("转到该表并填入", "Go to that form and fill it in"),
    "not_json": Bilingual("这不是 JSON 报文文件。", "This file is not a JSON payload."),
    "not_in_form": Bilingual(
        "数据中有本表没有的项，未载入：{names}", "Not on this form, so not loaded: {names}"
    ),
    "not_this_form": Bilingual(
        "这份数据不是本表的，没有载入。", "These data are not for this form; nothing was loaded."
    ),
    "not_kept": Bilingual(
        "数据中的“{value}”无法填入此项，请核对。", "“{value}” does not fit this field. Please check."
    ),
    "reading": Bilingual("正在读取…", "Reading…"),
    "preview": Bilingual("文书预览", "Preview"),
    "preview_page": Bilingual("文书第 {page} 页，共 {count} 页", "Page {page} of {count} of the document"),
    "page_of": Bilingual("第 {page} / {count} 页", "Page {page} / {count}"),
    "previous": Bilingual("上一页", "Previous page"),
    "next": Bilingual("下一页", "Next page"),
    "zoom_in": Bilingual("放大", "Zoom in"),
    "zoom_out": Bilingual("缩小", "Zoom out"),
    "auto": Bilingual("自动更新", "Auto-update"),
    "refresh": Bilingual("更新预览", "Update"),
    "updating": Bilingual("正在更新…", "Updating…"),
    "up_to_date": Bilingual("预览已是最新", "Preview is up to date"),
    "outdated": Bilingual("内容已改，预览未更新", "Changed since this preview"),
    "left_out": Bilingual(
        "下列各项有误，预览中暂时留空：{labels}。",
        "Left blank in this preview, as they need correction: {labels}.",
    ),
    "preview_failed": Bilingual(
        "预览暂时不可用，显示的是上一次的文书。",
        "The preview could not be updated; this is the previous one.",
    ),
    "no_script": Bilingual(
        "浏览器没有启用 JavaScript：可以填写并下载文书，没有预览和草稿。",
        "JavaScript is off: you can fill in and download, but there is no preview or draft.",
    ),
    "key_title": Bilingual("需要访问密钥", "An access key is required"),
    "key_help": Bilingual(
        "密钥由管理员发给，只保留到关闭本页为止。",
        "The administrator issues keys. Yours is kept only until you close this page.",
    ),
    "key": Bilingual("访问密钥", "Access key"),
    "key_needed": Bilingual("这一步需要访问密钥。", "This step requires an access key."),
    "key_for_page": Bilingual("查看此页需要访问密钥。", "This page requires an access key."),
    "key_for_preview": Bilingual(
        "预览和下载文书需要访问密钥；没有密钥也可以先填写。",
        "Preview and documents require an access key. You can fill in the form without one.",
    ),
    "key_invalid": Bilingual("密钥无效", "This key is not valid"),
    "key_in_form": Bilingual(
        "请返回上一页，填写访问密钥后再提交。", "Go back, enter the access key, and submit again."
    ),
    "enter_key": Bilingual("输入密钥", "Enter a key"),
    "other_key": Bilingual("换用其他密钥", "Use another key"),
    "change_key": Bilingual("更换密钥", "Change the key"),
    "forget_key": Bilingual("忘记密钥", "Forget the key"),
    "confirm": Bilingual("确定", "OK"),
    "cancel": Bilingual("取消", "Cancel"),
    "close": Bilingual("关闭", "Close"),
    "token_lapsed": Bilingual(
        "表单的令牌已失效，正等待本网站更换。所填内容还在，请勿刷新。"
        "若久未恢复，请先用“数据与草稿”保存数据，再告诉本网站的管理员。",
        "The token of this form has expired; this site should renew it. What you filled in is still "
        "here: do not reload. If it takes long, save your data under “Data and draft” and contact the site's "
        "administrator.",
    ),
    "token_missing": Bilingual(
        "表单服务要求令牌，而本网站没有给这张表单提供：可以先填写，但无法预览、下载和提交。请告诉本网站的管理员。",
        "The form service requires a token, and this site has not provided one: you can fill in the form, "
        "but not preview, download or submit it. Contact the site's administrator.",
    ),
    "page_fault": Bilingual(
        "本页出错了。请先保存所填内容，再刷新本页。",
        "This page has failed. Save what you filled in, then reload the page.",
    ),
    "offline": Bilingual(
        "连接不上服务，请检查网络后重试。", "The service cannot be reached: check the network and try again."
    ),
    "request_id": Bilingual("请求编号（可告知管理员）", "Request id, for the administrator:"),
    "back": Bilingual("返回选择表单", "Back to the forms"),
    "self_hosted": Bilingual("本站不从其他网站加载任何内容。", "These pages load nothing from other sites."),
}


# What the forms are in English; their official titles are Chinese.
GLOSSES = {
    "annex1": "Self-assessment scores",
    "annex2": "Project application",
    "annex3": "Application of an innovative case",
}


def of(language: str) -> dict[str, str]:
    """Every message in `language`, "zh" or "en", by key; "one|many" where a count decides between two."""
    return {key: text.of(language) for key, text in (FORM | ARCHIVE).items()}


def counted(language: str, key: str, count: int, **more: object) -> str:
    """A message with its {count} and its other placeholders filled in."""
    one, _, many = (FORM | ARCHIVE)[key].of(language).partition("|")
    return (one if count == 1 else many or one).format(count=count, **more)
