// Light or dark, as it was last chosen in the console, before the page is painted.
"use strict";
(() => {
  let chosen = "auto";
  try {
    chosen = JSON.parse(localStorage.getItem("adminTheme") ?? '"auto"');
  } catch {
    // nothing kept that can be read: as the system has it
  }
  const isDark = chosen === "dark" || (chosen === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", isDark);
})();
