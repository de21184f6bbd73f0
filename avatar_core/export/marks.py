"""Marks of provenance: a picture says of itself that no camera made it.

Cutting a grid loses whatever marks the provider put into it, so each avatar gets its own. Into a PNG, chunks are inserted
as its format allows, and the compressed pixels are copied as they are; other formats take the mark when they are encoded.
"""

from __future__ import annotations

import html
import struct
import zlib
from collections.abc import Iterator

from avatar_core.errors import PictureUnreadable

SOFTWARE = "Synth Avatar Studio"
PNG = b"\x89PNG\r\n\x1a\n"

#: IPTC's controlled vocabulary. The demo model learnt from no picture, so the plain algorithmic term is its true one.
DIGITAL_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED, DRAWN = DIGITAL_SOURCE + "trainedAlgorithmicMedia", DIGITAL_SOURCE + "algorithmicMedia"

XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"{}/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


def marked_png(png: bytes, *, model: str, run_id: str, grid_sha256: str, demo: bool) -> bytes:
    """Write into a PNG, for people and programs, that no camera made it. Pixels are not touched.

    Args:
        png: the file; marks of an earlier call are replaced.
        model, run_id, grid_sha256, demo: as in :func:`mark`.

    Raises:
        PictureUnreadable: the bytes are not a whole PNG file.
    """
    xmp = mark(model=model, run_id=run_id, grid_sha256=grid_sha256, demo=demo)
    marks = [
        _chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp),
        _chunk(b"tEXt", b"Software\0" + SOFTWARE.encode("latin-1")),
    ]
    ours = (b"XML:com.adobe.xmp\0", b"Software\0")
    kept = [
        whole
        for kind, body, whole in _chunks(png)
        if not (kind in (b"iTXt", b"tEXt") and body.startswith(ours))
    ]
    return PNG + b"".join((kept[0], *marks, *kept[1:]))


def mark(*, model: str, run_id: str, grid_sha256: str, demo: bool) -> bytes:
    """The words, as an XMP packet, that tell that no camera made a picture.

    Args:
        model: who drew it.
        run_id: the run it belongs to.
        grid_sha256: the grid it was cut from.
        demo: whether the local illustrator drew it rather than a trained model.
    """
    what = "DEMO drawing, made without AI," if demo else "AI-generated picture"
    note = f"{what} of a person who does not exist. Run {run_id}, grid sha256 {grid_sha256 or 'unknown'}."
    said = {
        "Iptc4xmpExt:DigitalSourceType": DRAWN if demo else TRAINED,
        "Iptc4xmpExt:AISystemUsed": "" if demo else model,
        "xmp:CreatorTool": SOFTWARE,
        "photoshop:Source": f"sha256:{grid_sha256}" if grid_sha256 else "",
        "photoshop:Instructions": f"Drawn by {model}. {note}",
    }
    return XMP.format(
        "".join(f' {name}="{html.escape(_plain(text))}"' for name, text in said.items() if text)
    ).encode()


def _plain(text: str) -> str:
    """Text without the control characters that XML forbids."""
    return "".join(letter for letter in text if letter.isprintable())


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Kind, body and all bytes of each chunk of a PNG file, IHDR first and IEND last."""
    if not png.startswith(PNG + b"\0\0\0\rIHDR"):
        raise PictureUnreadable("This picture is not a PNG file, so it cannot be marked. Generate it again.")
    place, kind = len(PNG), b""
    while kind != b"IEND":
        length = int.from_bytes(png[place : place + 4])
        kind, whole = png[place + 4 : place + 8], png[place : place + 12 + length]
        if len(whole) < 12 + length:
            raise PictureUnreadable("This PNG file is cut short. Generate it again.")
        yield kind, whole[8:-4], whole
        place += len(whole)
