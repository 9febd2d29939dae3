// Niceties of the inbox: keys, and a list that says when it is old. Without this file every link and button works as well.
(() => {
  "use strict";
  const list = document.getElementById("inbox-list");
  if (!list) return;

  const typing = (element) => element.matches("input, select, textarea, [contenteditable]");
  const names = () => [...list.querySelectorAll(".row-open")];
  const row = () => document.activeElement.closest(".row");

  function move(step) {
    const all = names();
    if (!all.length) return;
    const here = all.findIndex((link) => link.closest(".row") === row());
    const next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), all.length - 1);
    all[next].focus();
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "t" && row()) {
      const take = row().querySelector(".take");
      if (take) take.click();
    } else if (event.key === "?") {
      const help = document.getElementById("inbox-keys");
      help.open = true;
      help.querySelector("summary").focus();
    } else {
      return;
    }
    event.preventDefault();
  }

  // The old list stays, greyed, with the time since when it is old.
  const trouble = document.getElementById("inbox-trouble");
  function stale(event) {
    if (event.detail.elt !== list || (event.detail.xhr && event.detail.xhr.status === 401)) return;
    if (list.classList.contains("stale")) return;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    trouble.textContent = trouble.dataset.words.replace("{time}", time);
    trouble.hidden = false;
    list.classList.add("stale");
  }
  function fresh(event) {
    if (event.detail.elt !== list || !event.detail.successful) return;
    trouble.hidden = true;
    list.classList.remove("stale");
  }

  if (list.dataset.keys === "on") document.addEventListener("keydown", keys);
  document.body.addEventListener("htmx:responseError", stale);
  document.body.addEventListener("htmx:sendError", stale);
  document.body.addEventListener("htmx:timeout", stale);
  document.body.addEventListener("htmx:afterRequest", fresh);
})();
