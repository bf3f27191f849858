// Comfort only: every page works without it. Forms marked data-live are sent as soon as something changes,
// and a page can be walked through by keyboard: j next, k previous, / search.

const article = () => document.querySelector("article");

let asked = 0; // how many pages were asked for: of two on their way the later one is shown

/** Load an address of the extension into the page, as Fava does on a click, and keep the place. */
async function show(url) {
  asked += 1;
  const own = asked;
  const partial = new URL(url);
  partial.searchParams.set("partial", "true");
  const response = await fetch(partial);
  if (!response.ok) {
    window.location.assign(url);
    return;
  }
  const page = await response.text();
  if (own !== asked) {
    return;
  }
  const focused = document.activeElement?.id;
  const top = article().scrollTop;
  article().innerHTML = page;
  if (url !== window.location.href) {
    window.history.pushState(null, "", url);
  }
  article().scrollTop = top;
  recall();
  sinceLastVisit();
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

function send(form) {
  show(addressOf(form)).catch(console.error);
}

/** A date that is typed is whole only when the field is left: 2023 passes through the years 2, 20 and 202. */
const isTyped = (field) => field.type === "date" && field.dataset.typed === "yes";

/** A box that stands for all boxes of a name in its form; and how many are picked. */
function pick(box) {
  const form = box.form;
  if (box.dataset.all) {
    for (const one of form.querySelectorAll(`input[type=checkbox][name="${box.dataset.all}"]`)) {
      one.checked = box.checked;
    }
  }
  const told = form.querySelector("[data-picked]");
  if (told) {
    const count = form.querySelectorAll("input[type=checkbox][name=voucher]:checked").length;
    told.textContent = told.textContent.replace(/\d+/, count);
    told.hidden = count === 0;
  }
}

const kept = (field) => `grantledger.name.${field.dataset.remember}`;

/** The name that was typed last for this kind of act, on this machine. */
function remember(form) {
  const field = form.querySelector("input[data-remember]");
  if (field?.value) {
    window.localStorage.setItem(kept(field), field.value);
  }
}

function recall() {
  for (const field of document.querySelectorAll(".audit input[data-remember]")) {
    field.value ||= window.localStorage.getItem(kept(field)) ?? "";
  }
}

/** Mark what was done to the case since this machine looked at its overview last; a visit lasts as long as the window. */
function sinceLastVisit() {
  const section = document.querySelector("[data-visits]");
  const rows = [...(section?.querySelectorAll("[data-operation]") ?? [])];
  if (rows.length === 0) {
    return;
  }
  const name = `grantledger.visit.${window.location.pathname}.${section.dataset.visits}`;
  if (window.sessionStorage.getItem(name) === null) {
    window.sessionStorage.setItem(name, window.localStorage.getItem(name) ?? "");
    const today = new Date().toISOString().slice(0, 10);
    window.localStorage.setItem(name, `${rows[0].dataset.operation} ${today}`);
  }
  const [last, day] = window.sessionStorage.getItem(name).split(" ");
  if (!last) {
    return; // the first visit: all is new
  }
  const fresh = rows.filter((row) => Number(row.dataset.operation) > Number(last));
  fresh.forEach((row) => {
    row.hidden = false;
    row.classList.add("new");
  });
  const told = section.querySelector("[data-since]");
  told.textContent = told.textContent.replace("{date}", day).replace("{count}", fresh.length);
  told.hidden = false;
}

/** Print a page that is made for it, once all its pictures are there. */
async function printWhenReady() {
  const page = document.querySelector("[data-print-when-ready]");
  if (page && !navigator.webdriver) {
    await Promise.allSettled([...page.querySelectorAll("img")].map((one) => one.decode()));
    window.print();
  }
}

function onChange(event) {
  if (event.target.type === "checkbox" && event.target.form && event.target.closest(".audit")) {
    pick(event.target);
  }
  const form = event.target.closest?.("form[data-live]");
  if (form && !isTyped(event.target)) {
    send(form);
  }
}

function onFocusOut(event) {
  const form = event.target.closest?.("form[data-live]");
  if (form && isTyped(event.target) && event.target.value !== event.target.defaultValue) {
    event.target.dataset.typed = "";
    send(form);
  }
}

function onSubmit(event) {
  const form = event.target;
  if (form.matches("form[data-live]")) {
    event.preventDefault();
    send(form);
  } else if (form.closest(".audit")) {
    remember(form);
  }
}

function onKey(event) {
  if (event.target.type === "date" && event.key !== "Tab") {
    event.target.dataset.typed = "yes";
    const form = event.key === "Enter" && event.target.closest("form[data-live]");
    if (form) {
      event.preventDefault();
      event.target.dataset.typed = ""; // it is sent: leaving the field sends nothing more
      send(form);
    }
  }
  const toPrint = (event.ctrlKey || event.metaKey) && event.key === "p" && article()?.querySelector("[data-print]");
  if (toPrint) {
    event.preventDefault(); // the voucher with its whole papers, not the window they are seen through
    window.open(toPrint.href);
    return;
  }
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

/** Going back and forward is Fava's; where the browser does not tell Fava of our addresses, it is ours. */
function onPopState() {
  if (!("navigation" in window) && article()?.querySelector(".audit")) {
    show(window.location.href).catch(console.error);
  }
}

export default {
  init() {
    document.addEventListener("change", onChange);
    document.addEventListener("focusout", onFocusOut);
    document.addEventListener("submit", onSubmit);
    document.addEventListener("keydown", onKey);
    window.addEventListener("popstate", onPopState);
  },
  onPageLoad() {
    recall();
    sinceLastVisit();
    printWhenReady().catch(console.error);
  },
};
