// Comfort only: every page works without it. Forms marked data-live are sent as soon as something changes,
// and a page can be walked through by keyboard: j next, k previous, / search.

const article = () => document.querySelector("article");

/** Load an address of the extension into the page, as Fava does on a click, and keep the place. */
async function show(url) {
  const partial = new URL(url);
  partial.searchParams.set("partial", "true");
  const response = await fetch(partial);
  if (!response.ok) {
    window.location.assign(url);
    return;
  }
  const focused = document.activeElement?.id;
  const top = article().scrollTop;
  article().innerHTML = await response.text();
  window.history.pushState(null, "", url);
  article().scrollTop = top;
  if (focused) {
    document.getElementById(focused)?.focus();
  }
}

/** The address that a form of method GET would go to, without its empty fields: of the old query nothing stays. */
function addressOf(form) {
  const url = new URL(form.action, window.location.href);
  url.search = "";
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value !== "") {
      url.searchParams.append(name, value);
    }
  }
  return url.href;
}

function onChange(event) {
  const form = event.target.closest?.("form[data-live]");
  if (form) {
    show(addressOf(form)).catch(console.error);
  }
}

function onSubmit(event) {
  const form = event.target;
  if (form.matches("form[data-live]")) {
    event.preventDefault();
    show(addressOf(form)).catch(console.error);
  }
}

function onKey(event) {
  const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
  if (typing || event.ctrlKey || event.altKey || event.metaKey) {
    return;
  }
  const wanted = { j: "[data-following]", k: "[data-previous]", "/": "[data-search]" }[event.key];
  const target = wanted && article()?.querySelector(`.audit ${wanted}`);
  if (target) {
    event.preventDefault();
    if (event.key === "/") {
      target.focus();
    } else {
      target.click();
    }
  }
}

export default {
  init() {
    document.addEventListener("change", onChange);
    document.addEventListener("submit", onSubmit);
    document.addEventListener("keydown", onKey);
  },
};
