"""PDF and Excel: read with their place, quoted by a question; bombs, broken and locked files are refused."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from linghang import packs
from linghang.base.errors import UsageError
from linghang.knowledge import ask, library
from linghang.knowledge.library import add_file


def pdf_with(path: Path, text: str, *, password: str = "") -> Path:
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
                             NameObject("/BaseFont"): NameObject("/Helvetica")})  # fmt: skip
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}
    )
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password)
    writer.write(path)
    return path


def test_a_row_of_a_sheet_answers_a_question(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "网点限额"
    sheet.append(["网点", "单日金条提取上限"])
    sheet.append(["滨江支行", "37根"])
    book.save(tmp_path / "网点表.xlsx")
    home = tmp_path / "home"
    document = add_file(home, tmp_path / "网点表.xlsx")
    assert "网点：滨江支行；单日金条提取上限：37根。" in document.text
    told = ask(library(packs.load("demo"), home), packs.load("demo"), "滨江支行单日金条提取上限是多少")
    assert told.known
    assert "37根" in told.quotes[0].text
    assert (told.quotes[0].source, told.quotes[0].section) == ("home:网点表.xlsx", "网点限额")


def test_a_page_of_a_pdf_is_quoted_with_its_number(tmp_path: Path) -> None:
    home = tmp_path / "home"
    add_file(home, pdf_with(tmp_path / "policy.pdf", "The zebra window closes after 41 minutes."))
    told = ask(library(packs.load("demo"), home), packs.load("demo"), "when does the zebra window close")
    assert told.known
    assert "41 minutes" in told.quotes[0].text
    assert told.quotes[0].section == "p. 1"


@pytest.mark.parametrize("name", ["x.xlsx", "x.docx"])
def test_a_bomb_is_refused_before_it_unfolds(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
        packed.writestr("word/document.xml", b"0" * 60_000_000)
    with pytest.raises(UsageError, match="knowledge.too_large"):
        add_file(tmp_path / "home", tmp_path / name)
    assert not (tmp_path / "home" / "knowledge" / name).exists()


def test_broken_locked_and_unknown_files_are_refused(tmp_path: Path) -> None:
    for name in ("a.pdf", "a.xlsx", "a.docx"):
        (tmp_path / name).write_bytes(b"nothing of the kind")
        with pytest.raises(UsageError, match="knowledge.bad_document"):
            add_file(tmp_path / "home", tmp_path / name)
    pdf_with(tmp_path / "locked.pdf", "secret", password="x")
    with pytest.raises(UsageError, match="knowledge.bad_document"):
        add_file(tmp_path / "home", tmp_path / "locked.pdf")
    (tmp_path / "a.exe").write_bytes(b"MZ")
    with pytest.raises(UsageError, match="knowledge.unknown_kind"):
        add_file(tmp_path / "home", tmp_path / "a.exe")
