// Small helps on the console's forms; everything works without them.
"use strict";
// The content policy allows neither: styles stand in files, and no answer brings code.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
document.addEventListener("submit", (event) => {
  // A second press must not send the form twice.
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.closest(".ln-page") || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
document.addEventListener("DOMContentLoaded", () => {
  // From `load` on the theme looks for a text field of its own beside each file field, and fails over ours.
  document.querySelectorAll(".ln-page input[type=file]").forEach((input) => { input.hasChangeListener = true; });
});
window.addEventListener("pageshow", () => {
  // Back from the next page: the form may be sent again.
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
document.addEventListener("keydown", (event) => {
  // Ctrl+Enter sends the form one is writing in.
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const field = event.target;
  if (field instanceof HTMLTextAreaElement && field.form) field.form.requestSubmit();
});
/* A chooser's box is built by the theme's select2, at some moment after the page was read or a row was added, and takes
   its name from what is chosen alone: while nothing is, it has none. The words of the field's label go before that. */
function nameTheBox(select) {
  const box = select.nextElementSibling?.querySelector("[role=combobox]");
  const label = select.labels?.[0];
  if (!box || box.dataset.named) return;
  const chosen = box.getAttribute("aria-labelledby");
  box.dataset.named = "1";
  const words = box.querySelector("[role=textbox][aria-readonly]");
  ["role", "aria-readonly"].forEach((name) => words?.removeAttribute(name));  // words of the box, not a field in it
  if (label) {
    label.id ||= `${select.id}_label`;
    box.setAttribute("aria-labelledby", `${label.id} ${chosen || ""}`.trim());
  } else if (select.getAttribute("aria-label")) {
    box.setAttribute("aria-label", select.getAttribute("aria-label"));
    box.removeAttribute("aria-labelledby");
  }
}
document.addEventListener("DOMContentLoaded", () => {
  const nameAll = () => document.querySelectorAll("select.select2-hidden-accessible").forEach(nameTheBox);
  nameAll();
  new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
});
