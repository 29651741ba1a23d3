"""A channel that sends e-mail over SMTP (RFC 5321), HTML with inline pictures.

SMTP has no memory of keys, so the channel is not idempotent and cannot tell what it took before. A message of which the
server's last word was not heard is ``unknown``: it may have gone out.
"""

import re
import smtplib
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, localtime

from linghang.base.errors import UnavailableError, UsageError
from linghang.ports.channel import Message, Receipt

_ADDRESS = re.compile(r"[^\s@<>,;:\"\\]+@[^\s@<>,;:\"\\]+\.?[^\s@<>,;:\"\\]*")
_LINES = re.compile(r"[\r\n\0]+")
_GONE = (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError, OSError)


@dataclass(frozen=True)
class SmtpSettings:
    """Where and as whom mail is sent. ``security`` is ``starttls``, ``tls`` or ``none``; ``timeout`` in seconds."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    security: str = "starttls"
    timeout: float = 30.0
    name: str = ""
    unsubscribe: str = ""


def smtp_from_environment(environment: Mapping[str, str]) -> "SmtpChannel | None":
    """The channel that ``LINGHANG_SMTP_*`` describes (HOST, PORT, FROM, USER, PASSWORD, SECURITY, TIMEOUT, NAME,
    UNSUBSCRIBE), or None without a host.

    Raises UsageError("channel.smtp_settings") for settings that cannot work.
    """
    told = {key.removeprefix("LINGHANG_SMTP_"): value for key, value in environment.items() if "LINGHANG_SMTP_" in key}
    if not told.get("HOST"):
        return None
    security = told.get("SECURITY", "starttls")
    try:
        settings = SmtpSettings(
            host=told["HOST"],
            port=int(told.get("PORT", "465" if security == "tls" else "587")),
            sender=told.get("FROM", ""),
            user=told.get("USER", ""),
            password=told.get("PASSWORD", ""),
            security=security,
            timeout=float(told.get("TIMEOUT", "30")),
            name=told.get("NAME", ""),
            unsubscribe=told.get("UNSUBSCRIBE", ""),
        )
    except ValueError as error:
        raise UsageError("channel.smtp_settings", reason=str(error)) from error
    if security not in ("starttls", "tls", "none") or not _ADDRESS.fullmatch(settings.sender):
        raise UsageError("channel.smtp_settings", reason=f"SECURITY={security} FROM={settings.sender}")
    return SmtpChannel(settings)


class SmtpChannel:
    """Hands e-mail to an SMTP server, over one connection that is kept and renewed."""

    idempotent = False

    def __init__(self, settings: SmtpSettings) -> None:
        self.settings = settings
        self._server: smtplib.SMTP | None = None
        self._lock = threading.Lock()

    def hand_over(self, messages: Sequence[Message]) -> Sequence[Receipt]:
        """Send messages in order. Raises UnavailableError("channel.smtp_unavailable") when none was taken."""
        with self._lock:
            receipts: list[Receipt] = []
            for message in messages:
                try:
                    receipts.append(self._send(message))
                except UnavailableError:
                    if not receipts:
                        raise
                    receipts.append(Receipt(message.key, "failed", "channel.smtp_unavailable"))
            return receipts

    def seen(self, keys: Sequence[str]) -> frozenset[str] | None:
        """None: an SMTP server does not tell."""
        return None

    def close(self) -> None:
        """Say goodbye to the server."""
        with self._lock:
            self._drop()

    def _send(self, message: Message) -> Receipt:
        if not _ADDRESS.fullmatch(message.address):
            return Receipt(message.key, "failed", "channel.bad_address")
        mail = compose(message, self.settings)
        server = self._ready()
        try:
            refused = self._envelope(server, message)
        except _GONE as error:
            # Before DATA nothing can have gone out.
            self._drop()
            raise self._unavailable(error) from error
        if refused is not None:
            return refused
        try:
            code, _ = server.data(mail.as_bytes(policy=SMTP_POLICY))
        except smtplib.SMTPDataError as error:
            return self._refusal(message, error.smtp_code)
        except _GONE:
            self._drop()
            return Receipt(message.key, "unknown", "channel.smtp_no_last_word")
        return Receipt(message.key, "handed_over") if code == 250 else self._refusal(message, code)

    def _envelope(self, server: smtplib.SMTP, message: Message) -> Receipt | None:
        for code, _ in (server.mail(self.settings.sender), server.rcpt(message.address)):
            if code == 421:
                self._drop()
                raise self._unavailable(smtplib.SMTPServerDisconnected("421"))
            if code >= 400:
                server.rset()
                return self._refusal(message, code)
        return None

    def _refusal(self, message: Message, code: int) -> Receipt:
        return Receipt(message.key, "failed", f"channel.smtp_{code}")

    def _ready(self) -> smtplib.SMTP:
        if self._server is not None:
            try:
                if self._server.noop()[0] == 250:
                    return self._server
            except _GONE:
                pass
            self._drop()
        try:
            self._server = self._connect()
        except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
            raise self._unavailable(error) from error
        return self._server

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=settings.timeout, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
        server.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if settings.user:
            server.login(settings.user, settings.password)
        return server

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def _unavailable(self, error: Exception) -> UnavailableError:
        where = f"{self.settings.host}:{self.settings.port}"
        return UnavailableError("channel.smtp_unavailable", server=where, reason=str(error)[:200])


def compose(message: Message, settings: SmtpSettings) -> EmailMessage:
    """The mail: plain text, HTML beside it, pictures inline by their names (``cid:name``)."""
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["Subject"] = _LINES.sub(" ", message.title)
    mail["From"] = Address(_LINES.sub(" ", settings.name), addr_spec=settings.sender)
    mail["To"] = message.address
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = f"<{message.key}@{settings.sender.partition('@')[2]}>"
    mail["Linghang-Key"] = message.key
    if settings.unsubscribe:
        mail["List-Unsubscribe"] = f"<{settings.unsubscribe}>"
    mail.set_content(message.body + (f"\n\n{message.link}" if message.link else ""))
    if message.html:
        mail.add_alternative(message.html, subtype="html")
        page = list(mail.iter_parts())[-1]
        for name, mime, data in message.attachments:
            kind, _, subtype = mime.partition("/")
            page.add_related(data, kind, subtype, cid=f"<{name}>", disposition="inline")  # type: ignore[attr-defined]
    return mail
