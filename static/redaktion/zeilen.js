// Adds rows to tables without a new page. Without this file the button asks the portal for one.

for (const table of document.querySelectorAll("[data-rows]")) {
  const list = table.querySelector("[data-list]");
  const blank = table.querySelector("template[data-blank]");
  table.querySelector("[data-add]").addEventListener("click", (event) => {
    event.preventDefault();
    const key = `n${crypto.getRandomValues(new Uint32Array(1))[0].toString(16)}`;
    const row = blank.content.cloneNode(true).querySelector("[data-row]");
    for (const node of [row, ...row.querySelectorAll("*")]) {
      for (const attribute of node.attributes) {
        if (attribute.value.includes("__key__")) attribute.value = attribute.value.replaceAll("__key__", key);
      }
    }
    list.append(row);
    row.querySelector("input:not([type=hidden]), select, textarea").focus();
    row.dispatchEvent(new CustomEvent("rows", { bubbles: true }));
  });
  table.addEventListener("change", (event) => {
    if (event.target.name?.endsWith("-remove")) {
      event.target.closest("[data-row]").classList.toggle("rows__row--gone", event.target.checked);
    }
  });
  for (const mark of table.querySelectorAll("[name$='-remove']:checked")) {
    mark.closest("[data-row]").classList.add("rows__row--gone");
  }
}
