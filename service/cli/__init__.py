"""The command line: a thin command over each room of the service, imported when it is called."""

from service.cli.interrupt import ends_quietly

with ends_quietly():
    import click

    from service.cli.terminal import Commands, LazyCommand

__all__ = ["main"]

# Name, the module of `service.cli` and its command, the first sentence of the command's help.
_COMMANDS = (
    ("batch", "batch:batch", "批量生成并归档 / many submissions into the archive; safe to run again."),
    ("blank", "documents:blank", "输出空白表 / the official blank form."),
    ("check", "filled_forms:check", "核对版式与正式表单是否一致 / the layout beside the official form."),
    (
        "doctor",
        "operations:doctor_command",
        "检查 LibreOffice、字体和档案 / what is there, what is missing, how to get it.",
    ),
    ("edition", "editions:edition", "新年度的版次，发布版本 / a new year's editions, published versions."),
    (
        "export",
        "archive:export",
        "导出为 BagIt 归档包，不用本服务也能读 / a BagIt bag with plain names, read without the service.",
    ),
    ("extract", "filled_forms:extract", "从填好的表单读出报文 / the payload of a filled form."),
    ("forms", "forms:forms", "列出表单和版次 / forms, editions, provenance, template hash."),
    (
        "import",
        "regeneration:import_command",
        "导入旧的申报文书（.docx、.doc、.odt、.wps）/ takes old filled documents into the archive.",
    ),
    ("keys", "keys:keys", "密钥：谁可以调用服务 / keys: who may call the service."),
    ("lint", "editions:lint", "模板与数据模式、官方文本对照 / template against schema and official text."),
    (
        "records",
        "archive:records",
        "列出档案记录；get 取出其中的文件 / lists the archive's records; get takes out their files.",
    ),
    (
        "regenerate",
        "regeneration:regenerate",
        "重新生成档案中的文书并逐字节比较 / regenerates archived documents and compares them.",
    ),
    ("render", "documents:render", "生成文书 / documents from a payload."),
    ("schema", "forms:schema", "输出 JSON Schema（2020-12）/ JSON Schema of an edition."),
    ("serve", "operations:serve", "启动网页服务 / the service on gunicorn."),
    ("sheet", "sheets:sheet", "输出批量填报用的空白表格 / the empty sheet for batches."),
    (
        "validate",
        "documents:validate_command",
        "校验报文 / counts and computed totals, or every error at once.",
    ),
    (
        "verify",
        "archive:verify",
        "校验档案：重算每个文件的校验值 / re-hashes every file, compares rows, manifests and objects.",
    ),
    (
        "worker",
        "batch:worker",
        "多机批量的工作进程 / does batches that other machines share, by KEXIE_BROKER_URL.",
    ),
)


@click.group(
    cls=Commands,
    commands=[LazyCommand(*row) for row in _COMMANDS],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--json", "as_json", is_flag=True, help="机器可读的结果 / machine-readable results")
@click.version_option(package_name="kexie-forms")
def main(as_json: bool) -> None:
    """科协表单：由 JSON 生成江苏省县级科协创新发展能力提升计划的正式 Word 表单和 PDF/A。

    Official Word forms and PDF/A from JSON. `-` is standard input or output.

    \b
    退出码 / exit codes: 0 done · 1 unexpected · 2 usage · 3 invalid payload
    4 template fault · 5 conversion fault · 6 archive fault
    """
