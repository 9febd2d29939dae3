// Recording with the microphone of this device, where its browser writes Opus in Ogg or WebM. Without this file a file is chosen.
"use strict";
(() => {
  const box = document.getElementById("recorder"), field = document.getElementById("file");
  const kinds = [["audio/ogg;codecs=opus", "ogg"], ["audio/webm;codecs=opus", "webm"]];
  const kind = window.MediaRecorder && navigator.mediaDevices && kinds.find(([name]) => MediaRecorder.isTypeSupported(name));
  if (!box || !field) return;
  // app.js shows what needs a script: here it also needs a microphone that writes what is taken.
  if (!kind) { box.remove(); return; }
  const button = document.getElementById("record"), said = document.getElementById("recorded"), hear = document.getElementById("hear");
  const most = Number(box.dataset.most);
  let recorder = null, begun = 0, timer = null;
  const seconds = () => Math.round((Date.now() - begun) / 1000);
  const tell = (words, n) => { said.textContent = words.replace("SECONDS", String(n)); };

  function stop() { if (recorder && recorder.state !== "inactive") recorder.stop(); }

  function finished(parts, stream) {
    const lasted = seconds();
    clearInterval(timer);
    stream.getTracks().forEach((track) => track.stop());
    button.setAttribute("aria-pressed", "false");
    const file = new File(parts, `recording.${kind[1]}`, { type: kind[0].split(";")[0] });
    const chosen = new DataTransfer();
    chosen.items.add(file);
    field.files = chosen.files;
    if (hear.src) URL.revokeObjectURL(hear.src);
    hear.src = URL.createObjectURL(file);
    hear.hidden = false;
    recorder = null;
    tell(box.dataset.ready, lasted);
  }

  async function start() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true, echoCancellation: true } });
    } catch (none) { said.textContent = box.dataset.refused; return; }
    const parts = [];
    recorder = new MediaRecorder(stream, { mimeType: kind[0], audioBitsPerSecond: 32000 });
    recorder.ondataavailable = (event) => { if (event.data.size) parts.push(event.data); };
    recorder.onstop = () => finished(parts, stream);
    recorder.start();
    begun = Date.now();
    button.setAttribute("aria-pressed", "true");
    tell(box.dataset.recording, 0);
    // Said aloud once: a screen reader must not talk into the recording.
    said.removeAttribute("role");
    timer = setInterval(() => { tell(box.dataset.recording, seconds()); if (seconds() >= most - 1) stop(); }, 500);
    recorder.addEventListener("stop", () => said.setAttribute("role", "status"));
  }

  button.addEventListener("click", () => { if (recorder) stop(); else start(); });
})();
