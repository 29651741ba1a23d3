"""Pictures for the fake bank: plain gradients with a title, drawn once; enough to see frames and proportions."""

import functools

import skia

_MOODS = {"festive": (0xFFD7000F, 0xFFFF8A3D), "calm": (0xFF1B4FBF, 0xFF6FB1FF), "premium": (0xFF3A2414, 0xFFB98A4A)}


@functools.cache
def draw(width: int, height: int, mood: str, title: str, sub: str) -> bytes:
    """A JPEG of a mood with two lines of text."""
    surface = skia.Surface(width, height)
    first, second = _MOODS[mood]
    with surface as canvas:
        shader = skia.GradientShader.MakeLinear([(0, 0), (width, height)], [first, second])
        canvas.drawRect(skia.Rect(width, height), skia.Paint(Shader=shader))
        glow = skia.Paint(Color=0x33FFFFFF, AntiAlias=True)
        side = min(width, height)
        canvas.drawCircle(width * 0.78, height * 0.55, side * 0.34, glow)
        canvas.drawCircle(width * 0.78, height * 0.55, side * 0.24, glow)
        face = skia.Typeface("Noto Sans CJK SC", skia.FontStyle.Bold())
        tall = height > width
        size = side * (0.1 if tall else 0.19)
        ink = skia.Paint(Color=0xFFFFFFFF, AntiAlias=True)
        x, y = width * 0.07, height * (0.22 if tall else 0.46)
        canvas.drawString(title, x, y, skia.Font(face, size), ink)
        canvas.drawString(sub, x, y + size * 1.1, skia.Font(face, size * 0.45), ink)
    return bytes(surface.makeImageSnapshot().encodeToData(skia.kJPEG, 82))
