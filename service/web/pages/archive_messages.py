"""The words of the pages on batches and records in Chinese and English."""

from __future__ import annotations

from service.errors import Text

ARCHIVE: dict[str, Text] = {
    "batches": Text("批次", "Batches"),
    "batches_lead": Text(
        "一次提交多份申报，逐份生成文书并归档。有错的行会列出，不影响其余各行。",
        "Send many submissions at once: each is made and archived. "
        "Rows with errors are listed and stop no other.",
    ),
    "batch_new": Text("提交批次", "Send a batch"),
    "batch_file": Text("批次文件", "File of the batch"),
    "batch_choose": Text("选择文件", "Choose a file"),
    "batch_drop": Text("也可以把文件拖到本页。", "Or drop it anywhere on this page."),
    "batch_drop_here": Text("松开即选用", "Drop to choose"),
    "batch_kinds": Text(
        "填好的 .xlsx 或 .csv 表格，每行一份申报；也可以是其他系统导出的 .ndjson 或 .json。",
        "A filled-in .xlsx or .csv with one submission in each row; or .ndjson or .json from another system.",
    ),
    "batch_no_file": Text("未选择文件", "No file chosen"),
    "batch_none": Text("请先选择文件。", "Choose a file first."),
    "batch_edition": Text("表单和年度", "Form and year"),
    "batch_named": Text("文件中已写明", "Named in the file"),
    "batch_edition_help": Text(
        "用本页空表填写的不必选择：空表中已写明表单和年度。",
        "Nothing to choose for a sheet from this page: form and year stand in it.",
    ),
    "batch_formats": Text("归档的文书", "Documents to archive"),
    "formats_both": Text("Word 和 PDF", "Word and PDF"),
    "formats_docx": Text("仅 Word", "Word only"),
    "formats_pdf": Text("仅 PDF", "PDF only"),
    "batch_send": Text("提交", "Send"),
    "batch_sending": Text("正在提交 {name}…", "Sending {name}…"),
    "batch_sheets": Text("下载空表", "Empty sheets"),
    "batch_sheets_lead": Text(
        "选择年度下载 Excel 空表，每行填一份申报，填好后在本页提交。表中有下拉选项和填写说明。",
        "Choose a year to download an Excel sheet, fill in one submission in each row, and send it here. "
        "Drop-downs and instructions are in the sheet.",
    ),
    "batch_earlier": Text("已提交的批次", "Batches so far"),
    "batch_nothing": Text("还没有批次。", "There is no batch yet."),
    "batch_name": Text("文件", "File"),
    "batch_state": Text("状态", "State"),
    "batch_done_of": Text("完成", "Done"),
    "batch_created": Text("提交时间", "Sent"),
    "queued": Text("排队", "Queued"),
    "running": Text("处理中", "Running"),
    "done": Text("完成", "Done"),
    "failed_items": Text("失败", "Failed"),
    "finished": Text("已结束", "Finished"),
    "finished_failed": Text("已结束，{failed} 行失败", "Finished, {failed} failed"),
    "cancelled": Text("已取消", "Cancelled"),
    "progress": Text("进度", "Progress"),
    "progress_of": Text("{ended} / {total} 条", "{ended} of {total}"),
    "rate": Text("每分钟 {rate} 条", "{rate} a minute"),
    "rate_left": Text("每分钟 {rate} 条，约剩 {left}", "{rate} a minute, about {left} left"),
    "seconds": Text("{count} 秒", "{count} s"),
    "minutes": Text("{count} 分钟", "{count} min"),
    "took": Text("用时 {time}", "took {time}"),
    "batch_over": Text(
        "批次已结束：完成 {done} 条，失败 {failed} 条。", "The batch has ended: {done} done, {failed} failed."
    ),
    "batch_stopped": Text("批次已取消：完成 {done} 条。", "The batch is cancelled: {done} done."),
    "batch_progress": Text("已处理 {ended} / {total} 条。", "{ended} of {total} ended."),
    "making_file": Text("正在下载…", "Downloading…"),
    "get_zip": Text("下载全部 {count} 份（ZIP）", "Download it (ZIP)|Download all {count} (ZIP)"),
    "get_zip_done": Text("下载已完成的 {count} 份（ZIP）", "Download {count} done (ZIP)"),
    "get_zip_part": Text("下载已完成的部分（ZIP）", "Download what is done so far (ZIP)"),
    "get_marked": Text("下载标错的表格", "Download the marked sheet"),
    "get_errors": Text("下载错误清单（NDJSON）", "Download the errors (NDJSON)"),
    "marked_help": Text(
        "标错的表格只含失败的行，有错的单元格已标出。改好后提交这份表格即可，已完成的行不必再交。",
        "The marked sheet holds only the rows that failed, with the faulty cells marked. "
        "Correct it and send it: what is done need not be sent again.",
    ),
    "batch_cancel": Text("取消批次", "Cancel the batch"),
    "batch_cancel_sure": Text("确定取消？已完成的保留。", "Cancel? What is done is kept."),
    "batch_errors": Text("失败的行", "Rows that failed"),
    "batch_errors_count": Text("共 {failed} 行", "{failed} in all"),
    "place": Text("位置", "Place"),
    "column": Text("列", "Column"),
    "label": Text("项目", "Field"),
    "message": Text("问题", "What is wrong"),
    "whole_row": Text("整行", "whole row"),
    "more_errors": Text("后面的错误", "Further errors"),
    "first_page": Text("回到第一页", "First page"),
    "next_page": Text("下一页", "Next page"),
    "all_batches": Text("全部批次", "All batches"),
    "look_again": Text("刷新", "Look again"),
    "look": Text("查看", "Look"),
    "batch_looks_itself": Text(
        "本页每 {seconds} 秒自动刷新。", "This page looks again every {seconds} seconds."
    ),
    "records": Text("档案", "Archive"),
    "records_lead": Text(
        "查找已归档的申报，查看、下载文书并核对校验值。",
        "Find archived submissions; see, download and verify them.",
    ),
    "search": Text("查找", "Search"),
    "form": Text("表单", "Form"),
    "year": Text("年度", "Year"),
    "all": Text("全部", "All"),
    "id": Text("编号", "Id"),
    "id_holds": Text("编号含有", "Id contains"),
    "version": Text("版本", "Version"),
    "created": Text("归档时间", "Archived"),
    "records_nothing": Text("没有符合条件的档案。", "No record matches."),
    "records_page": Text("本页 {count} 条", "{count} on this page"),
    "all_records": Text("全部档案", "All records"),
    "record_of": Text("编号 {id}", "Id {id}"),
    "versions": Text("各版本", "Versions"),
    "versions_older": Text(
        "第 {version} 版及更早的未列出。", "Version {version} and those before it are not listed."
    ),
    "this_version": Text("正在查看", "shown here"),
    "not_newest": Text(
        "这是旧版本。最新为第 {version} 版。", "This is an older version; the newest is {version}."
    ),
    "version_n": Text("第 {version} 版", "Version {version}"),
    "files": Text("文件", "Files"),
    "file": Text("文件", "File"),
    "size": Text("大小", "Size"),
    "digest": Text("校验值 SHA-256", "SHA-256"),
    "part_payload": Text("数据 JSON", "Data, JSON"),
    "part_docx": Text("Word 文书", "Word document"),
    "part_pdf": Text("PDF 文书", "PDF document"),
    "part_original": Text("导入的原件", "Imported original"),
    "part_manifest": Text("清单", "Manifest"),
    "verify": Text("核对校验值", "Verify"),
    "verify_help": Text(
        "在服务器上重新计算每个文件的校验值，与归档时登记的比较。",
        "Hashes each file anew on the server and compares it with what was recorded.",
    ),
    "verifying": Text("正在核对…", "Verifying…"),
    "verified": Text(
        "{time} 核对：{count} 个文件全部一致。", "Verified at {time}: all {count} files are as archived."
    ),
    "verify_faults": Text(
        "{time} 核对：{count} 个文件有问题。",
        "Verified at {time}: {count} file is at fault.|Verified at {time}: {count} files are at fault.",
    ),
    "file_right": Text("一致", "as archived"),
    "load": Text("载入填写页", "Load into the form"),
    "load_replaces": Text(
        "本浏览器中已有此表的草稿，载入会替换它。",
        "This browser holds a draft of this form: loading replaces it.",
    ),
    "load_replace": Text("替换草稿并载入", "Replace it and load"),
    "no_edition": Text("本服务没有这个版次，只能下载。", "This service has not this edition: download only."),
    "warnings_count": Text(
        "归档时有 {count} 项提醒，见清单。",
        "Archived with {count} notice: see the manifest.|Archived with {count} notices: see the manifest.",
    ),
    "no_pdf": Text("这条档案没有 PDF。", "This record has no PDF."),
    "page_loading": Text("正在显示…", "Loading the page…"),
    "opening": Text("正在打开…", "Opening…"),
    "no_script_archive": Text(
        "浏览器没有启用 JavaScript：可以提交和查看，进度不会自动更新。",
        "JavaScript is off: you can send and look; progress is not told as it moves.",
    ),
    "no_script_key": Text(
        "浏览器没有启用 JavaScript：请每次输入访问密钥。",
        "JavaScript is off: enter the access key each time.",
    ),
}
