"""What a message says: the signed variant that the decision chose, with the channel's signature and opt-out.

The decision is the same pure function that fills slots, so a send has a propensity and reasons too. Consent, caps and
suitability are checked by their owners just before; here only the package speaks.
"""

import datetime as dt
import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from linghang import decisions
from linghang.base.records import DecisionRecord
from linghang.campaigns.model import Package
from linghang.campaigns.sections import Creatives, Variant, Variants
from linghang.campaigns.store import section_type
from linghang.customers import Touch
from linghang.decisions import Customer, PackageView, Request, Share, State
from linghang.delivery.model import Send
from linghang.packs.model import Channel, Pack
from linghang.ports.channel import Message

Files = Callable[[str], bytes]
"""A content digest → its bytes."""
_TOP_GRADE = 5


@dataclass(frozen=True)
class Script:
    """A package ready to be spoken: its view, its variants, the channels, and where its page is."""

    view: PackageView
    variants: Mapping[str, Variant]
    pictures: Mapping[str, tuple[str, str, str]]
    channels: Mapping[str, Channel]
    link: str
    lang: str


def script(package: Package, pack: Pack, link: str) -> Script:
    """What ``message`` needs of a package. ``link`` is the address of the landing page; empty: no link is sent."""
    variants: Variants = section_type("combinations").validate_python(package.sections["combinations"])
    creatives: Creatives = section_type("creatives").validate_python(package.sections["creatives"])
    return Script(
        decisions.view(package, pack),
        {variant.id: variant for variant in variants.variants},
        {item.id: (item.file, item.mime, item.alt) for item in creatives.pictures},
        {channel.id: channel for channel in pack.channels},
        link,
        package.sections["goal"]["lang"],
    )


def choose(
    play: Script,
    send: Send,
    at: dt.datetime,
    *,
    left: Mapping[str, int],
    touches: Sequence[Touch] = (),
    zone: str = "",
    seed: int = 0,
) -> DecisionRecord:
    """Which variant a send carries. ``left`` is what the package may still give of each benefit.

    The plan has settled channel and benefit, and whoever calls has just asked for consent and suitability, so these
    count as given here; ``touches`` are this campaign's own, for the cap that its brief asks for.
    """
    settled = Share(1.0, (send.channel,), send.benefit)
    request = Request(
        institution_id=play.view.institution_id,
        decision_id=f"snd_{send.key[:40]}",
        customer=send.customer,
        place=send.channel,
        channel=send.channel,
        at=at,
    )
    customer = Customer(
        send.customer, {play.view.hash: send.layer}, consents=dict.fromkeys(play.channels, True), risk=_TOP_GRADE,
        zone=zone,
    )  # fmt: skip
    state = State(left={play.view.hash: left})
    one = replace(play.view, shares={send.layer: (settled,)})
    return decisions.decide(request, (one,), customer, touches, state, seed)


def message(play: Script, send: Send, variant_id: str, address: str, files: Files) -> Message:
    """The message of a variant for an address, with inline pictures where the channel carries HTML."""
    variant = play.variants[variant_id]
    channel = play.channels[send.channel]
    copy = variant.copy
    title = copy.get("subject") or copy.get("title") or ""
    body = copy.get("body") or copy.get("script") or copy.get("subtitle") or title
    prefix = channel.prefix.of(play.lang) if channel.prefix else ""
    suffix = channel.suffix.of(play.lang) if channel.suffix else ""
    # A body is approved with signature and way out; taken off and put back it stays byte for byte the same.
    body = body.removeprefix(prefix).removesuffix(suffix)
    inline: tuple[tuple[str, str, bytes], ...] = ()
    page = ""
    if send.channel == "email":
        inline = _pictures(play, variant, files)
        page = _html(play, copy, title, body, suffix, bool(inline))
    return Message(
        key=send.key, channel=send.channel, address=address, title=title, body=f"{prefix}{body}{suffix}",
        link=play.link, html=page, attachments=inline,
    )  # fmt: skip


def cost_fen100(channel: Channel, message: Message) -> int:
    """What a message costs, in hundredths of a fen. A long SMS is billed by segments of 67 characters (GSM UCS-2)."""
    length = len(message.body)
    segments = 1 if not channel.max_chars or length <= channel.max_chars else -(-length // (channel.max_chars - 3))
    return channel.unit_cost_fen100 * segments


def _pictures(play: Script, variant: Variant, files: Files) -> tuple[tuple[str, str, bytes], ...]:
    creative = variant.creative or _of_layer(play, variant.layer)
    if creative not in play.pictures:
        return ()
    file, mime, _ = play.pictures[creative]
    return (("picture", mime, files(file)),)


def _of_layer(play: Script, layer: str) -> str:
    """A picture that the same layer sees elsewhere: an e-mail has no slot of its own."""
    return next((v.creative for v in play.variants.values() if v.layer == layer and v.creative and not v.excluded), "")


def _html(play: Script, copy: Mapping[str, str], title: str, body: str, suffix: str, pictured: bool) -> str:
    say = html.escape
    link = say(play.link, quote=True)
    picture = '<img src="cid:picture" alt="" width="100%" style="display:block;border:0">' if pictured else ""
    button = (
        f'<p><a href="{link}" style="display:inline-block;padding:12px 24px">{say(copy.get("button") or title)}</a></p>'
        if play.link
        else ""
    )
    preheader = say(copy.get("preheader", ""))
    return (
        f'<!doctype html><html lang="{play.lang}"><head><meta charset="utf-8"><title>{say(title)}</title></head>'
        f'<body style="margin:0"><div style="display:none">{preheader}</div>{picture}'
        f'<div style="padding:16px"><h1 style="font-size:20px">{say(title)}</h1><p>{say(body)}</p>{button}'
        f'<p style="font-size:12px">{say(suffix)}</p></div></body></html>'
    )
