window.lh = (function () {
  "use strict";
  var waits = new WeakMap();
  function cookie(name, value) { document.cookie = name + "=" + value + ";path=/;max-age=31536000;samesite=lax"; }
  function fields(from) {
    var form = from.closest("[data-form]"), told = {};
    if (!form) return told;
    form.querySelectorAll("[name]").forEach(function (field) {
      if (field.type === "checkbox") {
        if (field.dataset.many) { told[field.name] = told[field.name] || []; if (field.checked) told[field.name].push(field.value); }
        else told[field.name] = field.checked;
      } else if (field.type === "radio") { if (field.checked) told[field.name] = field.value; }
      else told[field.name] = field.value;
    });
    return told;
  }
  function send(from, more) {
    var args = Object.assign({}, JSON.parse(from.dataset.args || "{}"), more || {});
    emitEvent("lh", { act: from.dataset.act, args: args, form: fields(from), path: location.pathname });
  }
  function pieces(from, file, text) {
    // The socket takes a megabyte at once: a larger file goes in pieces, and its button shows how far it is.
    var step = 600000, of = Math.ceil(text.length / step), token = Math.random().toString(36).slice(2), label = from.closest("label");
    if (of < 2) { send(from, { name: file.name, size: file.size, value: text }); return; }
    (function next(piece) {
      send(from, { name: file.name, size: file.size, value: text.slice(piece * step, (piece + 1) * step), piece: piece, of: of, token: token });
      if (label) { if (piece + 1 < of) label.dataset.far = Math.round(100 * (piece + 1) / of) + "%"; else delete label.dataset.far; }
      if (piece + 1 < of) setTimeout(function () { next(piece + 1); }, 0);
    })(0);
  }
  function press(button) {
    if (button.disabled || button.getAttribute("aria-busy") === "true") return;
    if (button.tagName === "BUTTON") button.setAttribute("aria-busy", "true");
    send(button);
    if (button.dataset.clear) { var box = document.querySelector(button.dataset.clear); if (box) { box.value = ""; grow(box); } }
  }
  function idle() { document.querySelectorAll("[aria-busy=true]").forEach(function (b) { b.removeAttribute("aria-busy"); }); }
  function grow(box) { if (box.dataset.grow) { box.style.height = "auto"; box.style.height = Math.min(box.scrollHeight, 220) + "px"; } }
  function dialog() { return document.getElementById("dialog"); }
  var opener = null;
  function open() { var d = dialog(), from = document.activeElement; if (d && !d.open) { opener = from && from.dataset && from.dataset.act ? { act: from.dataset.act, args: from.dataset.args || "" } : null; d.showModal(); } setTimeout(function () { var f = d && d.querySelector("[autofocus],textarea,input:not([type=hidden])"); if (f) { f.focus(); if (f.select) f.select(); } }, 30); }
  function close() { var d = dialog(); if (d && d.open) d.close(); }
  function back(times) {
    // What opened the dialog may be drawn anew by what the dialog did: the focus goes to it again.
    if (!opener || !times || document.querySelector("dialog[open]")) return;
    if (document.activeElement === document.body || !document.activeElement) {
      var again = Array.prototype.find.call(document.querySelectorAll("[data-act]"), function (one) { return one.dataset.act === opener.act && (one.dataset.args || "") === opener.args && one.checkVisibility(); });
      if (!again && times === 1) { again = document.getElementById("main"); again.tabIndex = -1; }
      if (again) again.focus({ preventScroll: true });
    }
    setTimeout(function () { back(times - 1); }, 150);
  }
  document.addEventListener("close", function (event) { if (event.target.id === "dialog") back(20); }, true);
  var held = null;
  function alike(one) { return Array.prototype.filter.call(document.querySelectorAll("[data-act]"), function (other) { return other.dataset.act === one && other.checkVisibility(); }); }
  document.addEventListener("focusin", function (event) {
    var t = event.target;
    held = t.dataset && t.dataset.act && !t.matches("input,textarea") ? { at: t, act: t.dataset.act, args: t.dataset.args || "", n: alike(t.dataset.act).indexOf(t), left: 0 } : null;
  });
  document.addEventListener("focusout", function () { if (held) held.left = performance.now(); });
  function hold() {
    // A control that was drawn anew while it had the focus has it still; one that is gone hands it to its neighbour.
    var lost = held && !held.at.isConnected && document.activeElement === document.body && (!held.left || performance.now() - held.left < 80);
    if (!lost || document.querySelector("dialog[open]")) return;
    var those = alike(held.act), same = those.filter(function (one) { return (one.dataset.args || "") === held.args; })[0];
    var next = same || those[Math.min(held.n, those.length - 1)];
    held.left = 0; if (next) next.focus({ preventScroll: true });
  }
  document.addEventListener("DOMContentLoaded", function () { new MutationObserver(hold).observe(document.body, { childList: true, subtree: true }); });
  function toast(text, kind) {
    var rack = document.getElementById("toasts"); if (!rack) return;
    var note = document.createElement("div");
    note.className = "toast " + (kind || "ok"); note.setAttribute("role", kind === "bad" ? "alert" : "status");
    note.textContent = text; rack.appendChild(note);
    // Shown anew, the rack stands above a dialog that was opened after it.
    if (rack.showPopover) { if (rack.matches(":popover-open")) rack.hidePopover(); rack.showPopover(); }
    setTimeout(function () { note.classList.add("out"); setTimeout(function () { note.remove(); }, 200); }, kind === "bad" ? 9000 : 4000);
    note.addEventListener("click", function () { note.remove(); });
  }
  document.addEventListener("click", function (event) {
    var target = event.target.closest && event.target.closest("[data-act],[data-set],[data-switch],[data-close],[data-toggle],[data-fill],[data-copy]");
    if (!target) { if (event.target.id === "dialog" || event.target.id === "palette") event.target.close(); return; }
    if (target.dataset.close !== undefined) { target.closest("dialog").close(); return; }
    if (target.dataset.copy !== undefined) { navigator.clipboard && navigator.clipboard.writeText(target.dataset.copy); toast(target.dataset.done || "✓"); return; }
    if (target.dataset.switch) { var who = document.querySelector("#switch-user [value=" + target.dataset.switch + "]"); if (who) who.click(); return; }
    if (target.dataset.set) { var parts = target.dataset.set.split("="); cookie(parts[0], parts[1]); location.reload(); return; }
    if (target.dataset.toggle) {
      var box = document.querySelector(target.dataset.toggle);
      if (box) { var on = box.classList.toggle("on"); target.setAttribute("aria-expanded", String(on)); }
      if (!target.dataset.act) return;
    }
    if (target.dataset.fill !== undefined) {
      var input = document.querySelector("[data-speak]");
      if (input) { input.value = target.dataset.fill; grow(input); input.focus(); }
      return;
    }
    if (target.matches("input,select,textarea")) return;
    event.preventDefault();
    press(target);
    if (target.dataset.closeAfter !== undefined) close();
  });
  document.addEventListener("submit", function (event) { var here = event.target.querySelector("[data-here]"); if (here) here.value = location.pathname + location.search; });
  document.addEventListener("change", function (event) {
    var f = event.target; if (!f.dataset || f.dataset.file === undefined || !f.files || !f.files[0]) return;
    event.stopImmediatePropagation();
    var file = f.files[0], reader = new FileReader();
    if (file.size > Number(f.dataset.file)) { send(f, { name: file.name, size: file.size, value: "" }); return; }
    reader.onload = function () { pieces(f, file, String(reader.result).split(",")[1] || ""); f.value = ""; };
    reader.readAsDataURL(file);
  });
  document.addEventListener("change", function (event) { var t = event.target.closest && event.target.closest("input[data-act],select[data-act]"); if (t && !t.dataset.debounce) send(t, { value: t.type === "checkbox" ? t.checked : t.value }); });
  document.addEventListener("input", function (event) {
    var t = event.target; if (!t.dataset) return; grow(t);
    if (t.id === "palette-input") { filter(t.value); return; }
    if (t.dataset.wipe) { var top = document.querySelector(t.dataset.wipe); if (top) top.style.setProperty("--wipe", t.value + "%"); return; }
    if (t.dataset.filter) { narrow(t); return; }
    if (t.dataset.out) { var out = document.querySelector(t.dataset.out); if (out && t.dataset.stops) out.value = JSON.parse(t.dataset.stops)[Number(t.value)]; else if (out) out.textContent = Number(t.step) < 1 ? Number(t.value).toFixed(2) : t.value; }
    if (t.dataset.slider) slide(t);
    if (!t.dataset.debounce) return;
    clearTimeout(waits.get(t));
    waits.set(t, setTimeout(function () { send(t, t.dataset.stops ? { value: t.value, slid: true } : { value: t.value }); }, Number(t.dataset.debounce)));
  });
  document.addEventListener("keydown", function (event) {
    var t = event.target, typing = t.matches && t.matches("input,textarea,select,[contenteditable]");
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") { event.preventDefault(); palette(); return; }
    if (event.isComposing || event.keyCode === 229) return;
    if (typing) {
      if (event.key === "Enter" && !event.shiftKey && t.closest("[data-form]") && t.dataset.enter !== undefined) {
        event.preventDefault();
        var button = t.closest("[data-form]").querySelector("[data-default]"); if (button) button.click();
      }
      else if (event.key === "Enter" && !event.defaultPrevented && t.closest("#dialog") && (event.ctrlKey || event.metaKey || t.matches("input:not([type=checkbox],[type=radio],[type=file])"))) {
        // What is not to be undone wants its button: Enter takes the primary one only.
        var sure = t.closest("#dialog").querySelector(".dialog-foot .btn.primary:not(:disabled)"); if (sure) { event.preventDefault(); sure.click(); }
      }
      if (t.id === "palette-input") move(event);
      if (event.key === "Escape" && !t.closest("dialog")) t.blur();
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === "/") { var box = document.querySelector("[data-speak]"); event.preventDefault(); if (box) box.focus(); else palette(); }
    else if (hot(event.key)) event.preventDefault();
    else if (event.key === "?") { var help = document.getElementById("keys"); if (help && !help.open) help.showModal(); }
    else if (event.key === "j" || event.key === "k") {
      var items = Array.prototype.slice.call(document.querySelectorAll("[data-item]"));
      if (!items.length) return;
      var at = items.indexOf(document.activeElement), next = event.key === "j" ? Math.min(at + 1, items.length - 1) : Math.max(at - 1, 0);
      items[next].focus(); items[next].scrollIntoView({ block: "nearest" });
    }
  });
  function slide(box) {
    var bar = document.querySelector(box.dataset.slider); if (!bar) return;
    var stops = JSON.parse(bar.dataset.stops), at = stops.findIndex(function (stop) { return stop >= Number(box.value); });
    bar.value = at < 0 ? stops.length - 1 : at;
  }
  function narrow(box) {
    var want = box.value.trim().toLowerCase();
    document.querySelectorAll(box.dataset.filter).forEach(function (one) { one.hidden = want && one.dataset.find.toLowerCase().indexOf(want) < 0; });
    document.querySelectorAll(".field-group,.skill-group").forEach(function (group) { group.hidden = !group.querySelector("[data-find]:not([hidden])"); });
    var none = document.querySelector(".filter-none"); if (none) none.hidden = !!document.querySelector(box.dataset.filter + ":not([hidden])");
  }
  function hot(key) {
    var open = document.querySelector("dialog[open]"), found = null;
    (open || document).querySelectorAll("[data-key]").forEach(function (b) { if (!found && b.dataset.key === key && b.offsetParent) found = b; });
    if (!found) return false;
    if (found.matches("input,textarea,select")) found.focus(); else found.click();
    return true;
  }
  function palette() {
    var box = document.getElementById("palette"); if (!box) return;
    if (box.open) { box.close(); return; }
    box.showModal(); var input = document.getElementById("palette-input"); input.value = ""; filter(""); input.focus();
  }
  function options() { return Array.prototype.slice.call(document.querySelectorAll("#palette .option")).filter(function (o) { return !o.hidden; }); }
  function filter(text) {
    var want = text.trim().toLowerCase(), first = true;
    document.querySelectorAll("#palette .option").forEach(function (option) {
      var free = option.dataset.free !== undefined;
      option.hidden = free ? !want : want && option.dataset.find.toLowerCase().indexOf(want) < 0;
      if (free) { option.dataset.args = JSON.stringify({ text: text.trim() }); option.querySelector(".said").textContent = "“" + text.trim() + "”"; }
      option.classList.toggle("at", !option.hidden && first); if (!option.hidden) first = false;
    });
  }
  function move(event) {
    var shown = options(), at = shown.findIndex(function (o) { return o.classList.contains("at"); });
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault(); if (!shown.length) return;
      var next = (at + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length;
      shown.forEach(function (o, n) { o.classList.toggle("at", n === next); }); shown[next].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault(); document.getElementById("palette").close();
      if (shown[at].dataset.act) send(shown[at]); else location.href = shown[at].getAttribute("href");
    }
  }
  window.addEventListener("message", function (event) {
    if (!event.data || event.data.kind !== "linghang.claim") return;
    document.querySelectorAll("iframe[data-page]").forEach(function (frame) {
      if (frame.contentWindow !== event.source) return;
      emitEvent("lh", { act: "page.claim", args: Object.assign({}, JSON.parse(frame.dataset.args || "{}"), { benefit: String(event.data.benefit || "") }), form: {} });
    });
  });
  function claimed(key, text) {
    document.querySelectorAll("iframe[data-page]").forEach(function (frame) {
      if (frame.dataset.page === key) frame.contentWindow.postMessage({ kind: "linghang.claimed", text: text }, "*");
    });
  }
  document.addEventListener("pointerdown", function (event) {
    // What stands in a place that is drawn anew every second acts when it is pressed: its click would find another node.
    var now = event.button === 0 && event.target.closest && event.target.closest("button[data-now]");
    if (now && !now.disabled) { now.disabled = true; send(now); }
  });
  document.addEventListener("DOMContentLoaded", function () {
    // The frame's own words are in one language for all; these are the reader's.
    document.querySelectorAll(".nicegui-error-popup > span").forEach(function (one, at) { one.textContent = window.lhLost[at]; });
    // A room with more tabs than a phone is wide begins where one stands.
    new MutationObserver(function (_, seen) { var on = document.querySelector(".tabs .tab.on"); if (on) { seen.disconnect(); setTimeout(function () { var now = document.querySelector(".tabs .tab.on"); if (now) now.scrollIntoView({ block: "nearest", inline: "center" }); }, 200); } }).observe(document.body, { childList: true, subtree: true });
  });
  function badge(href, count) {
    document.querySelectorAll('nav a[href="' + href + '"]').forEach(function (link) {
      var mark = link.querySelector(".badge"); if (!mark && !count) return;
      if (!mark) { mark = document.createElement("span"); mark.className = "badge"; link.appendChild(mark); }
      mark.textContent = count; mark.hidden = !count;
    });
  }
  function titles(selector, words) { document.querySelectorAll(selector).forEach(function (one, at) { one.title = words[at] || ""; }); }
  function say(selector, text) { var box = document.querySelector(selector); if (box && box.value !== text) { box.value = text; grow(box); } }
  function fill(selector, html) { var box = document.querySelector(selector); if (box) box.innerHTML = html; }
  function bottom(selector) { var box = document.querySelector(selector); if (box) box.scrollTop = box.scrollHeight; }
  return { badge: badge, idle: idle, open: open, close: close, toast: toast, palette: palette, claimed: claimed, bottom: bottom, cookie: cookie, titles: titles, say: say, fill: fill };
})();
