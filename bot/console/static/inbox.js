// Keys of the inbox: arrows go from row to row, t takes the one that is looked at, ? shows them. Polling is app.js and htmx.
(function () {
  "use strict";
  // On a phone the people come first; without this the filters simply stand open.
  var find = document.querySelector(".inbox-find:not([data-used])");
  if (find && matchMedia("(max-width: 48rem)").matches) { find.open = false; }

  var list = document.getElementById("inbox-list"), help = document.getElementById("inbox-keys");
  if (!list || !help) { return; }

  function row() { return document.activeElement.closest(".row"); }

  function move(step) {
    var rows = Array.prototype.slice.call(list.querySelectorAll(".row"));
    if (!rows.length) { return; }
    var here = rows.indexOf(row());
    var next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1);
    rows[next].querySelector(".row-open").focus();
  }

  function take() {
    var button = row().querySelector(".take");
    if (button) { button.click(); }
  }

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
