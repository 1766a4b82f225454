"""Images of a request: fetched and decoded as far as it takes to name the colour of the first pixel."""
import base64
import binascii
import os
import struct
import urllib.request
import zlib

COLOURS = {"black": (0, 0, 0), "white": (255, 255, 255), "red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255),
           "yellow": (255, 255, 0), "cyan": (0, 255, 255), "magenta": (255, 0, 255), "gray": (128, 128, 128), "orange": (255, 165, 0)}
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")


class ImageError(ValueError):
    pass


def load(url):
    """The bytes behind an image_url: a data URI, http(s), a path, or plain base64."""
    try:
        if url.startswith("data:"):
            content = base64.b64decode(url.partition(",")[2], validate=True)
        elif url.startswith(("http://", "https://")):
            with urllib.request.urlopen(url, timeout=float(os.environ.get("REQUEST_TIMEOUT", "3"))) as response:
                content = response.read(64 << 20)
        elif url.startswith(("file://", "/")):
            with open(url.removeprefix("file://"), "rb") as file:
                content = file.read()
        else:
            content = base64.b64decode(url, validate=True)
    except (OSError, ValueError, binascii.Error) as error:
        raise ImageError(f"Failed to load image: {error}") from error
    if not content.startswith(SIGNATURES):
        raise ImageError("cannot identify image file")
    return content


def colour(content):
    """The name nearest to the first pixel of a PNG with 8 bits a channel; of anything else, gray."""
    pixel = _first_pixel(content) or COLOURS["gray"]
    return min(COLOURS, key=lambda name: sum((a - b) ** 2 for a, b in zip(COLOURS[name], pixel)))


def _first_pixel(content):
    if not content.startswith(SIGNATURES[0]):
        return None
    at, data, palette = 8, b"", b""
    while at + 8 <= len(content):
        size, kind = struct.unpack(">I4s", content[at:at + 8])
        body = content[at + 8:at + 8 + size]
        if kind == b"IHDR":
            depth, colour_type = body[8], body[9]
        elif kind == b"PLTE":
            palette = body
        elif kind == b"IDAT":
            data += body
        at += size + 12
    if depth != 8:
        return None
    # Whatever its filter, the first pixel of the first row is stored as it is.
    first = zlib.decompressobj().decompress(data, 5)[1:]
    if colour_type == 3:
        return palette[3 * first[0]:3 * first[0] + 3]
    return first[:3] if colour_type in (2, 6) else first[:1] * 3
