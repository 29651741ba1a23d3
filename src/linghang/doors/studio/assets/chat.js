/* The conversation's sheet: open over pages and reloads, at the newest unless the reader scrolled away, words kept. */
lh.chat = (function () {
  "use strict";
  var KEY = "lh_talk", away = false, placed = 0, opened = false, from = null;
  function sheet() { return document.getElementById("chat"); }
  function box() { return document.getElementById("chat-box"); }
  function thread() { return document.getElementById("chat-thread"); }
  function narrow() { return window.innerWidth <= 760; }
  function kept() { try { return JSON.parse(sessionStorage.getItem(KEY) || "null") || { conversation: localStorage.getItem(KEY) || "" }; } catch (e) { return {}; } }
  function keep(more) {
    var all = Object.assign(kept(), more);
    try { sessionStorage.setItem(KEY, JSON.stringify(all)); if (more.conversation !== undefined) localStorage.setItem(KEY, more.conversation); } catch (e) { /* a browser without storage forgets */ }
  }
  function show() {
    var s = sheet(); if (!s || s.open) return;
    from = document.activeElement;
    if (narrow()) s.showModal(); else s.show();
    /* A dialog takes the focus when it is shown: who goes on to another page keeps it where it was. */
    if (from && from !== document.body && from.focus) from.focus(); else if (document.activeElement) document.activeElement.blur();
    document.documentElement.dataset.chat = "1";
    keep({ open: true });
    if (!opened && box() && !box().value && kept().draft) { box().value = kept().draft; box().dispatchEvent(new Event("input", { bubbles: true })); }
    opened = true;
    newest();
  }
  function open() { show(); emitEvent("lh", { act: "talk.open", args: { conversation: kept().conversation || "" }, form: {}, path: location.pathname }); focus(); }
  function close() { var s = sheet(); if (s && s.open) s.close(); }
  function toggle() { var s = sheet(); if (!s) return; if (s.open) close(); else open(); }
  function fromPalette() { var p = document.getElementById("palette"); if (p && p.open) p.close(); open(); }
  function focus() { setTimeout(function () { if (box()) box().focus(); }, 30); }
  /* The last question and its answer: whole if they fit, else from the question on, so that nothing is read backwards. */
  function newest() {
    var t = thread(); if (!t) return;
    var said = t.querySelectorAll(".turn.me"), last = said[said.length - 1], end = t.scrollHeight - t.clientHeight;
    var top = last ? last.offsetTop - 16 : end;
    placed = Math.max(0, Math.min(end, top)); t.scrollTop = placed; away = false; flag();
  }
  function flag() {
    var t = thread(), more = document.getElementById("chat-latest"); if (!t || !more) return;
    more.hidden = !(away && t.scrollHeight - t.clientHeight - t.scrollTop > 80);
  }
  function tell(text) { var told = document.getElementById("chat-told"); if (told) { told.textContent = ""; setTimeout(function () { told.textContent = text; }, 60); } }
  function ready() { newest(); }
  function watch() {
    var t = thread(), s = sheet(); if (!t || !s || t.dataset.watched) return !!(t && t.dataset.watched);
    t.dataset.watched = "1";
    t.addEventListener("scroll", function () {
      var end = t.scrollHeight - t.clientHeight;
      if (Math.abs(t.scrollTop - Math.min(placed, end)) > 24) away = end - t.scrollTop > 24;
      flag();
    });
    new MutationObserver(function () { if (!away) newest(); else flag(); }).observe(t, { childList: true, subtree: true, characterData: true });
    t.addEventListener("load", function () { if (!away) newest(); }, true);
    s.addEventListener("close", function () {
      delete document.documentElement.dataset.chat; keep({ open: false });
      if (window.emitEvent) emitEvent("lh", { act: "talk.closed", args: {}, form: {}, path: location.pathname });
      if (from && from.isConnected && from.focus) from.focus();
    });
    document.getElementById("chat-latest").addEventListener("click", newest);
    if (kept().open && !narrow()) { show(); emitEvent("lh", { act: "talk.open", args: { conversation: kept().conversation || "" }, form: {}, path: location.pathname }); }
    return true;
  }
  document.addEventListener("input", function (event) { if (event.target.id === "chat-box") keep({ draft: event.target.value }); });
  document.addEventListener("click", function (event) { if (event.target.closest && event.target.closest("#chat .send")) keep({ draft: "" }); });
  document.addEventListener("keydown", function (event) {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "j") { event.preventDefault(); toggle(); return; }
    var s = sheet();
    if (event.key === "Escape" && !event.isComposing && s && s.open && s.contains(event.target) && !document.querySelector("dialog[open]:modal")) close();
  });
  var tries = setInterval(function () { if (window.emitEvent && window.socket && window.socket.connected && watch()) clearInterval(tries); }, 60);
  return { show: show, open: open, toggle: toggle, fromPalette: fromPalette, focus: focus, newest: newest, tell: tell, ready: ready, keep: keep };
})();
