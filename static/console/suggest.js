"use strict";
/* What the text of a call suggests, beside the form: asked for when typing pauses, taken over only by a press.
   The form works without this file, and nothing is asked for a call that is to be kept secret. */

const box = document.querySelector("[data-suggest]");
const call = document.getElementById("record-form");
if (box && call) offerSuggestions();

function offerSuggestions() {
  const PAUSE = 900;
  const { body, facility, is_confidential: secret, category } = call.elements;
  const list = box.querySelector("[data-suggest-lines]");
  const twins = box.querySelector("[data-suggest-twins]");
  const seal = box.querySelector("[data-suggest-seal]");
  const twinsTitle = box.querySelector("[data-suggest-twins-title]");
  let waiting = 0;
  let asked = "";

  function line(one) {
    const item = document.createElement("li");
    item.dataset.field = one.field;
    const take = document.createElement(one.value ? "button" : "strong");
    take.textContent = one.label;
    if (one.value) {
      take.type = "button";
      take.className = "rec-link";
      take.addEventListener("click", () => takeOver(one));
    }
    const why = document.createElement("small");
    why.textContent = one.why;
    item.append(take, " ", why);
    return item;
  }

  function takeOver(one) {
    if (one.field === "urgency") {
      const radio = call.querySelector(`input[name=urgency][value=${one.value}]`);
      if (radio) radio.click();
    } else if (one.field === "category") {
      category.value = one.value;
      const typed = document.getElementById("id_category_query");
      if (typed) typed.value = category.selectedOptions[0]?.textContent ?? "";
      category.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (one.field === "facility") {
      const said = call.elements.facility_said;
      said.value = one.label;
      said.dispatchEvent(new Event("input", { bubbles: true }));
      if (facility) facility.value = one.value;
    }
  }

  function twin(one) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const told = document.createElement("small");
    link.href = one.address;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = one.reference;
    told.textContent = one.told;
    item.append(link, " ", told);
    return item;
  }

  function show(answer) {
    list.replaceChildren(...answer.lines.map(line));
    twins.replaceChildren(...answer.twins.map(twin));
    twinsTitle.hidden = !answer.twins.length;
    seal.value = answer.seal || "";  // what was shown, for the record of how good suggestions are
    box.hidden = !answer.lines.length && !answer.twins.length;
  }

  async function ask() {
    const text = secret.checked ? "" : body.value.trim();
    if (text === asked) return;
    asked = text;
    if (!text) return show({ lines: [], twins: [] });
    try {
      const form = new URLSearchParams({
        body: text.slice(0, 8000),
        facility: facility?.value ?? "",
        csrfmiddlewaretoken: call.elements.csrfmiddlewaretoken.value,
      });
      const told = await fetch(box.dataset.suggest, { method: "POST", body: form, redirect: "manual" });
      if (told.ok && text === asked) show(await told.json());
    } catch {
      asked = "";  // out of reach: the next pause asks again
    }
  }

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  }
  body.addEventListener("input", later);
  secret.addEventListener("change", later);
  if (body.value) later();
}
