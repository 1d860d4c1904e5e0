// Conveniences only: every page works without this file.
"use strict";

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest("[data-dialog], [data-close], [data-print], [data-copy]") : null;
  if (!target) return;
  if (target.dataset.dialog) {
    const dialog = document.getElementById(target.dataset.dialog);
    if (!dialog || !dialog.showModal) return; // the link leads to a page with the same content
    event.preventDefault();
    dialog.showModal();
  } else if ("close" in target.dataset) {
    target.closest("dialog").close();
  } else if ("print" in target.dataset) {
    window.print();
  } else if (navigator.clipboard) {
    const said = target.querySelector("[data-said]");
    navigator.clipboard.writeText(target.dataset.copy || location.href).then(() => {
      if (said) said.textContent = target.dataset.done;
    });
  }
});

// "/" goes to the search, unless somebody is writing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector("main input[type=search]");
  const link = document.getElementById("suche-link");
  if (!field && !link) return;
  event.preventDefault();
  if (field) field.focus();
  else link.click();
});

// Buttons that need this file are hidden until it has come.
for (const button of document.querySelectorAll("[data-print], [data-copy], [data-scripted]")) button.hidden = false;
