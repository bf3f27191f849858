// 新案件: the sums follow what is typed, and a wrong cell is marked when it is left. Without this the button 試算 does both.
"use strict";
(() => {
  const form = document.getElementById("award");
  const panel = document.getElementById("figures");
  if (!form || !panel) return;
  let timer = 0;
  let asked = 0;

  const mark = (field, fault) => {
    const told = document.getElementById(`${field.name}-fault`);
    if (!told) return;
    told.textContent = fault || "";
    told.hidden = !fault;
    if (fault) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", told.id);
    } else {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  };

  const ask = async () => {
    const mine = ++asked;
    const answer = await fetch(form.dataset.figures, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
    if (!answer.ok || mine !== asked) return;
    const told = await answer.json();
    panel.innerHTML = told.panel;
    for (const field of form.elements) {
      if (!field.name || field === document.activeElement) continue;
      if (field.value) mark(field, told.wrong[field.name]);
    }
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 300);
  };
  form.addEventListener("input", soon);
  form.addEventListener("focusout", soon);

  const pick = document.getElementById("pick-scheme");
  const scheme = document.getElementById("award.scheme");
  if (pick && scheme) {
    pick.parentElement.hidden = true;
    scheme.addEventListener("change", () => form.requestSubmit(pick));
  }

  for (const button of form.querySelectorAll("button.more")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const list = button.closest("fieldset");
      const body = list.querySelector("tbody");
      const last = body.rows[body.rows.length - 1];
      const count = list.querySelector("input[type=hidden]");
      const number = body.rows.length;
      const row = last.cloneNode(true);
      for (const part of row.querySelectorAll("[id], [name]")) {
        const renamed = (text) => text.replace(/^([a-z_]+)\.\d+\./, `$1.${number}.`);
        if (part.name) part.name = renamed(part.name);
        if (part.id) part.id = renamed(part.id);
        const label = part.getAttribute("aria-label");
        if (label) part.setAttribute("aria-label", label.replace(String(number), String(number + 1)));
        if (part.matches("input, select")) {
          part.value = "";
          part.removeAttribute("aria-invalid");
          part.removeAttribute("aria-describedby");
        }
        if (part.matches(".fault")) {
          part.textContent = "";
          part.hidden = true;
        }
      }
      body.append(row);
      count.value = number + 1;
      row.querySelector("input, select").focus();
    });
  }
})();
