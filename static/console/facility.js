"use strict";
/* The box in which a facility is named by any part of any name; what is picked goes along as its code.
   The page works without this file. */

function facilityBox(form, { changed = () => {}, next = () => {} } = {}) {
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
  return { said, code, showPicked };
}
