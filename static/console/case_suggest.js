"use strict";
/* What the text of a case suggests, fetched after its page: the page never waits for it. Without this file a link leads
   to the same on a page of its own. */

const panel = document.querySelector("[data-case-suggestions]");
if (panel) fetchSuggestions();

async function fetchSuggestions() {
  try {
    const answer = await fetch(panel.dataset.caseSuggestions, { redirect: "manual" });
    if (!answer.ok) return;
    const place = panel.querySelector("[data-place]");
    place.innerHTML = await answer.text();  // our own page's part: the server has escaped what people wrote
    const nothing = place.querySelector("[data-suggest-none]");
    if (nothing) panel.hidden = true;
  } catch {
    // out of reach: the link stays
  }
}
