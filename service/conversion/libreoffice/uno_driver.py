"""Drives one LibreOffice over a UNO pipe; runs under the system's Python, which has python3-uno.

Uses only the standard library and uno. Started by the reaper with a socket to the worker. It first
sends {"ready": true}. Each request line is a JSON object {"docx", "pdf"} of two paths;
the response is {"load", "export"} in seconds or {"fault"}, followed by {"closed"} once the document
is closed.
"""

import ctypes
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import uno
from com.sun.star.awt import WindowDescriptor
from com.sun.star.awt.WindowClass import TOP
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 1, 22, 2  # prctl(2)
_EXPORT = "writer_pdf_Export"


def main(channel_number: str, pipe: str, export: str, seal: str, command: list[str]) -> None:
    """Serves the channel until it is closed; exits when LibreOffice exits.

    `seal` is a filter of system calls for LibreOffice (`Sandbox.seal`), in hexadecimal; empty for none.
    """
    channel = socket.socket(fileno=int(channel_number))
    office = subprocess.Popen(  # noqa: S603 - the worker's command
        command,
        # Without /proc the linker does not find the libraries beside a program (ld.so(8), $ORIGIN).
        env={**os.environ, "LD_LIBRARY_PATH": os.path.dirname(command[0])},  # noqa: PTH120 - one import less
        stdin=subprocess.DEVNULL,
        preexec_fn=_bound(bytes.fromhex(seal)),
    )
    # In a thread, since a call in progress may never return once LibreOffice has exited.
    threading.Thread(target=lambda: os._exit(office.wait() or 1), daemon=True).start()
    context = _connect(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
    frame = _frame(context)
    options = _options(json.loads(export))
    _send(channel, {"ready": True})
    for line in channel.makefile("rb"):
        document = _convert(channel, frame, options, json.loads(line))
        if document is not None:
            frame.setComponent(None, None)
            document.close(True)
        _send(channel, {"closed": True})


def _bound(seal: bytes) -> Callable[[], None]:
    """Ends LibreOffice when this process dies, and keeps it from the system calls that `seal` refuses."""
    libc, kept = ctypes.CDLL(None), ctypes.create_string_buffer(seal, len(seal))

    def bind() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        program = struct.pack("HxxxxxxQ", len(seal) // 8, ctypes.addressof(kept))
        if seal and libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0):
            os._exit(1)

    return bind


def _connect(address: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    while True:  # until LibreOffice exits or the worker's timeout expires
        try:
            return resolver.resolve(address)
        except NoConnectException:
            time.sleep(0.01)


def _frame(context: Any) -> Any:
    """A window reused for all documents.

    LibreOffice's default frame creates tool bars and menus, about 6 ms per document.
    """
    create = context.ServiceManager.createInstanceWithContext
    window = WindowDescriptor()
    window.Type, window.WindowServiceName, window.ParentIndex = TOP, "window", -1
    frame = create("com.sun.star.frame.Frame", context)
    frame.initialize(create("com.sun.star.awt.Toolkit", context).createWindow(window))
    frame.LayoutManager = None
    return frame


def _options(export: dict[str, Any]) -> tuple[Any, ...]:
    filter_data = tuple(_property(name, value) for name, value in export.items())
    return (
        _property("FilterName", _EXPORT),
        _property("FilterData", uno.Any("[]com.sun.star.beans.PropertyValue", filter_data)),
    )


def _property(name: str, value: Any) -> Any:
    return PropertyValue(Name=name, Value=value)


_LOADING = (
    _property("Hidden", True),
    _property("ReadOnly", True),
    _property("FilterName", "MS Word 2007 XML"),  # otherwise garbage is read as plain text
    _property("MacroExecutionMode", 0),  # com.sun.star.document.MacroExecMode.NEVER_EXECUTE
    _property("UpdateDocMode", 0),  # com.sun.star.document.UpdateDocMode.NO_UPDATE
)


def _convert(channel: socket.socket, frame: Any, options: tuple[Any, ...], job: dict[str, str]) -> Any:
    document = None
    try:
        began = time.perf_counter()
        document = frame.loadComponentFromURL(uno.systemPathToFileUrl(job["docx"]), "_self", 0, _LOADING)
        loaded = time.perf_counter()
        document.storeToURL(uno.systemPathToFileUrl(job["pdf"]), options)
        _send(channel, {"load": loaded - began, "export": time.perf_counter() - loaded})
    except Exception as error:  # UNO raises many kinds
        frame.isActive()  # raises and so ends this process if LibreOffice has exited
        _send(channel, {"fault": type(error).__name__})
    return document


def _send(channel: socket.socket, answer: dict[str, Any]) -> None:
    channel.sendall(json.dumps(answer).encode() + b"\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:])
    finally:
        os._exit(1)  # a normal exit would wait for pending UNO calls
