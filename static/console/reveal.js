// Takes the contact data off the screen when its time is over, and out of the browser's memory when one leaves.
// Without this file the page still leaves by itself (meta refresh); it just does not count down.
"use strict";
const shown = document.querySelector("[data-revealed]");
if (shown) {
  const left = shown.querySelector("[data-left]");
  const end = performance.now() + Number(shown.dataset.seconds) * 1000;
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds) return;
    shown.replaceChildren();
    location.replace(shown.dataset.leave);
  };
  tick();
  setInterval(tick, 1000);
  window.addEventListener("pagehide", () => shown.replaceChildren());
}
