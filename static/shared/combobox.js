"use strict";
/* A text field with a list of offers below it, after the ARIA combobox pattern. Without this file it is a plain field.

   combobox(input, {offers(text) -> offers or a promise of them, picked(offer), typed(text), picksFirst, words})
   With picksFirst, Enter takes the first offer when none was pointed at.
   An offer is {name, small, …}. Offers of an older question that come late are dropped. */

function foldVietnamese(text) {
  return text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
}

function combobox(input, options) {
  const list = document.createElement("ul");
  const status = document.createElement("span");
  let shown = [];
  let active = -1;
  let question = 0;
  let timer = 0;

  list.className = "offers";
  list.id = input.id + "_offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", options.label || "");
  status.className = "unseen";
  status.setAttribute("role", "status");
  input.after(list, status);
  const fixed = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false", autocomplete: "off" };
  for (const [name, value] of Object.entries(fixed)) input.setAttribute(name, value);

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function point(number) {
    active = number;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === number)));
    if (number < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[number].id);
    list.children[number].scrollIntoView({ block: "nearest" });
  }

  function pick(number) {
    const offer = shown[number];
    close();
    question += 1;
    options.picked(offer);
  }

  function show(offers) {
    shown = offers;
    list.replaceChildren(
      ...offers.map((offer, number) => {
        const item = document.createElement("li");
        item.id = list.id + "_" + number;
        item.setAttribute("role", "option");
        item.classList.toggle("is-default", Boolean(options.picksFirst) && number === 0);
        item.append(offer.name);
        if (offer.small) {
          const small = document.createElement("small");
          small.append(offer.small);
          item.append(small);
        }
        item.addEventListener("pointerdown", (event) => event.preventDefault());
        item.addEventListener("click", () => pick(number));
        return item;
      })
    );
    list.hidden = !offers.length;
    input.setAttribute("aria-expanded", String(Boolean(offers.length)));
    status.textContent = offers.length ? offers.length + " " + (options.words?.found || "") : options.words?.none || "";
    point(-1);
  }

  async function ask(text) {
    const mine = (question += 1);
    let offers = [];
    try {
      offers = await options.offers(text);
    } catch {
      offers = [];  // without the network the typed words are enough
    }
    if (mine === question && document.activeElement === input) show(offers);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    options.typed?.(input.value);
    if (input.value.trim().length < (options.shortest ?? 2)) {
      question += 1;
      return close();
    }
    timer = setTimeout(() => ask(input.value), options.delay ?? 150);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const isOpen = !list.hidden;
    const choice = active < 0 && options.picksFirst ? 0 : active;
    if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return ask(input.value);
      if (active < 0) return point(event.key === "ArrowDown" ? 0 : shown.length - 1);
      const step = event.key === "ArrowDown" ? 1 : -1;
      point((active + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && isOpen && choice >= 0 && !event.ctrlKey) {
      event.preventDefault();
      event.stopImmediatePropagation();
      pick(choice);
    } else if (event.key === "Tab" && isOpen && choice >= 0 && options.picksOnTab) {
      pick(choice);
    }
  });
}
