// Warns two minutes before a session ends because nothing happens, and goes on with it at the press of a button.
// Asking how long it still lasts is no activity. Without this file the session just ends.
"use strict";
(() => {
  const STATE = "/console/phien/con-lai/";
  const WARNING = 120; // seconds
  const FIRST = 60; // a page that was left before needs no answer
  let timer = 0;
  let dialog = null;
  let end = 0;
  let seen = false; // a session that lasts, so not the sign-in page

  const later = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(), seconds * 1000);
  };
  const secondsLeft = () => Math.max(0, Math.ceil((end - Date.now()) / 1000));
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  async function ask(stay = "") {
    let state;
    try {
      const how = stay ? { method: "POST", headers: { "X-CSRFToken": stay } } : {};
      const answer = await fetch(STATE, { ...how, cache: "no-store", credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      state = await answer.json();
    } catch {
      later(15); // the network, or the server, may come back
      return;
    }
    end = Date.now() + state.seconds * 1000;
    if (!state.seconds) {
      if (seen) location.assign(location.href); // leads to the sign-in page and back
      return;
    }
    seen = true;
    if (state.seconds > WARNING) {
      dialog?.remove();
      dialog = null;
      later(state.seconds - WARNING);
      return;
    }
    show(state);
    later(Math.min(15, state.seconds + 1)); // somebody may go on in another window
  }

  function show(state) {
    if (dialog) return;
    const part = (name, look, text) => Object.assign(document.createElement(name), { className: look, textContent: text });
    dialog = part("dialog", "ln-idle ln-page", "");
    const left = part("p", "ln-idle-left", "");
    const deeds = part("div", "ln-row", "");
    const stay = part("button", "ln-btn", state.stay);
    stay.type = "button";
    stay.dataset.tone = "primary";
    stay.addEventListener("click", () => ask(state.token));
    deeds.append(stay);
    dialog.append(part("h2", "", state.title), part("p", "", state.text), left, deeds);
    dialog.setAttribute("aria-label", state.title);
    dialog.addEventListener("cancel", (event) => event.preventDefault()); // Escape decides nothing
    document.body.append(dialog);
    dialog.showModal();
    stay.focus();
    const mine = dialog;
    const tick = () => {
      left.textContent = clock(secondsLeft());
      if (mine.isConnected && secondsLeft()) setTimeout(tick, 1000);
    };
    tick();
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && seen) ask(); // timers stand still while a computer sleeps
  });
  later(FIRST);
})();
