// The form of an entry: Monday's hours on other days without a way to the server, times and "closed" that fit together, letters
// that are left. Without this file everything still works.
"use strict";
(() => {
  const form = document.getElementById("entry");
  if (!form) return;
  const week = ["tu", "we", "th", "fr"];
  const field = (name) => form.elements[name];
  const changed = (each) => each.dispatchEvent(new Event("input", { bubbles: true }));

  form.querySelector("[data-copy-weekdays]")?.addEventListener("click", (event) => {
    event.preventDefault();
    for (const day of week) {
      for (const part of ["from", "to", "from2", "to2"]) {
        const [mine, hers] = [field(`${day}_${part}`), field(`mo_${part}`)];
        if (mine && hers) mine.value = hers.value;
      }
      field(`${day}_closed`).checked = field("mo_closed").checked;
    }
    changed(field("fr_closed"));
    window.puente?.announce(event.target.textContent);
  });

  // Who writes a time for a day that is closed means that it opens.
  form.addEventListener("input", (event) => {
    const day = event.target.dataset.day;
    if (!day) return;
    if (event.target.type === "text" && event.target.value !== "") field(`${day}_closed`).checked = false;
    if (event.target.type === "checkbox" && event.target.checked) {
      for (const part of ["from", "to", "from2", "to2"]) { if (field(`${day}_${part}`)) field(`${day}_${part}`).value = ""; }
    }
  });

  const counts = form.querySelectorAll("[data-counts]");
  for (const each of counts) {
    const text = document.getElementById(each.dataset.counts);
    text.addEventListener("input", () => {
      each.textContent = each.textContent.replace(/\d+/, String(text.value.length));
    });
  }
})();
