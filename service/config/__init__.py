"""The settings, declared and read from the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

from schemas.normal_pictures import PictureLimits
from service.config import parsers as parse
from service.config.parsers import is_origin
from service.config.setting import Environment, Setting, public, setting

__all__ = ["SETTINGS", "Setting", "Settings", "is_origin", "public"]

_CPUS = str(os.cpu_count() or 1)
_CORES = "CPU 核数 / number of CPU cores"


@dataclass(frozen=True)
class Settings(Environment):
    """The settings of one process, frozen: each field is the environment variable `KEXIE_` + its name.

    Units: bytes, seconds, MiB for `recycle_memory` and hours for `idempotency_hours`.
    """

    soffice: str = setting("soffice", "LibreOffice 的命令或路径", "command or path of LibreOffice")
    temp_dir: Path = setting(
        "",
        "转换时使用的临时目录；默认 /dev/shm，其大小不足 512 MB 或不可写时为系统临时目录",
        "folder for temporary files while converting; by default /dev/shm, or the system's where that has "
        "less than 512 MB or cannot be written",
        parse=parse.temp_folder,
    )
    font_dirs: tuple[Path, ...] = setting(
        "", "另加的字体目录，以冒号分隔", "further font folders, separated by colons", parse=parse.paths
    )
    forms: tuple[Path, ...] = setting(
        "", "另加的表单目录，以冒号分隔", "further folders of forms, separated by colons", parse=parse.paths
    )
    forms_broken: str = setting(
        "error",
        "另加的表单有误时。error：不启动；skip：略过该表单，见日志和 doctor",
        "if one of those forms is broken. error: do not start; skip: leave it out, as log and doctor say",
        parse=parse.one_of("error", "skip"),
    )
    deadline: float = setting(
        "60", "转换一份文书的时限（秒）", "deadline for converting one document, in seconds"
    )
    read_deadline: float = setting(
        "30",
        "读取一份 .doc、.odt 或 .rtf，或核验一份 PDF 的签名的时限（秒），最多同 KEXIE_DEADLINE",
        "deadline for reading one .doc, .odt or .rtf, or verifying the signatures of one PDF, in seconds; at "
        "most KEXIE_DEADLINE",
    )
    converters: int = setting(
        _CPUS,
        "本机常驻的 LibreOffice 进程数",
        "number of LibreOffice processes on this machine",
        documented=_CORES,
    )
    prewarm: bool = setting("0", "1：服务启动时就启动 LibreOffice", "1: start LibreOffice with the service")
    queue: int = setting("64", "最多有多少份文书等待转换", "how many documents may wait for conversion")
    recycle_documents: int = setting(
        "1000",
        "一个 LibreOffice 进程转换多少份文书后更换",
        "documents after which a LibreOffice process is replaced",
    )
    recycle_memory: int = setting(
        "1024",
        "一个 LibreOffice 进程占用多少内存（MiB）后更换",
        "memory, in MiB, above which a LibreOffice process is replaced",
    )
    sandbox: str = setting(
        "auto",
        "LibreOffice 的沙箱。auto：本机有就用；required：没有就不转换、不启动；off：不用",
        "sandbox of LibreOffice. auto: if this machine has one; required: else nothing is converted and the "
        "service does not start; off: none",
        parse=parse.one_of("auto", "required", "off"),
    )
    libreoffice_memory: int = setting(
        "1536",
        "一个 LibreOffice 进程最多用多少内存（MiB），超过即转换失败",
        "memory, in MiB, that a LibreOffice process can have; a document that needs more fails",
    )
    uno_python: str = setting(
        "/usr/bin/python3", "装有 python3-uno 的系统 Python", "the system's Python with python3-uno"
    )
    body_limit: int = setting(
        str(1024 * 1024), "请求正文的上限（字节）", "limit of a request's body, in bytes"
    )
    file_limit: int = setting(
        str(16 * 1024 * 1024), "送来读取的文书的上限（字节）", "limit of an uploaded document, in bytes"
    )
    picture_limit: int = setting(
        str(10 * 1024 * 1024), "报文中一张图片的上限（字节）", "limit of a picture in a payload, in bytes"
    )
    picture_pixels: int = setting(
        "50000000", "报文中一张图片最多有多少像素", "pixels that a picture in a payload can have"
    )
    workers: int = setting(_CPUS, "网页服务的进程数", "number of web worker processes", documented=_CORES)
    log_level: str = setting("INFO", "日志级别", "log level", parse=parse.log_level)
    archive: Path = setting("./var/archive", "档案目录", "folder of the archive", parse=parse.folder)
    database_url: str | None = setting(
        "",
        "档案索引的数据库，如 postgresql://user:password@host/db；默认为档案目录中的 SQLite",
        "database of the archive's index, as postgresql://user:password@host/db; by default SQLite in the "
        "archive's folder",
        parse=parse.url("postgresql", "postgresql+psycopg", "sqlite"),
        secret=True,
    )
    objects_url: str | None = setting(
        "",
        "档案文件的存放处，如 s3://bucket/prefix（密钥等取自 AWS_*）；默认为档案目录",
        "store of the archive's files, as s3://bucket/prefix (keys and endpoint from AWS_*); by default "
        "the archive's folder",
        parse=parse.url("s3"),
        secret=True,
    )
    fonds: str | None = setting(
        "",
        "移交包、归档包和四性检测报告的全宗号，由接收的档案馆给定",
        "fonds (全宗号) of packages for an archive, bags and reports, given by that archive",
    )
    department: str | None = setting(
        "", "移交包的机构或问题", "department or subject (机构或问题) of packages for an archive"
    )
    department_code: str | None = setting(
        "", "档号中的机构或问题代码；不设则档号不含它", "its code in archival codes (档号); by default none"
    )
    secrecy: str | None = setting(
        "",
        "移交包的密级：公开、内部、秘密、机密、绝密",
        "level of secrecy (密级) of packages for an archive: 公开, 内部, 秘密, 机密 or 绝密",
    )
    second_person: bool = setting(
        "1",
        "1：提出销毁的人不能自己执行，须由另一人（另一密钥或用户）执行；0：可以",
        "1: destruction is carried out by another than proposed it (another key or user); 0: by anyone",
    )
    sm3: bool = setting(
        "0",
        "1：清单中除 SHA-256 外另记每个文件的 SM3，须本机 OpenSSL 支持",
        "1: manifests have SM3 of each file beside SHA-256; this machine's OpenSSL must have it",
    )
    lease: float = setting(
        "60",
        "批量时一条记录多少秒没有音信就交给别的进程",
        "seconds without a heartbeat after which another process takes over a record of a batch",
    )
    broker_url: str | None = setting(
        "",
        "多机批量的消息队列，如 redis://host:6379/0 或 amqp://host；默认只用本机进程",
        "broker of batches on several machines, as redis://host:6379/0 or amqp://host; by default only "
        "processes of this machine",
        parse=parse.url("redis", "rediss", "amqp", "amqps"),
        secret=True,
    )
    open: bool = setting(
        "0",
        "1：没有密钥也可以在本机以外的地址上提供服务，由前面的代理验明调用者",
        "1: serve other machines even without keys; the proxy in front authenticates the callers",
    )
    secret: str | None = setting(
        "",
        "签发嵌入令牌的密钥，至少 32 字节，各进程各机器相同",
        "secret that signs the tokens of embedded forms: 32 bytes or more, the same for all processes",
        secret=True,
    )
    jwt_issuer: str | None = setting(
        "",
        "门户自有签发者（iss），其 JWT 可代替密钥",
        "a portal's own issuer (iss), whose JWTs are accepted in place of keys",
    )
    jwt_audience: str | None = setting(
        "", "JWT 中本服务的名称（aud）", "this service's name in those JWTs (aud)"
    )
    jwt_keys: Path | str | None = setting(
        "",
        "签发者公钥（JWKS）的文件，或主机在 KEXIE_ALLOWED_HOSTS 中的 https 网址",
        "the issuer's public keys (JWKS): a file, or an https URL of a host in KEXIE_ALLOWED_HOSTS",
        parse=parse.key_set,
    )
    batch_limit: int = setting(
        str(256 * 1024 * 1024), "一个批次文件的上限（字节）", "limit of a batch's file over HTTP, in bytes"
    )
    batch_workers: int = setting(
        str(len(os.sched_getaffinity(0))),
        "经网页服务提交的批次用多少个进程处理",
        "worker processes that the service starts for batches that came over HTTP",
        documented=_CORES,
    )
    listeners: int = setting(
        "8",
        "一个网页进程同时推送进度给多少个客户端，再多的改为定时轮询",
        "clients to which one web process streams progress at a time; further clients poll",
    )
    allowed_hosts: frozenset[str] = setting(
        "",
        "服务可以访问的主机，以逗号分隔；host 只许 HTTPS 和公网地址，host:port 是内网主机，也许 HTTP",
        "hosts that the service may call, separated by commas: host for HTTPS at public addresses, "
        "host:port for one of the intranet, by HTTP too",
        parse=parse.hosts,
    )
    webhook_secret: str | None = setting(
        "",
        "批次回调的签名密钥：whsec_ 加 24 至 64 字节的 Base64；不设则不能用回调",
        "secret that signs webhooks: whsec_ and 24 to 64 bytes in Base64; without it there are no webhooks",
        parse=parse.webhook_secret,
        secret=True,
    )
    webhook_wait: float = setting(
        "5",
        "回调失败后多少秒再试，此后每次为前次的四倍",
        "seconds after which a webhook that failed is tried again; four times as long each time",
    )
    proxies: int = setting(
        "0",
        "前面有几层可信的反向代理，其 X-Forwarded-* 才算数；0：一概不信",
        "number of trusted reverse proxies in front, whose X-Forwarded-* count; 0: none is trusted",
        parse=parse.count,
    )
    host_names: frozenset[str] = setting(
        "",
        "没有密钥时，除本机外可以用哪些主机名访问（Host），以逗号分隔",
        "host names (Host) by which the service is reached while there are no keys, beside this machine's "
        "own, separated by commas",
        parse=parse.host_names,
    )
    cors_origins: frozenset[str] = setting(
        "",
        "哪些网站的网页可以直接调用接口，如 https://portal.example，以逗号分隔",
        "sites whose pages may call the API, as https://portal.example, separated by commas",
        parse=parse.origins,
    )
    frame_ancestors: frozenset[str] = setting(
        "",
        "哪些网站可以嵌入表单页面，写法同上",
        "sites that may show the embedded form in a frame, as in KEXIE_CORS_ORIGINS",
        parse=parse.origins,
    )
    threads: int = setting(
        "128",
        "每个网页服务进程同时处理的请求数；应多于 KEXIE_QUEUE，否则校验也要等 LibreOffice",
        "requests that each web worker process handles at once; more than KEXIE_QUEUE, or requests that "
        "need no LibreOffice wait for it too",
    )
    head_deadline: float = setting(
        "10", "收完一个请求头的时限（秒）", "deadline for receiving the head of a request, in seconds"
    )
    body_deadline: float = setting(
        "60", "收完一个请求正文的时限（秒）", "deadline for receiving the body of a request, in seconds"
    )
    rate: str | None = setting(
        "",
        "每个密钥（没有密钥时每个地址）的请求上限，如 600 per minute；默认不限",
        "limit of requests for each key, or address without one, as 600 per minute; by default none",
        parse=parse.rate,
    )
    rate_storage_url: str | None = setting(
        "",
        "各进程共用的请求计数，如 redis://host:6379/1；默认每个进程各自计数",
        "shared store of request counts, as redis://host:6379/1; by default each process counts its own",
        parse=parse.url("redis", "rediss"),
        secret=True,
    )
    idempotency_hours: float = setting(
        "24",
        "带 Idempotency-Key 的请求，其答复保留多少小时",
        "hours for which the answer to a request with Idempotency-Key is kept",
    )
    idempotency_wait: float = setting(
        "10",
        "同一 Idempotency-Key 的请求尚在处理时，后来者等待多少秒",
        "seconds that a request waits while another with the same Idempotency-Key is in progress",
    )
    audit_address: str = setting(
        "network",
        "审计日志记录的来源地址。network：所在网段；full：完整地址；none：不记",
        "address in the audit log. network: that of its network; full: the whole; none: no address",
        parse=parse.one_of("network", "full", "none"),
    )
    draft_days: int = setting(
        "30",
        "填报人存到服务器上的草稿保留多少天，每次存回重新起算；0：不能存到服务器",
        "days for which a draft that people save on the server is kept, counted from the last saving; "
        "0: none can be saved",
        parse=parse.count,
    )

    sealed_limit: int = setting(
        str(32 * 1024 * 1024),
        "一份盖章件、在页面和接口上核对的一个移交包的上限（字节）",
        "limit of a sealed copy, and of a package checked on the page or over the API, in bytes",
    )
    trust: Path | None = setting(
        "",
        "核验签名时信任的证书和吊销列表（PEM 或 DER）：一个文件，或一个目录；默认没有，签署人一概未知",
        "certificates trusted when signatures are checked, and revocation lists (PEM or DER): a file or a "
        "folder; by default none, so that every signer is unknown",
        parse=parse.optional_path,
    )

    sign_key: Path | str | None = setting(
        "",
        "给归档的 PDF 签名的证书和私钥：PKCS#12 文件，或 pkcs11: 开头的 URI（RFC 7512）；默认不签名",
        "certificate and key that sign archived PDFs: a PKCS#12 file, or a pkcs11: URI (RFC 7512); "
        "by default none is signed",
        parse=parse.signing_key,
    )
    sign_passphrase: str | None = setting(
        "",
        "上述文件的口令，或 PKCS#11 的 PIN",
        "passphrase of that file, or PIN of PKCS#11",
        secret=True,
    )
    timestamp_url: str | None = setting(
        "",
        "签名时的时间戳服务（RFC 3161）的网址，主机须在 KEXIE_ALLOWED_HOSTS 中；默认没有时间戳",
        "URL of the time stamp authority (RFC 3161) for signatures, its host in KEXIE_ALLOWED_HOSTS; by "
        "default without time stamp",
        parse=parse.url("https", "http"),
    )
    traces_url: str | None = setting(
        "",
        "各请求的追踪（OpenTelemetry，OTLP）送往的网址，如 http://collector:4318/v1/traces，"
        "主机须在 KEXIE_ALLOWED_HOSTS 中；须安装 kexie-forms[otel]；默认不追踪",
        "URL to which traces of requests are sent (OpenTelemetry, OTLP), as "
        "http://collector:4318/v1/traces, its host in KEXIE_ALLOWED_HOSTS; needs kexie-forms[otel]; by "
        "default none",
        parse=parse.url("https", "http"),
    )

    @property
    def pictures(self) -> PictureLimits:
        """The limits of a picture in a payload."""
        return PictureLimits(self.picture_limit, self.picture_pixels)

    @property
    def longest_conversion(self) -> float:
        """Seconds that a document may take in a running pool.

        The last copy of `conversion.convert` begins before the deadline, waits at most as long for a process,
        and takes at most as long.
        """
        return 3 * self.deadline

    @property
    def longest_request(self) -> float:
        """Seconds that a request for a document may take, with the start of the pool and of LibreOffice."""
        return self.longest_conversion + 30


SETTINGS: tuple[Setting, ...] = Settings.declared()
