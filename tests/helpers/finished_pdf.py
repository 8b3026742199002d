"""`service.conversion.pdf.finish` on bytes."""

from __future__ import annotations

import tempfile

from service.conversion.pdf import finish as pdf


def finish(content, *rest):
    """What `pdf.finish` makes of a file with `content`."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return pdf.finish(file, *rest)
