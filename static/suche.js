// Suggestions below the search box (ARIA combobox with a list). Without this file the form works as it is.
"use strict";

const WAIT = 150; // milliseconds after the last key

function suggestionsFor(combo) {
  const input = combo.querySelector("input");
  const list = document.createElement("div");
  const status = document.createElement("p");
  let timer;
  let asked = 0;

  Object.assign(list, { id: "vorschlaege", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", combo.dataset.label);
  status.className = "sr";
  status.setAttribute("role", "status");
  combo.append(list, status);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
    input.setAttribute(name, value);
  }

  const options = () => [...list.querySelectorAll("[role=option]")];
  const current = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  function choose(position) {
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === position)));
    const chosen = options()[position];
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) choose(-1);
  }

  async function ask() {
    const mine = ++asked;
    const text = input.value.trim();
    if (text.length < 2) {
      list.replaceChildren();
      show(false);
      return;
    }
    try {
      const answer = await fetch(`${combo.dataset.suggestions}?${new URLSearchParams({ q: text })}`);
      if (!answer.ok || mine !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...page.querySelectorAll("[role=option]"));
      show(options().length > 0);
      status.textContent = `${combo.dataset.count} ${options().length}`;
    } catch {
      show(false); // offline: the form still works
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      show(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = current() < 0 && step < 0 ? 0 : current();
      choose((from + step + count) % count);
    } else if (event.key === "Enter" && !list.hidden && current() >= 0) {
      event.preventDefault();
      options()[current()].click();
    }
  });
  combo.addEventListener("focusout", (event) => {
    if (!combo.contains(event.relatedTarget)) show(false);
  });
}

document.querySelectorAll(".combo[data-suggestions]").forEach(suggestionsFor);
