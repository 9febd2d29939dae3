// Keys of the inbox: arrows go from row to row, t takes the one that is looked at, ? shows them. Polling is app.js and htmx.
(function () {
  "use strict";
  // On a phone the people come first; without this the filters simply stand open.
  var find = document.querySelector(".inbox-find:not([data-used])");
  if (find && matchMedia("(max-width: 48rem)").matches) { find.open = false; }

  var list = document.getElementById("inbox-list"), help = document.getElementById("inbox-keys");
  if (!list) { return; }

  // Whatever comes above or between, the row that she looks at stays under her eyes and her finger.
  var kept = null;
  function seen() {
    var all = Array.prototype.slice.call(list.querySelectorAll(".entry"));
    var focused = document.activeElement.closest(".entry");
    return all.indexOf(focused) >= 0 ? focused : all.find(function (each) { return each.getBoundingClientRect().bottom > 0; });
  }
  document.body.addEventListener("htmx:beforeSwap", function (event) {
    var first = event.detail.target === list ? seen() : null;
    kept = first ? { id: first.id, top: first.getBoundingClientRect().top } : null;
  });
  document.body.addEventListener("htmx:afterSettle", function () {
    var there = kept && document.getElementById(kept.id);
    if (there) { window.scrollBy(0, there.getBoundingClientRect().top - kept.top); }
    kept = null;
  });

  function row() { return document.activeElement.closest(".entry"); }

  function move(step) {
    var rows = Array.prototype.slice.call(list.querySelectorAll(".entry"));
    if (!rows.length) { return; }
    var here = rows.indexOf(row());
    var next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1);
    rows[next].querySelector(".row-open").focus();
  }

  function take() {
    var button = row().querySelector(".take");
    if (button) { button.click(); }
  }

  if (!help) { return; }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) { return; }
    if (event.target.closest("input, textarea, select, [contenteditable]")) { return; }
    if (event.key === "ArrowDown") { move(1); }
    else if (event.key === "ArrowUp") { move(-1); }
    // Only of the row that has the focus: a key pressed by mistake takes nobody.
    else if (event.key === "t" && row()) { take(); }
    else if (event.key === "?") { help.open = true; help.querySelector("summary").focus(); }
    else { return; }
    event.preventDefault();
  });
})();
