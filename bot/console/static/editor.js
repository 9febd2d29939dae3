// The editor: asks whether the meaning changed as soon as a text differs, keeps what is typed as a personal draft and says so,
// and puts fields where the caret is. The live preview is htmx alone. Without this file the server asks when the form is sent.
"use strict";
(() => {
  const editor = document.querySelector(".editor");
  if (!editor) return;
  editor.classList.add("scripted");
  const PAUSE = 2000;
  const texts = () => [...editor.querySelectorAll("textarea[data-saved]")];
  const two = (n) => String(n).padStart(2, "0");
  const waiting = new Map();

  // What the server put back into a field is not saved: leaving warns, and the tab keeps it like anything else that is typed.
  for (const text of texts()) {
    if (text.value === text.dataset.saved) continue;
    const typed = text.value;
    text.defaultValue = text.dataset.saved;
    text.value = typed;
    asks(text);
  }
  window.puente?.keep();

  function asks(text) {
    const cell = text.closest(".cell"), meaning = cell.querySelector("[data-meaning]");
    const differs = text.value.trim() !== text.dataset.saved.trim();
    if (meaning && !meaning.dataset.asked) meaning.hidden = !differs;
  }

  function say(form, words, unsaved) {
    const saved = form.querySelector(".saved");
    if (saved.textContent !== words) saved.textContent = words;
    saved.classList.toggle("unsaved", unsaved);
  }

  editor.addEventListener("input", (event) => {
    const text = event.target;
    if (!text.matches("textarea[data-saved]")) return;
    asks(text);
    say(text.form, editor.dataset.unsaved, true);
    clearTimeout(waiting.get(text));
    waiting.set(text, setTimeout(() => keep(text), PAUSE));
  });

  async function keep(text) {
    waiting.delete(text);
    const form = text.form, body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    body.append("name", text.name);
    body.append("text", text.value);
    try {
      const answer = await fetch(editor.dataset.autosave, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const now = new Date();
      if (!waiting.has(text)) say(form, editor.dataset.saved.replace("TIME", two(now.getHours()) + ":" + two(now.getMinutes())), true);
    } catch {
      say(form, editor.dataset.notKept, true);
    }
  }

  // --- fields: put where the caret was, in the text that had it last ---
  let last = null;
  editor.addEventListener("focusin", (event) => { if (event.target.matches("textarea[data-saved]")) last = event.target; });
  editor.addEventListener("click", (event) => {
    const button = event.target.closest("[data-inserts]");
    if (!button) return;
    const step = button.closest(".step");
    const into = last && step.contains(last) && last.offsetParent ? last : [...step.querySelectorAll("textarea")].find((each) => each.offsetParent);
    if (!into) return;
    const field = document.getElementById(button.dataset.inserts).value;
    if (!field) return;
    into.focus();
    into.setRangeText(field, into.selectionStart, into.selectionEnd, "end");
    into.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Enter in the field that looks for one would press the button that saves.
  editor.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("[data-finds]")) event.preventDefault(); });

  // --- a number, an address or a name that was typed: its field in its place ---
  editor.addEventListener("click", (event) => {
    const button = event.target.closest("[data-replaces]");
    if (!button) return;
    const into = button.closest(".cell").querySelector("textarea"), { replaces, by } = button.dataset;
    // The bracket before an area code is part of the number.
    const typed = into.value.includes("(" + replaces) && replaces.includes(")") ? "(" + replaces : replaces;
    let at = into.value.indexOf(typed);
    // The 5 days of a fact are not those of 15 days before them.
    while (at > 0 && /^\d/.test(typed) && /\d/.test(into.value[at - 1])) at = into.value.indexOf(typed, at + 1);
    if (at < 0 || into.readOnly) return;
    into.focus();
    into.setRangeText(by, at, at + typed.length, "end");
    into.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // --- the phone: what was pressed holds also for what is asked for while somebody types on ---
  editor.addEventListener("click", (event) => {
    const button = event.target.closest("[name=press]"), look = button?.form.elements.look;
    if (look) look.value = button.value;
  }, true);

  // --- the language that she writes on a phone stays the same from page to page; the phone shows it too ---
  const tongues = [...editor.querySelectorAll("[name=tongue]")];
  try {
    const kept = sessionStorage.getItem("tongue");
    if (kept && !editor.querySelector(".summary")) for (const each of tongues) each.checked = each.value === kept;
  } catch { /* Nothing is kept where there is no storage. */ }
  for (const each of tongues) {
    each.addEventListener("change", () => {
      try { sessionStorage.setItem("tongue", each.value); } catch { /* As before. */ }
      const look = editor.querySelector(`.step[open] .look[lang="${each.value}"]`);
      if (look) look.click();
    });
  }

  // --- a link to a text opens its step and shows its language ---
  function reveal() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !editor.contains(target)) return;
    const step = target.closest(".step"), cell = target.closest(".cell");
    if (step) step.open = true;
    if (cell) for (const each of tongues) each.checked = each.value === cell.dataset.language;
    if (target.matches("textarea")) target.focus();
  }
  window.addEventListener("hashchange", reveal);
  reveal();

  // --- a step that is opened gets its phone ---
  for (const step of editor.querySelectorAll(".step")) {
    step.addEventListener("toggle", () => {
      const phone = step.querySelector(".phone"), ask = step.querySelector("[name=press]");
      if (step.open && phone && phone.childElementCount === 0 && ask) ask.click();
    });
  }
})();
