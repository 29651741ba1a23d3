"""The library keeps clean pixels with their licence, refuses bombs and scripts, and finds by words and by look."""

import base64
import dataclasses
import datetime as dt
import io
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from linghang.base.errors import RefusedError, UnknownItemError, UsageError
from linghang.creatives.library import Use, likeness, look, store, take
from linghang.creatives.library.skills import add, change, find, remove
from linghang.flow import library as using
from linghang.flow.library import LibraryPicture
from linghang.kit.context import AuditEntry, Context
from linghang.kit.skills import call
from linghang.ports.images import Wish
from linghang.testing.contexts import context

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100" fill="%s"/></svg>'
)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return context(tmp_path, rights=("creative.read", "creative.edit"))


def picture(colour: str, form: str = "PNG", size: tuple[int, int] = (200, 120), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form, **more)
    return out.getvalue()


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def zipped() -> bytes:
    """An archive that unpacks to far more than it weighs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", bytes(20_000_000))
    return out.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_only_pixels_stay(form: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CameraOfAnna"
    taken = take(picture("#d7000f", form, exif=exif))
    assert b"CameraOfAnna" not in taken.data
    assert not Image.open(io.BytesIO(taken.data)).getexif()
    assert (taken.width, taken.height) == (200, 120)


def test_a_turned_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    taken = take(picture("red", "JPEG", exif=exif))
    assert (taken.width, taken.height) == (120, 200)


def test_an_svg_becomes_pixels() -> None:
    taken = take(SVG % b"#d7000f")
    assert taken.mime == "image/png"
    assert Image.open(io.BytesIO(taken.data)).convert("RGB").getpixel((10, 10)) == (215, 0, 15)


@pytest.mark.parametrize(
    "bad",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><rect/></svg>',
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://x.cn/a.png"/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><rect style="fill:url(http://x.cn/a)"/></svg>',
        b"MZ not a picture",
        b"",
        picture("red", size=(20, 20)),
        picture("red")[:60],
        b"GIF89a" + b"\x00" * 40,
        b"\x00" * 8_000_001,
        picture("red", size=(20_000, 64)),
        zipped(),
    ],
)
def test_what_is_no_clean_picture_is_refused(bad: bytes) -> None:
    with pytest.raises(UsageError, match="library"):
        take(bad)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    head = (60_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
    with pytest.raises(UsageError, match="library"):
        take(bomb)


def test_look_knows_colour_and_shape() -> None:
    red, dark, blue = (look(picture(colour)) for colour in ("#d7000f", "#b0000c", "#0b2a5b"))
    assert likeness(red, red) == pytest.approx(likeness(blue, blue), abs=1e-3)
    assert likeness(red, dark) > likeness(red, blue)
    stripes = np.zeros((128, 128, 3), np.uint8)
    stripes[:, ::16] = 255
    out = io.BytesIO()
    Image.fromarray(stripes).save(out, "PNG")
    other = io.BytesIO()
    Image.fromarray(np.roll(stripes, 3, axis=1)).save(other, "PNG")
    turned = io.BytesIO()
    Image.fromarray(stripes.transpose(1, 0, 2)).save(turned, "PNG")
    first = look(out.getvalue())
    assert likeness(first, look(other.getvalue())) > likeness(first, look(turned.getvalue()))


def test_found_by_words_and_by_look(ctx: Context) -> None:
    add(ctx, "红包主图", coded(picture("#d7000f")), tags=["双11", "红包"], licence="自有")
    add(ctx, "蓝色海面", coded(picture("#0b2a5b")), tags=["海"], licence="图库", expires="2027-03-31")
    assert [item["name"] for item in find(ctx, "双11")] == ["红包主图"]
    assert [item["name"] for item in find(ctx, "图库 海")] == ["蓝色海面"]
    assert find(ctx, data=coded(picture("#12305f")))[0]["name"] == "蓝色海面"
    assert find(ctx, like="红包主图")[0]["likeness"] == pytest.approx(1.0, abs=0.5)
    with pytest.raises(UnknownItemError, match="library.unknown"):
        find(ctx, like="没有")


def test_the_same_picture_again_changes_what_is_said_of_it(ctx: Context) -> None:
    add(ctx, "主图", coded(picture("#d7000f")), licence="图库")
    add(ctx, "主图", coded(picture("#d7000f")), licence="自有", expires="2027-01-01")
    assert [(item["licence"], item["expires"]) for item in find(ctx)] == [("自有", "2027-01-01")]
    with pytest.raises(UsageError, match="library.bad_day"):
        add(ctx, "主图", coded(picture("#d7000f")), expires="明年")


def test_a_licence_that_ran_out_is_a_finding_and_the_asset_is_not_drawn(ctx: Context) -> None:
    live = add(ctx, "海面", coded(picture("#0b2a5b")), expires="2026-11-23")["id"]
    over = add(ctx, "旧图", coded(picture("#d7000f")), expires="2026-11-22")["id"]
    assert store.fingerprint(ctx.db, "test", "cmp_1", ctx.today) == ""
    for slot, asset in (("home_banner", live), ("home_popup", over)):
        store.use(ctx.db, "test", Use("cmp_1", slot, asset), actor="operator", at=ctx.now)
    held, findings = using.assets(ctx, "cmp_1")
    assert set(held) == {"home_banner"}
    assert [(one.code, one.severity.value, one.params["asset"]) for one in findings] == [
        ("library.ends_soon", "S4", "海面"),
        ("library.expired", "S1", "旧图"),
    ]
    tomorrow = ctx.today + dt.timedelta(days=1)
    prints = {store.fingerprint(ctx.db, "test", "cmp_1", day) for day in (ctx.today, tomorrow)}
    assert len(prints) == 2
    assert find(ctx, "海面")[0]["uses"] == [
        {"campaign": "cmp_1", "slot": "home_banner", "asset": live, "part": "plate"}
    ]
    store.use(ctx.db, "test", Use("cmp_1", "home_popup", ""), actor="operator", at=ctx.now)
    assert [one.code for one in using.assets(ctx, "cmp_1")[1]] == ["library.ends_soon"]


def test_a_licence_that_ends_before_the_campaign_must_be_mended(ctx: Context) -> None:
    asset = add(ctx, "海面", coded(picture("#0b2a5b")), expires="2027-03-31")["id"]
    store.use(ctx.db, "test", Use("cmp_1", "home_banner", asset, "element"), actor="operator", at=ctx.now)
    assert using.assets(ctx, "cmp_1", dt.date(2027, 3, 31))[1] == ()
    held, findings = using.assets(ctx, "cmp_1", dt.date(2027, 4, 1))
    assert list(held["home_banner"]) == ["element"]
    assert [(one.code, one.severity.value) for one in findings] == [("library.ends_first", "S2")]


def test_a_slot_holds_a_plate_and_an_element_and_either_ends_alone(ctx: Context) -> None:
    asset = add(ctx, "海面", coded(picture("#0b2a5b")))["id"]
    for part in ("plate", "element"):
        store.use(ctx.db, "test", Use("cmp_1", "home_banner", asset, part), actor="operator", at=ctx.now)  # type: ignore[arg-type]
    assert set(using.assets(ctx, "cmp_1")[0]["home_banner"]) == {"plate", "element"}
    store.use(ctx.db, "test", Use("cmp_1", "home_banner", "", "plate"), actor="operator", at=ctx.now)
    assert set(using.assets(ctx, "cmp_1")[0]["home_banner"]) == {"element"}


def test_what_is_said_of_an_asset_is_changed_and_the_rest_stays(ctx: Context) -> None:
    made = add(ctx, "海面", coded(picture("#0b2a5b")), tags=["海"], licence="自有", expires="2027-03-31", min_side=300)
    changed = change(ctx, made["id"], tags=["夏", "海"], expires="")
    assert (changed["tags"], changed["expires"], changed["licence"]) == (["夏", "海"], None, "自有")
    assert changed["rules"]["min_side"] == 300
    assert find(ctx, "夏")[0]["id"] == made["id"]
    assert change(ctx, "海面", no_recolour=True, products=["gold"])["rules"] == {
        "no_recolour": True, "min_side": 300, "products": ["gold"],
    }  # fmt: skip
    with pytest.raises(UsageError, match="library.bad_day"):
        change(ctx, made["id"], expires="明年")


def test_an_asset_in_use_stays(ctx: Context) -> None:
    asset = add(ctx, "海面", coded(picture("#0b2a5b")))["id"]
    store.use(ctx.db, "test", Use("cmp_1", "home_banner", asset), actor="operator", at=ctx.now)
    with pytest.raises(RefusedError, match="library.in_use"):
        remove(ctx, asset)
    store.use(ctx.db, "test", Use("cmp_1", "home_banner", ""), actor="operator", at=ctx.now)
    remove(ctx, asset)
    assert find(ctx, "") == []


def test_a_plate_answers_every_wish_with_itself() -> None:
    made = LibraryPicture("海面", b"x").make(Wish("", "", 10, 10))
    assert (made.data, made.model) == (b"x", "海面")


def test_a_name_is_no_path(ctx: Context) -> None:
    made = add(ctx, "../../etc/passwd", coded(picture("#d7000f")))
    assert made["name"] == "../../etc/passwd"
    written = [one.relative_to(ctx.home) for one in ctx.home.rglob("*") if one.is_file()]
    assert any(made["file"] in str(one) for one in written)
    assert not any("passwd" in str(one) for one in written)


def test_what_is_refused_is_in_the_audit_chain(ctx: Context) -> None:
    told: list[AuditEntry] = []
    watching = dataclasses.replace(ctx, audit=told.append)
    with pytest.raises(UsageError, match="library"):
        call(watching, "asset.add", {"name": "x", "data": coded(b"<svg><script>1</script></svg>")})
    assert [(one.skill, one.outcome) for one in told] == [("asset.add", "library.alive")]


def test_what_runs_out_while_it_is_used_is_told_in_time(ctx: Context) -> None:
    day = ctx.today + dt.timedelta(days=10)
    made = add(ctx, "海面", coded(picture("#0b2a5b")), expires=day.isoformat())
    assert using.running_out(ctx) == []
    store.use(ctx.db, ctx.institution_id, Use("cmp_1", "home_banner", made["id"]), actor="designer", at=ctx.now)
    (found,) = using.running_out(ctx)
    assert (found[0].name, found[1]) == ("海面", ("cmp_1",))
