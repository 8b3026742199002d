"""What each check is called, and its evidence: a text with the numbers that were found."""

from service.errors import Bilingual

NAMES = {
    "files_unchanged": Bilingual("文件内容未被改动", "Contents of files unchanged"),
    "manifests_unchanged": Bilingual("清单（固化信息）未被改动", "Manifests unchanged"),
    "metadata_agree": Bilingual("元数据与清单一致", "Index and manifests agree"),
    "audit_chain": Bilingual("审计日志未被改动", "Audit log unchanged"),
    "origin_logged": Bilingual("归档行为有记录", "Archiving is logged"),
    "signatures": Bilingual("电子签名有效", "Signatures valid"),
    "manifests_present": Bilingual("每条记录都有清单", "Each record has its manifest"),
    "files_present": Bilingual("登记的文件齐全", "All files present"),
    "nothing_foreign": Bilingual("没有未登记的文件", "No files beside those of records"),
    "versions_complete": Bilingual("各编号的版本连续", "Versions without gaps"),
    "submitters_present": Bilingual("责任者已著录", "Submitters known"),
    "log_complete": Bilingual("审计日志没有缺失", "No rows of the audit log lost"),
    "pdf_opens": Bilingual("版式文件（PDF）可以打开", "PDFs open"),
    "pdf_a": Bilingual("版式文件为长期保存格式（PDF/A）", "PDFs are PDF/A"),
    "docx_opens": Bilingual("可编辑的文书可以读出", "Word documents are readable"),
    "payload_readable": Bilingual("申报数据可以读出", "Data are readable"),
    "added_opens": Bilingual("盖章件、签名件可以打开", "Sealed and signed copies open"),
    "added_pdf_a": Bilingual("盖章件、签名件（PDF）为 PDF/A", "Sealed and signed PDFs are PDF/A"),
    "formats": Bilingual("文件格式适宜长期保存", "Formats last"),
    "permissions": Bilingual("档案目录对他人关闭", "Folders closed to others"),
    "no_macros": Bilingual("可编辑的文书中没有宏", "No macros in Word documents"),
    "acts_logged": Bilingual("归档、利用过程有日志", "Acts are logged"),
    "viruses": Bilingual("病毒检测", "Viruses"),
    "media": Bilingual("载体与备份", "Media and backups"),
}

EVIDENCE = {
    "files_unchanged": Bilingual(
        "重算校验值（SHA-256；清单中有 SM3 的也重算），含盖章件、签名件 {added} 个；不符 {wrong} 个",
        "hashes recomputed (SHA-256, and SM3 where manifests have it), {added} of them of sealed and signed "
        "copies: {wrong} differ",
    ),
    "manifests_unchanged": Bilingual(
        "重算清单的校验值，不符 {wrong} 份", "hashes of manifests recomputed: {wrong} differ"
    ),
    "metadata_agree": Bilingual(
        "逐条比对索引与清单、报文，期限、冻结、清册、密钥与审计日志，不一致 {wrong} 处",
        "index compared with manifests and payloads; periods, holds, lists and keys with the log: "
        "{wrong} differ",
    ),
    "audit_chain": Bilingual(
        "逐行验证链条，完整；末行校验值 {hash}；末尾是否被截去，须与另存的检查点比对",
        "the chain is whole; hash of the last row {hash}; only a checkpoint can show whether its end was cut",
    ),
    "origin_logged": Bilingual(
        "审计日志中没有归档行的记录 {wrong} 条（启用审计日志之前归档的没有）",
        "{wrong} records without a row of their archiving (those from before the log)",
    ),
    "signatures": Bilingual("没有带电子签名的盖章件", "no sealed copy has signatures"),
    "manifests_present": Bilingual("缺清单 {wrong} 条", "{wrong} lack theirs"),
    "files_present": Bilingual("缺 {wrong} 个", "{wrong} missing"),
    "nothing_foreign": Bilingual("未登记的文件 {wrong} 个", "{wrong} files that no record names"),
    "versions_complete": Bilingual("版本有缺号的编号 {wrong} 个", "{wrong} ids lack a version"),
    "submitters_present": Bilingual("没有责任者的记录 {wrong} 条", "{wrong} records without submitter"),
    "log_complete": Bilingual("写明有缺失的行 {wrong} 行", "{wrong} rows say that others were lost"),
    "pdf_opens": Bilingual(
        "逐份打开，共 {pages} 页；打不开 {wrong} 份",
        "each opened, {pages} pages in all; {wrong} do not open",
    ),
    "pdf_a": Bilingual(
        "查其 PDF/A 标识（ISO 19005），没有的 {wrong} 份", "by their claim (ISO 19005): {wrong} without"
    ),
    "docx_opens": Bilingual("逐份读出，读不出 {wrong} 份", "each read, {wrong} are not readable"),
    "payload_readable": Bilingual("逐份读出，读不出 {wrong} 份", "each read, {wrong} are not readable"),
    "added_opens": Bilingual(
        "PDF 在存入时打开过，核对其内容至今未变；图片逐份打开；打不开或不全的 {wrong} 份",
        "PDFs were opened when they were added and are unchanged; each picture opened; {wrong} do not open",
    ),
    "added_pdf_a": Bilingual(
        "查其 PDF/A 标识（ISO 19005），没有的 {wrong} 份", "by their claim (ISO 19005): {wrong} without"
    ),
    "formats": Bilingual(
        "{formats}；原件不宜长期保存的 {wrong} 份", "{formats}; {wrong} originals in formats that do not last"
    ),
    "permissions": Bilingual("查目录和索引，对他人开放的 {wrong} 处", "{wrong} places are open to others"),
    "no_macros": Bilingual("有宏的 {wrong} 份", "{wrong} with macros"),
    "acts_logged": Bilingual("审计日志 {acts} 行", "the audit log has {acts} rows"),
    "viruses": Bilingual(
        "本服务不查毒，请用本单位的防病毒软件检测档案目录",
        "not done by the service: scan the archive's folder",
    ),
    "media": Bilingual("由保管单位另行检查", "to be checked by whoever keeps them"),
}
SIGNED = Bilingual("存入时逐个核验：{verdicts}", "verified when added: {verdicts}")
ON_SERVERS = Bilingual("档案在数据库服务器和对象存储中，请检查其授权", "on servers: check their grants")
