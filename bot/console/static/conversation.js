// The page of a conversation: what was open stays open when the thread is read anew, and a message that comes while somebody
// writes is told to her. Without this file everything still works; the server asks before it sends.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const text = byId("text"), seen = byId("seen-up-to"), typing = byId("typing"), news = byId("composer-news");
  const newest = () => Number(byId("thread-live")?.dataset.heard || 0);
  // What the server put there is a draft like any other: kept in this tab, and not to be left without a word.
  if (text && text.value !== "" && text.defaultValue !== "") {
    const written = text.value;
    text.defaultValue = "";
    text.value = written;
    window.puente?.keep();
  }
  // They have done their work; htmx would have them done again.
  document.querySelectorAll("[data-sent]").forEach((each) => each.remove());
  let empty = !text || text.value === "", pause;

  text?.addEventListener("input", () => {
    // Who begins to write has read what stands there.
    if (empty && text.value !== "") { seen.value = newest(); news.hidden = true; }
    empty = text.value === "";
    typing.value = "1";
    clearTimeout(pause);
    pause = setTimeout(() => { typing.value = ""; }, 10000);
  });

  // What was kept in this tab, or brought along, is counted too, once htmx listens.
  if (!empty) document.addEventListener("DOMContentLoaded", () => text.dispatchEvent(new Event("recount")));

  let open = [];
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "thread-live") return;
    open = [...event.detail.target.querySelectorAll("details[open]")].map((each) => each.id);
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "thread-live") return;
    for (const id of open) byId(id)?.setAttribute("open", "");
    if (text && text.value !== "" && newest() > Number(seen.value)) {
      news.textContent = news.dataset.words;
      news.hidden = false;
    }
  });
})();
