"use strict";
/* The case list by keyboard, the counts of saved filters, and numbers that must not stand in an address.
   The page works without this file. */
(() => {
  const rows = [...document.querySelectorAll("#result_list tbody tr[data-case]")];
  const help = document.querySelector("[data-keys]");
  const search = document.querySelector("#searchbar");
  const byNumber = document.querySelector("[data-by-number]");
  const AT = "langnghe:list-row";  // where one was: a number of a row, nothing of a case
  let at = -1;

  function go(to, isQuiet) {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows.forEach((row, number) => row.toggleAttribute("data-at", number === at));
    const link = rows[at].querySelector("a");
    link.focus({ preventScroll: true });
    if (!isQuiet) rows[at].scrollIntoView({ block: "nearest" });
    sessionStorage.setItem(AT, String(at));
  }
  rows.forEach((row, number) => row.addEventListener("focusin", () => {
    at = number;
    rows.forEach((one) => one.toggleAttribute("data-at", one === row));
  }));

  function say(words) {
    const said = document.querySelector("[data-keys-said]");
    if (!said) return;
    said.textContent = "";
    said.textContent = words;
    rows[at]?.setAttribute("title", words);
  }
  const offers = (row, step) => (row.dataset.keyed || "").split(" ").includes(step);

  /* Claim: the list's own action, for this row alone and as it was shown. */
  function claim(row) {
    const token = document.querySelector("#changelist-form input[name=csrfmiddlewaretoken]");
    const form = document.createElement("form");
    form.method = "post";
    const values = { csrfmiddlewaretoken: token.value, action: "take_selected", index: "0", _selected_action: row.dataset.case };
    values["version-" + row.dataset.case] = row.dataset.version;
    for (const [name, value] of Object.entries(values)) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    sessionStorage.setItem(AT, at + "!");
    form.submit();
  }
  function step(row, name) {
    location.assign(help.dataset.list + row.dataset.case + "/buoc/" + name + "/");
  }
  const steps = { c: "triaged", a: "assigned", f: "forwarded" };

  const isTyping = (target) => target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const key = event.key;
    if (key === "j" || key === "k") go(at < 0 ? 0 : at + (key === "j" ? 1 : -1));
    else if (key === "?" && help) help.showModal();
    else if (key === "/" && search) search.select();
    else if (key === "n" || key === "p") document.querySelector(key === "n" ? "a[rel=next]" : "a[rel=prev]")?.click();
    else if (at >= 0 && key === "x") rows[at].querySelector(".action-select")?.click();
    else if (at >= 0 && key in steps && help) {
      if (!offers(rows[at], steps[key])) say(document.querySelector("[data-keys-said]").dataset.cannot);
      else if (key === "c") claim(rows[at]);
      else step(rows[at], steps[key]);
    } else return;
    event.preventDefault();
  });
  const open = document.querySelector("[data-keys-open]");
  if (open && help) {
    open.hidden = false;
    open.addEventListener("click", () => help.showModal());
  }
  const before = sessionStorage.getItem(AT) || "";
  if (before.endsWith("!")) go(parseInt(before, 10), true);  // back from a claim: the next case stands here now

  /* A telephone number in the search box goes where addresses are not logged. */
  search?.form.addEventListener("submit", (event) => {
    const text = search.value.trim();
    if (!byNumber || !/^\+?[\d\s.()-]{8,}$/.test(text) || text.replace(/\D/g, "").length < 8) return;
    event.preventDefault();
    byNumber.elements.phone.value = text;
    byNumber.requestSubmit();
  });

  const saved = document.querySelector("[data-saved]");
  if (saved?.querySelector("[data-filter]")) {
    fetch(saved.dataset.saved, { redirect: "manual" }).then((answer) => answer.ok && answer.json()).then((told) => {
      for (const [id, count] of Object.entries((told && told.counts) || {})) {
        const place = saved.querySelector(`[data-filter="${id}"] [data-count]`);
        if (!place) continue;
        place.textContent = count;
        place.hidden = false;
      }
    }).catch(() => {});
  }
})();
