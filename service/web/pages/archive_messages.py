"""The messages of the pages on batches and records in Chinese and English."""

from __future__ import annotations

from service.errors import Bilingual

ARCHIVE: dict[str, Bilingual] = {
    "batches": Bilingual("批次", "Batches"),
    "batches_lead": Bilingual(
        "一次提交多份申报，逐份生成文书并归档。有错的行会列出，不影响其余各行。",
        "Submit many at once: each document is generated and archived. "
        "Rows with errors are listed and do not affect the others.",
    ),
    "batch_new": Bilingual("提交批次", "Send a batch"),
    "batch_file": Bilingual("批次文件", "File of the batch"),
    "batch_choose": Bilingual("选择文件", "Choose a file"),
    "batch_drop": Bilingual("也可以把文件拖到本页。", "Or drop it anywhere on this page."),
    "batch_drop_here": Bilingual("松开即选用", "Drop to choose"),
    "batch_kinds": Bilingual(
        "填好的 .xlsx 或 .csv 表格，每行一份申报；也可以是其他系统导出的 .ndjson 或 .json。",
        "A filled-in .xlsx or .csv with one submission per row, or .ndjson or .json from another system.",
    ),
    "batch_no_file": Bilingual("未选择文件", "No file chosen"),
    "batch_none": Bilingual("请先选择文件。", "Choose a file first."),
    "batch_edition": Bilingual("表单和年度", "Form and year"),
    "batch_named": Bilingual("文件中已写明", "Named in the file"),
    "batch_edition_help": Bilingual(
        "用本页空表填写的不必选择：空表中已写明表单和年度。",
        "No need to choose for a sheet from this page: it names its form and year.",
    ),
    "batch_formats": Bilingual("归档的文书", "Documents to archive"),
    "formats_both": Bilingual("Word 和 PDF", "Word and PDF"),
    "formats_docx": Bilingual("仅 Word", "Word only"),
    "formats_pdf": Bilingual("仅 PDF", "PDF only"),
    "batch_send": Bilingual("提交", "Send"),
    "batch_sending": Bilingual("正在提交 {name}…", "Sending {name}…"),
    "batch_sheets": Bilingual("下载空表", "Empty sheets"),
    "batch_sheets_lead": Bilingual(
        "选择年度下载 Excel 空表，每行填一份申报，填好后在本页提交。表中有下拉选项和填写说明。",
        "Choose a year to download an Excel sheet, fill in one submission per row, and send it here. "
        "Drop-downs and instructions are in the sheet.",
    ),
    "batch_earlier": Bilingual("已提交的批次", "Submitted batches"),
    "batch_nothing": Bilingual("还没有批次。", "No batches yet."),
    "batch_name": Bilingual("文件", "File"),
    "batch_state": Bilingual("状态", "State"),
    "batch_done_of": Bilingual("完成", "Done"),
    "batch_created": Bilingual("提交时间", "Sent"),
    "queued": Bilingual("排队", "Queued"),
    "running": Bilingual("处理中", "Running"),
    "done": Bilingual("完成", "Done"),
    "failed_items": Bilingual("失败", "Failed"),
    "finished": Bilingual("已结束", "Finished"),
    "finished_failed": Bilingual("已结束，{failed} 行失败", "Finished, {failed} failed"),
    "cancelled": Bilingual("已取消", "Cancelled"),
    "progress": Bilingual("进度", "Progress"),
    "progress_of": Bilingual("{ended} / {total} 条", "{ended} of {total}"),
    "rate": Bilingual("每分钟 {rate} 条", "{rate} a minute"),
    "rate_left": Bilingual("每分钟 {rate} 条，约剩 {left}", "{rate} a minute, about {left} left"),
    "seconds": Bilingual("{count} 秒", "{count} s"),
    "minutes": Bilingual("{count} 分钟", "{count} min"),
    "took": Bilingual("用时 {time}", "took {time}"),
    "batch_over": Bilingual(
        "批次已结束：完成 {done} 条，失败 {failed} 条。", "The batch has ended: {done} done, {failed} failed."
    ),
    "batch_stopped": Bilingual("批次已取消：完成 {done} 条。", "The batch is cancelled: {done} done."),
    "batch_progress": Bilingual("已处理 {ended} / {total} 条。", "{ended} of {total} processed."),
    "making_file": Bilingual("正在下载…", "Downloading…"),
    "get_zip": Bilingual("下载全部 {count} 份（ZIP）", "Download it (ZIP)|Download all {count} (ZIP)"),
    "get_zip_done": Bilingual("下载已完成的 {count} 份（ZIP）", "Download {count} done (ZIP)"),
    "get_zip_part": Bilingual("下载已完成的部分（ZIP）", "Download the finished part (ZIP)"),
    "get_marked": Bilingual("下载标错的表格", "Download the marked sheet"),
    "get_errors": Bilingual("下载错误清单（NDJSON）", "Download the errors (NDJSON)"),
    "marked_help": Bilingual(
        "标错的表格只含失败的行，有错的单元格已标出。改好后提交这份表格即可，已完成的行不必再交。",
        "The marked sheet contains only the failed rows, with the wrong cells marked. "
        "Correct it and send it; finished rows need not be sent again.",
    ),
    "batch_cancel": Bilingual("取消批次", "Cancel the batch"),
    "batch_cancel_sure": Bilingual("确定取消？已完成的保留。", "Cancel? Finished items are kept."),
    "batch_errors": Bilingual("失败的行", "Failed rows"),
    "batch_errors_count": Bilingual("共 {failed} 行", "{failed} in all"),
    "place": Bilingual("位置", "Place"),
    "column": Bilingual("列", "Column"),
    "label": Bilingual("项目", "Field"),
    "message": Bilingual("问题", "Problem"),
    "whole_row": Bilingual("整行", "whole row"),
    "more_errors": Bilingual("后面的错误", "Further errors"),
    "first_page": Bilingual("回到第一页", "First page"),
    "next_page": Bilingual("下一页", "Next page"),
    "all_batches": Bilingual("全部批次", "All batches"),
    "look_again": Bilingual("刷新", "Refresh"),
    "look": Bilingual("查看", "View"),
    "batch_looks_itself": Bilingual(
        "本页每 {seconds} 秒自动刷新。", "This page refreshes every {seconds} seconds."
    ),
    "records": Bilingual("档案", "Archive"),
    "records_lead": Bilingual(
        "查找已归档的申报，查看、下载文书并核对校验值。",
        "Find archived submissions; view, download and verify them.",
    ),
    "search": Bilingual("查找", "Search"),
    "form": Bilingual("表单", "Form"),
    "year": Bilingual("年度", "Year"),
    "all": Bilingual("全部", "All"),
    "id": Bilingual("编号", "Id"),
    "id_holds": Bilingual("编号含有", "Id contains"),
    "version": Bilingual("版本", "Version"),
    "created": Bilingual("归档时间", "Archived"),
    "records_nothing": Bilingual("没有符合条件的档案。", "No record matches."),
    "records_page": Bilingual("本页 {count} 条", "{count} on this page"),
    "all_records": Bilingual("全部档案", "All records"),
    "record_of": Bilingual("编号 {id}", "Id {id}"),
    "versions": Bilingual("各版本", "Versions"),
    "versions_older": Bilingual(
        "第 {version} 版及更早的未列出。", "Version {version} and earlier are not listed."
    ),
    "this_version": Bilingual("正在查看", "shown here"),
    "not_newest": Bilingual(
        "这是旧版本。最新为第 {version} 版。", "This is an older version; the newest is {version}."
    ),
    "version_n": Bilingual("第 {version} 版", "Version {version}"),
    "files": Bilingual("文件", "Files"),
    "file": Bilingual("文件", "File"),
    "size": Bilingual("大小", "Size"),
    "digest": Bilingual("校验值 SHA-256", "SHA-256"),
    "part_payload": Bilingual("数据 JSON", "Data, JSON"),
    "part_docx": Bilingual("Word 文书", "Word document"),
    "part_pdf": Bilingual("PDF 文书", "PDF document"),
    "part_original": Bilingual("导入的原件", "Imported original"),
    "part_manifest": Bilingual("清单", "Manifest"),
    "verify": Bilingual("核对校验值", "Verify"),
    "verify_help": Bilingual(
        "在服务器上重新计算每个文件的校验值，与归档时登记的比较。",
        "Computes each file's hash again on the server and compares it with the recorded one.",
    ),
    "verifying": Bilingual("正在核对…", "Verifying…"),
    "verified": Bilingual(
        "{time} 核对：{count} 个文件全部一致。", "Verified at {time}: all {count} files match."
    ),
    "verify_faults": Bilingual(
        "{time} 核对：{count} 个文件有问题。",
        "Verified at {time}: {count} file has a problem.|Verified at {time}: {count} files have problems.",
    ),
    "file_right": Bilingual("一致", "matches"),
    "load": Bilingual("载入填写页", "Load into the form"),
    "load_replaces": Bilingual(
        "本浏览器中已有此表的草稿，载入会替换它。",
        "This browser has a draft of this form; loading replaces it.",
    ),
    "load_replace": Bilingual("替换草稿并载入", "Replace it and load"),
    "no_edition": Bilingual(
        "本服务没有这个版次，只能下载。", "This service does not have this edition: download only."
    ),
    "warnings_count": Bilingual(
        "归档时有 {count} 项提醒，见清单。",
        "Archived with {count} notice: see the manifest.|Archived with {count} notices: see the manifest.",
    ),
    "no_pdf": Bilingual("这条档案没有 PDF。", "This record has no PDF."),
    "page_loading": Bilingual("正在显示…", "Loading the page…"),
    "opening": Bilingual("正在打开…", "Opening…"),
    "no_script_archive": Bilingual(
        "浏览器没有启用 JavaScript：可以提交和查看，进度不会自动更新。",
        "JavaScript is off: you can submit and view, but progress does not update by itself.",
    ),
    "no_script_key": Bilingual(
        "浏览器没有启用 JavaScript：请每次输入访问密钥。",
        "JavaScript is off: enter the access key each time.",
    ),
}
