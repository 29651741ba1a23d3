"""How requests, results and errors look as JSON on every wire, and how they become sentences for people."""

from collections.abc import Mapping
from typing import Any

from linghang.base import errors
from linghang.base.digest import plain
from linghang.base.errors import LinghangError
from linghang.base.findings import Finding, Fix, Severity
from linghang.base.messages import render, spoken

_KINDS: Mapping[str, type[LinghangError]] = {
    kind.__name__: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, LinghangError)
}


def error_json(error: LinghangError, locale: str, zone: str = "") -> dict[str, Any]:
    """An error for the wire: kind, code, parameters, findings, exit code and the sentence in a locale.

    Instants are told by the clocks of ``zone``, or of the institution where the error was raised (else in UTC).
    """
    zone = zone or error.zone
    return {
        "kind": type(error).__name__,
        "code": error.code,
        "params": plain(dict(error.params)),
        "findings": [finding_json(finding, locale, zone) for finding in error.findings],
        "exit_code": error.exit_code,
        "zone": zone,
        "message": render(error.code, spoken(error.params, locale, zone), locale),
    }


def finding_json(finding: Finding, locale: str, zone: str = "") -> dict[str, Any]:
    """A finding for the wire, with its sentence in a locale."""
    return {**plain(finding), "message": render(finding.code, spoken(finding.params, locale, zone), locale)}


def error_of(shape: Mapping[str, Any]) -> LinghangError:
    """The error that ``error_json`` told of."""
    kind = _KINDS.get(str(shape.get("kind")), LinghangError)
    findings = tuple(_finding(item) for item in shape.get("findings", []))
    error = kind(str(shape["code"]), findings, **dict(shape.get("params", {})))
    error.zone = str(shape.get("zone", ""))
    return error


def _finding(shape: Mapping[str, Any]) -> Finding:
    span = shape.get("span")
    fix = shape.get("fix")
    return Finding(
        code=shape["code"],
        severity=Severity(shape["severity"]),
        about=shape.get("about", ""),
        span=(span[0], span[1]) if span else None,
        params=shape.get("params", {}),
        evidence=shape.get("evidence", {}),
        fix=Fix(fix["code"], tuple(fix.get("patch", ())), fix.get("text")) if fix else None,
    )
