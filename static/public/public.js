"use strict";
/* What makes the citizen's pages quicker where scripts run. Every page works without it. */

for (const element of document.querySelectorAll("[data-with-js]")) element.hidden = false;
for (const element of document.querySelectorAll("[data-without-js]")) element.hidden = true;

/* A slow network invites a second press: the same form sent twice gives the same receipt, but one is enough. */
for (const form of document.querySelectorAll("form[data-once]")) {
  let sentAt = 0;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name) return;  // the language switch sends the form, but not for good
    if (Date.now() - sentAt < 20000) event.preventDefault();
    sentAt = Date.now();
  });
  addEventListener("pageshow", () => (sentAt = 0));
}

/* Facilities offered while typing. */
for (const box of document.querySelectorAll("[data-facilities]")) {
  const input = box.querySelector("input");
  const code = document.getElementById("id_facility");
  combobox(input, {
    label: input.labels[0]?.textContent.trim(),
    words: { found: box.dataset.found, none: box.dataset.none },
    async offers(text) {
      const answer = await fetch(box.dataset.facilities + "?q=" + encodeURIComponent(text.slice(0, 100)));
      const { facilities } = await answer.json();
      return facilities.map((one) => ({ ...one, small: [one.known_as, one.place].filter(Boolean).join(" · ") }));
    },
    picked(offer) {
      input.value = offer.name;
      if (code) code.value = offer.code;
    },
    typed() {
      if (code) code.value = "";
    },
  });
}

/* The chosen files by name and size, before they travel. */
for (const input of document.querySelectorAll("input[type=file]")) {
  const list = document.createElement("ul");
  list.className = "chosen";
  list.setAttribute("aria-live", "polite");
  input.after(list);
  input.addEventListener("change", () => {
    list.replaceChildren(
      ...[...input.files].map((file) => {
        const item = document.createElement("li");
        const megabytes = file.size / 1024 / 1024;
        item.textContent = file.name + " (" + megabytes.toFixed(1).replace(".", document.documentElement.lang === "vi" ? "," : ".") + " MB)";
        item.classList.toggle("is-too-large", megabytes > 10);
        return item;
      })
    );
  });
}

/* The receipt. */
document.querySelector("[data-copy]")?.addEventListener("click", async (event) => {
  const code = [...document.querySelectorAll("[data-code] span")].map((group) => group.textContent).join("-");
  try {
    await navigator.clipboard.writeText(code);
    event.target.textContent = event.target.dataset.copied;
  } catch {
    getSelection().selectAllChildren(document.querySelector("[data-code]"));
  }
});
document.querySelector("[data-print]")?.addEventListener("click", () => print());

/* The quick exit: without a way back to this page; three times Escape does the same. */
const exit = document.querySelector("[data-exit]");
if (exit) {
  const leave = () => {
    document.body.hidden = true;
    location.replace(exit.href);
  };
  let pressed = 0;
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener("keydown", (event) => {
    pressed = event.key === "Escape" ? pressed + 1 : 0;
    if (pressed === 3) leave();
  });
}
