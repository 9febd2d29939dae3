// Keys of the translation desk: Ctrl+Enter saves and goes on, Alt with the arrows goes to the next text or the one before.
// They press the buttons and links that stand on the page; without this file those are pressed by hand.
"use strict";
(() => {
  if (document.body.dataset.shortcuts === "off") return;
  const press = (id, event) => {
    const part = document.getElementById(id);
    if (!part) return;
    event.preventDefault();
    part.click();
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.shiftKey) return;
    const control = (event.ctrlKey || event.metaKey) && !event.altKey, alt = event.altKey && !event.ctrlKey && !event.metaKey;
    if (control && event.key === "Enter") press("save", event);
    if (alt && event.key === "ArrowDown") press("next", event);
    if (alt && event.key === "ArrowUp") press("before", event);
  });
})();
