// The list of cases that comes back with the browser's "back" says what it lists, not what was typed on it last.
"use strict";
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[method=get]")) form.reset();
});
