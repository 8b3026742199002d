"""Pictures of every kind, drawn small and alike in every run."""

from __future__ import annotations

import io

from PIL import Image

MILLIMETRES = (35, 49)  # of the place of a portrait


def face(width=70, height=98):
    """A portrait that is different in each corner, and no way symmetrical."""
    image = Image.new("RGB", (width, height), (230, 240, 250))
    image.paste((200, 30, 30), (0, 0, width // 2, height // 3))
    image.paste((20, 60, 160), (width // 4, height // 2, width, height))
    return image


def saved(image, kind="png", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def scanned(number=1, kind="png"):
    """A scanned page as a file, another for each number."""
    return saved(face(number), kind)


def opened(content):
    return Image.open(io.BytesIO(content))
