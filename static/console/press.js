"use strict";
/* The form for what was raised in public: facilities offered while typing. The page works without this file. */

const pressForm = document.getElementById("press-form");
if (pressForm?.dataset.facilities) {
  for (const element of pressForm.querySelectorAll("[data-without-js]")) element.hidden = true;
  const { said, code, showPicked } = facilityBox(pressForm);
  if (code?.value) showPicked(said.value);
}
