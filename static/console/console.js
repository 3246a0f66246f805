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
