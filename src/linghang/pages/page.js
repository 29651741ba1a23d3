(function () {
  var only = new URLSearchParams(location.hash.slice(1)).get("benefit");
  var tickets = Array.prototype.slice.call(document.querySelectorAll("[data-benefit]"));
  if (only && tickets.some(function (t) { return t.dataset.benefit === only; })) {
    tickets.forEach(function (t) { t.hidden = t.dataset.benefit !== only; });
    var note = document.querySelector(".benefits .note");
    if (note) note.hidden = true;
  }
  var links = Array.prototype.slice.call(document.querySelectorAll("[data-claim]"));
  links.forEach(function (link) {
    link.addEventListener("click", function (event) {
      if (link.getAttribute("aria-disabled") === "true") { event.preventDefault(); return; }
      if (window.parent === window) return;
      event.preventDefault();
      var shown = tickets.filter(function (t) { return !t.hidden; })[0];
      var benefit = link.dataset.claim || (shown ? shown.dataset.benefit : "");
      window.parent.postMessage({ kind: "linghang.claim", benefit: benefit }, "*");
    });
  });
  window.addEventListener("message", function (event) {
    if (event.source !== window.parent || !event.data || event.data.kind !== "linghang.claimed") return;
    links.forEach(function (link) {
      link.setAttribute("aria-disabled", "true");
      if (typeof event.data.text === "string") link.textContent = event.data.text;
    });
  });
})();
