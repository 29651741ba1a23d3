// What a visitor sees of a page: words with place, size and contrast, and what lies over it.
(() => {
  const colour = (said) => {
    const found = said.match(/[\d.]+/g);
    return found ? found.slice(0, 3).map(Number).concat(found.length > 3 ? Number(found[3]) : 1) : [0, 0, 0, 0];
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = (top, below) => top.slice(0, 3).map((v, n) => v * top[3] + below[n] * (1 - top[3]));
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      const told = colour(style.backgroundColor);
      if (told[3] === 1) return told.slice(0, 3);
      if (told[3] > 0) {
        const below = at.parentElement ? ground(at.parentElement) : [255, 255, 255];
        return below && over(told, below);
      }
    }
    return [255, 255, 255];
  };
  const seen = (element) => {
    const style = getComputedStyle(element);
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && style.fontSize !== "0px";
  };
  const blocks = new Map();
  const block = (element) => {
    let at = element;
    while (at.parentElement && getComputedStyle(at).display.startsWith("inline")) at = at.parentElement;
    if (!blocks.has(at)) blocks.set(at, blocks.size);
    return blocks.get(at);
  };
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = node.data.replace(/\s+/g, " ").trim();
    const element = node.parentElement;
    if (!text || !element || ["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE"].includes(element.tagName) || !seen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width < 1 || box.height < 1) continue;
    const style = getComputedStyle(element);
    const below = ground(element);
    let contrast = null;
    if (below) {
      const [one, other] = [light(over(colour(style.color), below)), light(below)].sort((a, b) => b - a);
      contrast = Math.round(((one + 0.05) / (other + 0.05)) * 100) / 100;
    }
    texts.push({ text, box: [box.x + scrollX, box.y + scrollY, box.width, box.height], px: parseFloat(style.fontSize), contrast, block: block(element) });
  }
  for (const image of document.images) {
    const box = image.getBoundingClientRect();
    if (image.alt && seen(image) && box.width > 1) texts.push({ text: image.alt, box: [box.x + scrollX, box.y + scrollY, box.width, box.height], px: 0, contrast: null, block: block(image) });
  }
  const closes = /^(?:[×✕✖xX]|关闭|跳过|取消|知道了|我知道了|暂不|以后再说|close|skip|not now|dismiss|no thanks)(?:\b|$|[\s\d])/i;
  const popups = [];
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    const named = element.tagName === "DIALOG" || ["dialog", "alertdialog"].includes(element.getAttribute("role"));
    const box = element.getBoundingClientRect();
    const wide = style.position === "fixed" && box.width * box.height >= 0.25 * innerWidth * innerHeight;
    if (!(named || wide) || !seen(element) || box.width < 1 || popups.some((p) => p.element.contains(element))) continue;
    const found = [...element.querySelectorAll("button, a, [role=button], [aria-label], [onclick]")].find(
      (one) => seen(one) && closes.test((one.getAttribute("aria-label") || one.textContent || "").trim()));
    const at = found && found.getBoundingClientRect();
    popups.push({ element, box: [box.x, box.y, box.width, box.height], close: at ? [at.x, at.y, at.width, at.height] : null });
  }
  return { texts, popups: popups.map(({ box, close }) => ({ box, close })) };
})()
