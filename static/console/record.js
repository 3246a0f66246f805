"use strict";
/* The operator's screen by keyboard: lists while typing, keys for everything, a draft that the server keeps.
   The page works without this file. */

const form = document.getElementById("record-form");
const PAUSE = 1000;  // typing has stopped
const AGAIN = 5000;  // after the server could not be reached

try {
  // what earlier releases kept in the browser, callers' numbers included
  for (const name of Object.keys(localStorage)) if (name.startsWith("langnghe:call:")) localStorage.removeItem(name);
} catch {
  // a browser that keeps nothing
}
document.querySelector(".rec-done [data-action=next]")?.focus();
if (form) prepare();

function prepare() {
  const phone = document.getElementById("id_phone");
  const category = document.getElementById("id_category");
  const channel = document.getElementById("id_channel");
  const confidential = document.getElementById("id_is_confidential");
  for (const element of form.querySelectorAll("[data-without-js]")) element.hidden = true;

  /* --- category: typed, by name or code --- */
  const leaves = [...category.options].filter((option) => option.value).map((option) => ({
    name: option.textContent,
    small: option.parentElement.label + " · " + option.value,
    option,
    folded: foldVietnamese(option.textContent),
    words: foldVietnamese(option.dataset.words + " " + option.textContent),
  }));
  const typed = document.createElement("input");
  typed.type = "text";
  typed.id = "id_category_query";
  typed.placeholder = category.options[0].textContent;
  typed.setAttribute("aria-describedby", "id_category_helptext");
  const box = document.createElement("div");
  box.className = "rec-box";
  category.before(box);
  box.append(typed);
  category.hidden = true;
  form.querySelector("label[for=id_category]").htmlFor = typed.id;
  const showCategory = () => (typed.value = category.value ? category.selectedOptions[0].textContent : "");
  combobox(typed, {
    label: document.querySelector("label[for=id_category_query]").textContent,
    words: form.dataset,
    picksFirst: true,
    picksOnTab: true,
    shortest: 1,
    delay: 0,
    offers(text) {
      const asked = foldVietnamese(text).split(/[^a-z0-9]+/).filter(Boolean);
      const rank = (leaf) => (leaf.folded.startsWith(asked.join(" ")) ? 0 : leaf.folded.includes(asked.join(" ")) ? 1 : 2);
      const found = leaves.filter((leaf) => asked.every((word) => leaf.words.includes(word)));
      return found.sort((one, other) => rank(one) - rank(other)).slice(0, 12);
    },
    picked(leaf) {
      category.value = leaf.option.value;
      showCategory();
      presetUrgency(leaf.option.dataset.preset);
      changed();
      next(typed);
    },
    typed() {
      category.value = "";
    },
  });
  typed.addEventListener("blur", showCategory);

  /* --- urgency: as the category says, until the operator says otherwise --- */
  let isChosenByHand = Boolean(form.querySelector("[name=urgency]:checked")?.value);
  function presetUrgency(value) {
    if (!isChosenByHand) form.querySelector(`[name=urgency][value="${value}"]`).checked = true;
  }
  form.querySelector(".rec-urgency").addEventListener("change", () => (isChosenByHand = true));

  /* --- facility --- */
  const { said, code, showPicked } = facilityBox(form, { changed, next });

  /* --- who rang before: asked when the number is whole, and again when it changes --- */
  const known = form.querySelector("[data-known]");
  let asked = "";
  async function recognise() {
    const number = phone.value.replace(/\D/g, "");
    if (number === asked) return;
    asked = number;
    let answer = { words: "", cases: [] };
    if (number.length > 8) {
      try {
        const body = new URLSearchParams({ phone: phone.value, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
        const told = await fetch(known.dataset.address, { method: "POST", body, redirect: "manual" });
        if (told.ok) answer = await told.json();
      } catch {
        asked = "";  // out of reach: the next look asks again
      }
    }
    if (number !== phone.value.replace(/\D/g, "")) return;
    known.querySelector("[data-known-words]").textContent = answer.words;
    known.querySelector("ul").replaceChildren(...answer.cases.map((one) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const small = document.createElement("small");
      link.href = one.address;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = one.reference;
      small.textContent = one.told;
      item.append(link, " ", small);
      return item;
    }));
    known.hidden = !answer.words;
  }
  phone.addEventListener("input", () => phone.value.replace(/\D/g, "").length > 9 && recognise());
  phone.addEventListener("change", recognise);

  /* --- secrecy: as the channel says --- */
  let isSecretByHand = false;
  confidential.addEventListener("change", () => (isSecretByHand = true));
  function presetSecrecy() {
    const isSecret = Boolean(channel.selectedOptions[0]?.dataset.confidential);
    if (!isSecretByHand || isSecret) confidential.checked = isSecret;
  }
  channel.addEventListener("change", presetSecrecy);

  /* --- the draft: kept by the server, never by this browser --- */
  const isOurs = (element) => element.name && !["csrfmiddlewaretoken", "find", "outcome"].includes(element.name);
  const state = form.querySelector("[data-draft-state]");
  const lost = form.querySelector("[data-draft-lost]");
  let timer = 0;
  let sending = null;  // one at a time: the last words win
  function typedSoFar() {
    const values = {};
    for (const element of [...form.elements].filter(isOurs)) {
      if (element.type === "radio" && !element.checked) continue;
      values[element.name] = element.type === "checkbox" ? (element.checked ? "on" : "") : element.value;
    }
    const isWorthIt = values.body || values.phone || values.facility_said || values.name || values.address;
    return isWorthIt || !state.hidden ? JSON.stringify(values) : "";
  }
  function ask(method, more) {
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "Content-Type": "application/json" };
    return fetch(form.dataset.draft, { method, headers, redirect: "manual", ...more });
  }
  async function takeNewToken() {  // signing in again, in another window, made the page's own worthless
    const told = await (await fetch(form.dataset.session, { cache: "no-store" })).json();
    form.elements.csrfmiddlewaretoken.value = told.token;
  }
  function say(words) {
    if (lost.textContent === words) return;
    lost.textContent = words;
    lost.hidden = !words;
  }
  function tryLater(words) {
    say(words);
    timer = setTimeout(keep, AGAIN);
    return false;
  }
  /* Whether the server takes what we send; only then may the form leave the page. */
  async function send() {
    clearTimeout(timer);
    timer = 0;
    const body = typedSoFar();
    if (!body) return true;
    let answer;
    try {
      answer = await ask("PUT", { body });
      if (answer.status === 403) {
        await takeNewToken();
        answer = await ask("PUT", { body });
      }
    } catch {
      return tryLater(form.dataset.outOfReach);
    }
    if (answer.type === "opaqueredirect") return tryLater(form.dataset.signedOut);
    if (answer.status > 499) return tryLater(form.dataset.outOfReach);
    if (answer.ok) {
      const { saved_at: time } = await answer.json();
      state.querySelector("[data-draft-words]").textContent = form.dataset.kept.replace("{time}", time);
      state.hidden = false;
    }
    say(answer.ok ? "" : form.dataset.notKept);
    return true;
  }
  function keep() {
    sending = (sending || Promise.resolve()).then(send);
    return sending;
  }
  function changed() {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  addEventListener("pagehide", () => {
    const body = timer ? typedSoFar() : "";
    clearTimeout(timer);
    if (body) ask("PUT", { body, keepalive: true }).catch(() => {});
  });
  form.querySelector("[data-action=drop-draft]").addEventListener("click", async () => {
    clearTimeout(timer);
    timer = 0;
    await sending;
    try {
      await ask("DELETE");
    } catch {
      say(form.dataset.outOfReach);
      return;
    }
    location.assign(form.action);
  });
  if ("unsaved" in form.dataset) changed();
  if (!("filled" in form.dataset)) presetSecrecy();
  recognise();
  showCategory();
  if (code?.value) showPicked(said.value);

  /* --- keys --- */
  function next(element) {
    const isSeen = (one) => one.offsetParent && one.tabIndex >= 0;  // no hidden field, no fieldset
    const isStop = (one) => one === element || (isSeen(one) && (one.type !== "radio" || one.checked));
    const fields = [...form.elements].filter(isStop);
    fields[fields.indexOf(element) + 1]?.focus();
  }
  let sentAt = 0;
  let isReachable = false;
  form.addEventListener("submit", async (event) => {
    if (isReachable) {
      isReachable = false;
      return;
    }
    event.preventDefault();
    if (Date.now() - sentAt < 15000) return;
    sentAt = Date.now();
    // a form that is sent to a server that does not answer leaves a page of the browser in its place
    isReachable = await keep();
    if (isReachable) form.requestSubmit(event.submitter);
    else sentAt = 0;
  });
  addEventListener("pageshow", () => (sentAt = 0));
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.metaKey) return;  // a Vietnamese keyboard is still composing
    const quick = form.querySelector(`[data-key="${event.key}"]`);
    if (quick && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit(quick);
    } else if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-action=save]"));
    } else if (event.key === "Enter" && event.target.matches("#record-form :is(input, select)")) {
      event.preventDefault();
      next(event.target);
    }
  });
  const wrong = [...form.querySelectorAll("[aria-invalid]")].find((one) => one.offsetParent);
  (wrong || form.querySelector(".rec-summary") || phone).focus();
}
