"""Files made to hurt: streams and entities that unfold without end. Refused quickly, through the skill, and audited."""

import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from linghang.base.errors import ForbiddenError, UsageError
from linghang.kit.context import AuditEntry
from linghang.kit.skills import call
from linghang.knowledge import skills as _skills  # noqa: F401 - declares knowledge.add_file
from linghang.knowledge.documents import read_file
from linghang.testing.contexts import context

ENTITIES = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
) + "]>"  # fmt: skip
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{}</Types>'
)
RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="{}"/></Relationships>'
)


def laughing_docx(path: Path) -> Path:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<?xml version="1.0"?>{ENTITIES}<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>'
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(
            "[Content_Types].xml", TYPES.format(f'<Override PartName="/word/document.xml" ContentType="{kind}"/>')
        )
        packed.writestr("_rels/.rels", RELS.format("word/document.xml"))
        packed.writestr("word/document.xml", body)
    return path


def laughing_xlsx(path: Path) -> Path:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(
            "[Content_Types].xml", TYPES.format(f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/>')
        )
        packed.writestr("_rels/.rels", RELS.format("xl/workbook.xml"))
        packed.writestr("xl/workbook.xml", f'<?xml version="1.0"?>{ENTITIES}<workbook>&j;</workbook>')
    return path


def unfolding_pdf(path: Path) -> Path:
    squeezer = zlib.compressobj(9)
    stream = b"".join(squeezer.compress(b" " * 1_000_000) for _ in range(200)) + squeezer.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
    ]  # fmt: skip
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    path.write_bytes(
        data
        + b"xref\n0 5\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)
    )
    return path


@pytest.mark.parametrize(
    ("make", "name"), [(laughing_docx, "x.docx"), (laughing_xlsx, "x.xlsx"), (unfolding_pdf, "x.pdf")]
)
@pytest.mark.timeout(30)
def test_what_unfolds_without_end_is_refused_or_read_as_nothing(tmp_path: Path, make: object, name: str) -> None:
    path = make(tmp_path / name)  # type: ignore[operator]
    assert path.stat().st_size < 1_000_000
    assert _told(path) in ("", "knowledge.bad_document", "knowledge.too_large")


def _told(path: Path) -> str:
    """The refusal of a file, or what little it says."""
    try:
        return read_file(path, path.name).text.strip()
    except UsageError as error:
        return error.code


def test_a_refused_upload_and_a_way_out_of_the_uploads_are_in_the_audit_log(tmp_path: Path) -> None:
    noted: list[AuditEntry] = []
    ctx = replace(context(tmp_path, rights=("knowledge.edit",), audit=noted), remote=True)
    (tmp_path / "uploads").mkdir()
    (tmp_path / "secret.md").write_text("# 密钥", "utf-8")
    (tmp_path / "uploads" / "link.md").symlink_to(tmp_path / "secret.md")
    unfolding_pdf(tmp_path / "uploads" / "x.pdf")
    with pytest.raises(UsageError):
        call(ctx, "knowledge.add_file", {"file": "x.pdf"})
    for way in ("../secret.md", str(tmp_path / "secret.md"), "link.md", "..", "", "a/../../secret.md", "x\x00.md"):
        with pytest.raises(ForbiddenError, match=r"files.outside_uploads"):
            call(ctx, "knowledge.add_file", {"file": way})
    assert noted[0].outcome.startswith("knowledge.")
    assert {entry.outcome for entry in noted[1:]} == {"files.outside_uploads"}
    (tmp_path / "uploads" / "note.md").write_text("# 通知", "utf-8")
    assert call(ctx, "knowledge.add_file", {"file": "note.md"})["title"] == "通知"
    assert call(replace(ctx, remote=False), "knowledge.add_file", {"file": str(tmp_path / "secret.md")})
