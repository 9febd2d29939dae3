// The little that pages do by themselves. Everything works without it; nothing here is needed to answer a family.
(function () {
  "use strict";
  var POLL = 5000, SLOWEST = 60000;
  var body = document.body, banner = document.getElementById("banner"), status = document.getElementById("status");
  var waits = POLL, ended = false, timer = null, last = Date.now();

  // --- polling: a `poll` event on the body, only while somebody can see the page ---
  function poll() {
    timer = null;
    if (document.hidden || ended) { return; }
    last = Date.now();
    body.dispatchEvent(new CustomEvent("poll"));
    plan();
  }
  function plan() { if (!timer && !ended) { timer = setTimeout(poll, waits); } }
  document.addEventListener("visibilitychange", function () {
    clearTimeout(timer);
    timer = null;
    if (!document.hidden && !ended) { if (Date.now() - last > 1000) { poll(); } else { plan(); } }
  });
  function isPoll(event) {
    var trigger = event.detail && event.detail.requestConfig ? event.detail.requestConfig.triggeringEvent : event.detail.triggeringEvent;
    return !!trigger && trigger.type === "poll";
  }
  body.addEventListener("htmx:configRequest", function (event) {
    // The server does not take a poll for an act of hers.
    if (isPoll(event)) { event.detail.headers["X-Poll"] = "1"; }
  });
  body.addEventListener("htmx:afterRequest", function (event) {
    var answer = event.detail.xhr, ours = isPoll(event);
    if (answer && answer.status === 401) { return sessionEnded(); }
    if (answer && answer.status > 0 && answer.status < 500) {
      var announced = answer.getResponseHeader("X-Announce");
      if (announced) { announce(decodeURIComponent(announced)); }
      if (ours) { recovered(); }
    } else if (ours) { trouble(); }
  });
  body.addEventListener("htmx:sendError", function (event) { if (isPoll(event)) { trouble(); } });

  function trouble() {
    waits = Math.min(waits * 2, SLOWEST);
    var now = new Date(), two = function (n) { return (n < 10 ? "0" : "") + n; };
    show(body.dataset.trouble.replace("TIME", two(now.getHours()) + ":" + two(now.getMinutes())));
    document.querySelectorAll("[data-polled]").forEach(function (part) { part.classList.add("stale"); });
  }
  function recovered() {
    if (waits === POLL || ended) { return; }
    waits = POLL;
    banner.textContent = "";
    document.querySelectorAll("[data-polled]").forEach(function (part) { part.classList.remove("stale"); });
  }
  function sessionEnded() {
    ended = true;
    clearTimeout(timer);
    keepAll();
    show(body.dataset.expired + " ");
    var link = document.createElement("a");
    link.href = body.dataset.login + "?next=" + encodeURIComponent(location.pathname + location.search);
    link.textContent = body.dataset.logIn;
    leaving = true;
    banner.appendChild(link);
  }
  function show(text) { if (banner.firstChild === null || banner.firstChild.nodeValue !== text) { banner.textContent = text; } }

  // --- announcing: one permanent region, a short sentence, never a list ---
  function announce(text) {
    var said = document.createElement("p");
    said.className = "unseen";
    said.textContent = text;
    said.dataset.at = Date.now();
    // Two at once are both said.
    status.querySelectorAll(".unseen").forEach(function (old) { if (Date.now() - old.dataset.at > 1000) { old.remove(); } });
    status.appendChild(said);
  }
  function announceWithin(root) {
    if (root.dataset && root.dataset.announce) { announce(root.dataset.announce); }
    root.querySelectorAll("[data-announce]").forEach(function (part) {
      announce(part.dataset.announce);
      part.removeAttribute("data-announce");
    });
  }
  // How many urgent ones wait: said when they become more, and not again on each page that she opens.
  function alarmWithin(root) {
    var line = root.matches && root.matches("[data-alarm]") ? root : root.querySelector("[data-alarm]");
    if (!line) { return; }
    var told = 0, name = "alarm:" + body.dataset.person, waiting = Number(line.dataset.alarm);
    try { told = Number(sessionStorage.getItem(name) || 0); sessionStorage.setItem(name, waiting); } catch (none) { /* Then on each page. */ }
    if (waiting > told) { announce(line.querySelector("strong").lastChild.textContent.trim()); }
  }
  body.addEventListener("htmx:load", function (event) { announceWithin(event.target); alarmWithin(event.target); });

  // --- what was typed is kept in this tab until it was sent, under the page and the person ---
  var leaving = false;
  function fields() {
    return Array.prototype.filter.call(document.querySelectorAll("textarea:not([readonly]), form[data-draft] input"), function (field) {
      return field.form && field.form.method === "post" && !("noDraft" in field.form.dataset);
    });
  }
  function nameOf(field) {
    var form = field.form, path = form.getAttribute("action") || location.pathname;
    return "draft:" + body.dataset.person + ":" + (field.dataset.draft || form.dataset.draft || path) + ":" + field.name;
  }
  function keep(field) {
    try {
      if (field.value === field.defaultValue) { sessionStorage.removeItem(nameOf(field)); }
      else { sessionStorage.setItem(nameOf(field), field.value); }
    } catch (full) { /* No storage: the warning on leaving remains. */ }
  }
  function keepAll() { fields().forEach(keep); }
  function restore() {
    var any = false;
    fields().forEach(function (field) {
      var kept = null;
      try { kept = sessionStorage.getItem(nameOf(field)); } catch (none) { return; }
      if (kept !== null && field.value === field.defaultValue && kept !== field.value) {
        field.value = kept;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        any = true;
      }
    });
    if (any) { announce(body.dataset.restored); }
  }
  document.addEventListener("input", function (event) { if (event.target.form && event.target.matches("textarea, form[data-draft] input")) { keep(event.target); } });
  document.addEventListener("submit", function (event) {
    if (event.target.matches(".languages") || event.submitter && event.submitter.closest(".languages")) { keepAll(); leaving = true; return; }
    leaving = true;
    // Kept until the answer is there: the session may have ended. The page that comes after a success says what was sent.
    setTimeout(function () { leaving = false; }, 5000);
    if (event.submitter && event.target.method === "post" && !event.defaultPrevented) { busy(event.submitter); }
  });
  // Some acts run every saved conversation first. Whoever sees nothing happen presses again, or goes away.
  function busy(button) {
    setTimeout(function () {
      if (document.querySelector("[data-busy-line]")) { return; }
      var line = document.createElement("p");
      line.className = "hint";
      line.dataset.busyLine = "";
      line.textContent = body.dataset.busy;
      // Enter presses a button that nobody sees.
      if (button.matches(".unseen")) { button.form.appendChild(line); } else { button.insertAdjacentElement("afterend", line); }
      announce(body.dataset.busy);
    }, 1000);
  }
  window.addEventListener("pageshow", function () { document.querySelectorAll("[data-busy-line]").forEach(function (line) { line.remove(); }); });
  // The server names the drafts that arrived: <div data-sent="name of the form">.
  function forget(root) {
    root.querySelectorAll("[data-sent]").forEach(function (part) {
      var start = "draft:" + body.dataset.person + ":" + part.dataset.sent + ":";
      try {
        Object.keys(sessionStorage).forEach(function (key) { if (key.indexOf(start) === 0) { sessionStorage.removeItem(key); } });
      } catch (none) { /* Nothing is kept where there is no storage. */ }
      document.querySelectorAll("form").forEach(function (form) {
        if ((form.dataset.draft || form.getAttribute("action")) === part.dataset.sent) { form.reset(); }
      });
    });
  }
  body.addEventListener("htmx:load", function (event) { forget(event.target.parentNode || event.target); });
  window.addEventListener("beforeunload", function (event) {
    var unsent = Array.prototype.some.call(fields(), function (field) { return field.value !== field.defaultValue && field.value.trim(); });
    if (unsent && !leaving) { event.preventDefault(); event.returnValue = ""; }
  });

  // --- keys: pages name theirs with data-key; she can turn them off in her account ---
  document.addEventListener("keydown", function (event) {
    if (body.dataset.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) { return; }
    if (event.target.closest("input, textarea, select, [contenteditable]")) { return; }
    var near = event.target.closest("[data-keys]") || document;
    var wanted = Array.prototype.find.call(near.querySelectorAll("[data-key]"), function (part) { return part.dataset.key === event.key; });
    if (wanted) { event.preventDefault(); wanted.click(); }
  });

  // --- small things on pages that have them ---
  document.querySelectorAll("[data-script]").forEach(function (part) { part.hidden = false; });
  document.querySelectorAll("[data-shows]").forEach(function (box) {
    box.addEventListener("change", function () { document.getElementById(box.dataset.shows).type = box.checked ? "text" : "password"; });
  });
  document.querySelectorAll("[data-print]").forEach(function (button) { button.addEventListener("click", function () { window.print(); }); });
  document.querySelectorAll("[data-copies]").forEach(function (button) {
    button.addEventListener("click", function () {
      var source = document.getElementById(button.dataset.copies);
      source.select();
      if (navigator.clipboard) { navigator.clipboard.writeText(source.value).then(function () { announce(button.dataset.copied); }); }
    });
  });
  var summary = document.getElementById("summary");
  if (summary) { summary.focus(); }
  // What the switch of the language brought along is typed and not saved, whatever the page says it began with.
  document.querySelectorAll("[data-typed]").forEach(function (field) {
    var typed = field.value;
    field.defaultValue = field.dataset.typed;
    field.value = typed;
    if (fields().indexOf(field) >= 0) { keep(field); }
  });
  forget(document);
  restore();
  announceWithin(document);
  alarmWithin(document);
  plan();
  window.puente = { announce: announce, poll: poll, keep: keepAll };
})();
