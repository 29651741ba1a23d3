"""Cells of tables that people open in a spreadsheet: what looks like a formula is told as text."""

_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would calculate it (OWASP, CSV injection).

    A negative number stays a number; ends of lines become spaces, so that one cell never begins another row.
    """
    flat = text.replace("\r", " ").replace("\n", " ")
    if not text.startswith(_BEGINNINGS):
        return flat
    try:
        float(text)
    except ValueError:
        return f"'{flat}"
    return flat
