"use strict";
/* The operator's screen by keyboard: lists while typing, keys for everything, a draft that outlives the browser.
   The page works without this file. */

const form = document.getElementById("record-form");
const DRAFT = "langnghe:call:" + (form || document.querySelector("[data-draft]")).dataset.draft;
const KEPT_FOR = 12 * 3600 * 1000;  // a shift: a caller's number does not stay longer on a shared computer

function readDraft() {
  try {
    const draft = JSON.parse(localStorage.getItem(DRAFT));
    if (draft && Date.now() - draft.at < KEPT_FOR) return draft;
    localStorage.removeItem(DRAFT);
  } catch {
    // a browser that keeps nothing still records calls
  }
  return null;
}

function dropDraft() {
  try {
    localStorage.removeItem(DRAFT);
  } catch {
    // nothing is kept there
  }
}

const saved = document.querySelector("[data-saved-key]");
if (saved) {
  if (readDraft()?.values.key === saved.dataset.savedKey) dropDraft();
  document.querySelector("[data-action=next]").focus();
}
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
  const said = document.getElementById("id_facility_said");
  const code = form.querySelector("input[type=hidden][name=facility]");
  const note = form.querySelector("[data-picked]");
  const usualNote = note.textContent;
  function showPicked(name) {
    note.textContent = name ? "✓ " + note.dataset.pickedWords + " " + name : usualNote;
    note.classList.toggle("is-picked", Boolean(name));
  }
  combobox(said, {
    label: said.labels[0].textContent,
    words: form.dataset,
    picksFirst: true,
    async offers(text) {
      const answer = await fetch(form.dataset.facilities + "?q=" + encodeURIComponent(text.slice(0, 100)));
      const { facilities } = await answer.json();
      return facilities.map((one) => ({ ...one, small: [one.known_as, one.place].filter(Boolean).join(" · ") }));
    },
    picked(offer) {
      said.value = offer.name;
      if (code) code.value = offer.code;
      showPicked(offer.name + (offer.place ? ", " + offer.place : ""));
      changed();
      next(said);
    },
    typed() {
      if (code) code.value = "";
      showPicked("");
    },
  });

  /* --- secrecy: as the channel says --- */
  let isSecretByHand = false;
  confidential.addEventListener("change", () => (isSecretByHand = true));
  function presetSecrecy() {
    const isSecret = Boolean(channel.selectedOptions[0]?.dataset.confidential);
    if (!isSecretByHand || isSecret) confidential.checked = isSecret;
  }
  channel.addEventListener("change", presetSecrecy);

  /* --- the draft --- */
  const plain = (element) => element.name && !["csrfmiddlewaretoken", "find", "outcome"].includes(element.name);
  let timer = 0;
  function keep() {
    const values = {};
    for (const element of [...form.elements].filter(plain)) {
      if (element.type === "radio" && !element.checked) continue;
      values[element.name] = element.type === "checkbox" ? element.checked : element.value;
    }
    try {
      if (values.body || values.phone || values.facility_said || values.name) {
        localStorage.setItem(DRAFT, JSON.stringify({ at: Date.now(), values }));
      }
    } catch {
      // the browser keeps nothing: the form itself still does
    }
  }
  function changed() {
    clearTimeout(timer);
    timer = setTimeout(keep, 250);
  }
  function restore(draft) {
    for (const [name, value] of Object.entries(draft.values)) {
      for (const element of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (element.type === "radio") element.checked = element.value === value;
        else if (element.type === "checkbox") element.checked = value;
        else element.value = value;
      }
    }
    isChosenByHand = Boolean(draft.values.urgency);
    const notice = document.getElementById("draft-notice");
    const clock = new Intl.DateTimeFormat("vi", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
    notice.querySelector("[data-draft-time]").textContent = clock.format(draft.at);
    notice.hidden = false;
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  addEventListener("pagehide", () => timer && keep());
  form.querySelector("[data-action=drop-draft]").addEventListener("click", () => {
    clearTimeout(timer);
    timer = 0;
    dropDraft();
    location.assign(form.action);
  });
  const draft = "keep" in form.dataset ? null : readDraft();
  if (draft) restore(draft);
  else if (!("keep" in form.dataset)) presetSecrecy();
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
  form.addEventListener("submit", (event) => {
    if (Date.now() - sentAt < 15000) return event.preventDefault();
    sentAt = Date.now();
    keep();
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
