// Comfort only: every page of the desk works without it. 收件 takes what is dropped anywhere on it, and an import
// shows how far it is and can be called off.

const box = () => document.querySelector("article [data-inbox]");
const token = () => box()?.querySelector("#drop input[name=token]")?.value;
let polling = 0;
let telling;
let sending = false;
let confirmed = ""; // the page that what was just confirmed came from

/** Every file below what was dropped, folders walked. */
async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const found = [];
  const walk = async (entry) => {
    if (entry.isFile) {
      found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return;
      for (const each of some) await walk(each);
    }
  };
  for (const entry of entries) await walk(entry);
  return found;
}

function line(list, name) {
  const item = document.createElement("li");
  const bold = document.createElement("b");
  bold.textContent = name;
  const said = document.createElement("span");
  item.append(bold, " ", said);
  list.append(item);
  return said;
}

async function send(files) {
  const here = box();
  if (!here || !files.length || sending) return;
  sending = true;
  const list = here.querySelector(".sent");
  list.replaceChildren();
  let isBad = false;
  for (const file of files) {
    const said = line(list, file.name);
    said.textContent = "…";
    const form = new FormData();
    form.append("token", token());
    form.append("files", file, file.name);
    try {
      const answer = await fetch(here.dataset.upload, { method: "POST", body: form, headers: { Accept: "application/json" } });
      const told = await answer.json();
      const [one] = told.files ?? [{ outcome: "refused", reason: told.error }];
      said.textContent = [one.what, one.reason, one.problem].filter(Boolean).join(" · ");
      said.className = one.outcome === "refused" || one.problem ? "bad" : "";
      isBad ||= one.outcome === "refused";
      if (one.outcome === "litter") said.parentElement.remove();
    } catch (error) {
      said.textContent = String(error.message ?? error);
      said.className = "bad";
      isBad = true;
    }
  }
  sending = false;
  if (isBad) {
    const more = document.createElement("li");
    const link = document.createElement("a");
    link.href = here.dataset.here;
    link.textContent = "→";
    more.append(link);
    list.append(more);
    await refresh(here.dataset.here, list.cloneNode(true));
  } else {
    window.location.assign(here.dataset.here);
  }
}

/** The page anew, with what was told of the files that were sent kept in it. */
async function refresh(address, told) {
  const partial = new URL(address, window.location.href);
  partial.searchParams.set("partial", "true");
  const answer = await fetch(partial);
  if (!answer.ok) return;
  document.querySelector("article").innerHTML = await answer.text();
  box()?.querySelector(".sent")?.replaceWith(told);
  prepare();
}

/** What the server says of the import that runs; false once there is nothing more to say. */
function show(job) {
  const running = box()?.querySelector("#job[data-running]");
  if (!running) return false;
  if (job.state !== "running") {
    window.location.assign(box().dataset.here);
    return false;
  }
  running.querySelector("progress").value = job.percent;
  running.querySelector(".words").textContent = job.words;
  return true;
}

/** The server tells of itself how far the import is; where that does not get through, it is asked. */
function listen() {
  telling?.close();
  clearTimeout(polling);
  if (!("EventSource" in window)) {
    poll();
    return;
  }
  telling = new EventSource(box().dataset.events);
  telling.onmessage = (event) => {
    if (!show(JSON.parse(event.data))) telling.close();
  };
  telling.onerror = () => {
    telling.close();
    poll();
  };
}

async function poll() {
  clearTimeout(polling);
  if (!box()?.querySelector("#job[data-running]")) return;
  try {
    const answer = await fetch(box().dataset.job, { headers: { Accept: "application/json" } });
    if (!show(await answer.json())) return;
  } catch (error) {
    console.error(error);
  }
  polling = setTimeout(poll, 300);
}

function prepare() {
  const here = box();
  if (!here) return;
  const folder = here.querySelector(".folder");
  if (folder && "webkitdirectory" in document.createElement("input")) folder.hidden = false;
  if (here.querySelector("#job[data-running]")) listen();
}

function onDrag(event) {
  const drop = box()?.querySelector("#drop");
  if (!drop || ![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
  event.preventDefault();
  drop.classList.toggle("over", event.type === "dragover");
}

async function onDrop(event) {
  if (!box()?.querySelector("#drop") || !event.dataTransfer) return;
  event.preventDefault();
  box().querySelector("#drop").classList.remove("over");
  await send(await filesOf(event.dataTransfer));
}

function onChange(event) {
  if (event.target.matches?.("[data-inbox] #drop input[type=file]")) send([...event.target.files]);
}

/** Fava's own 匯入 knows no importers of ours: it leads to 收件. */
function onClick(event) {
  const link = event.target.closest?.("aside a[href*='/import/']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  window.location.assign(link.href.replace(/\/import\/.*$/, "/extension/Desk/?tab=inbox"));
}

/** A page that comes back with the browser's "back" says what it lists, not what was chosen on it last. */
function onShow() {
  for (const form of document.querySelectorAll(".desk form.filters[method=get]")) form.reset();
  if (confirmed) window.location.replace(confirmed);
}

/** What was confirmed is done: "back" leads to the page it came from, not to a form that the browser would send again. */
function onSubmit(event) {
  const back = event.target.querySelector("#write") && event.target.querySelector("a[data-back]");
  if (!back) return;
  confirmed = back.href;
  window.history.replaceState(null, "", confirmed);
}

export default {
  init() {
    document.addEventListener("submit", onSubmit);
    window.addEventListener("pageshow", onShow);
    document.addEventListener("click", onClick, true);
    document.addEventListener("dragover", onDrag);
    document.addEventListener("dragleave", onDrag);
    document.addEventListener("drop", onDrop);
    document.addEventListener("change", onChange);
  },
  onExtensionPageLoad() {
    prepare();
  },
};
