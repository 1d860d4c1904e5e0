// The editor of surveys without new pages: moving by drag, buttons that keep their focus, conditions that follow the
// question chosen. Without this file every button asks the portal for a page.

const EDGE = 60; // pixels from the edge of the window where dragging scrolls

/** Send a form by the button and take over the part of the answer that has changed. */
async function exchange(form, selector, data, focus) {
  const answer = await fetch(form.getAttribute("action") || location.href, { method: "POST", body: data });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(selector);
  if (!fresh) return false;
  document.querySelector(selector).replaceWith(fresh);
  const main = document.querySelector("main");
  main.querySelector(":scope > .messages")?.remove();
  const said = page.querySelector("main > .messages");
  if (said) main.prepend(said);
  (document.getElementById(focus) ?? fresh.querySelector(`[value="${CSS.escape(focus)}"]`))?.focus();
  start();
  return true;
}

function data_of(form, extra) {
  const data = new FormData(form);
  for (const [name, value] of Object.entries(extra)) data.set(name, value);
  return data;
}

/** Send a form the plain way, with these fields: for answers that are a page of their own. */
function send(form, extra) {
  for (const [name, value] of Object.entries(extra)) {
    const box = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(box);
  }
  form.submit();
}

/** Outline: what only moves does not load a page. */
function outline(form) {
  const move = async (extra, focus) => {
    if (!(await exchange(form, "#aufbau", data_of(form, extra), focus))) send(form, extra);
  };
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!/^(up|down):/.test(button?.value ?? "")) return;
    event.preventDefault();
    move({ do: button.value }, button.id);
  });
  drag(form, "[data-question]", (moved, before, list) => {
    const code = moved.dataset.question;
    move(
      { do: `place:question:${code}`, page: list.dataset.list, before: before?.dataset.question ?? "" },
      `up-${code}`,
    );
  });
}

/** Drag things by their handle with mouse, pen or finger. */
function drag(root, selector, drop) {
  for (const handle of root.querySelectorAll(`${selector} > [data-handle]`)) {
    handle.classList.add("is-handle");
    handle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
      const moved = handle.closest(selector);
      let target = null;
      let list = null;
      const unmark = () => {
        for (const marked of root.querySelectorAll(".is-target, .is-target--end")) {
          marked.classList.remove("is-target", "is-target--end");
        }
      };
      const move = (at) => {
        moved.classList.add("is-dragged");
        if (at.clientY < EDGE) scrollBy(0, -EDGE / 2);
        if (at.clientY > innerHeight - EDGE) scrollBy(0, EDGE / 2);
        unmark();
        const under = document.elementFromPoint(at.clientX, at.clientY);
        const item = under?.closest(selector);
        const page = under?.closest("[data-page]");
        list = item?.parentElement ?? page?.querySelector("[data-list]") ?? under?.closest("[data-list]") ?? null;
        target = item ?? null;
        if (item) {
          const box = item.getBoundingClientRect();
          const behind = at.clientY > box.top + box.height / 2;
          target = behind ? item.nextElementSibling : item;
          item.classList.add(behind ? "is-target--end" : "is-target");
        } else list?.lastElementChild?.classList.add("is-target--end");
      };
      const end = () => {
        handle.removeEventListener("pointermove", move);
        unmark();
        moved.classList.remove("is-dragged");
        if (list && root.contains(list) && target !== moved) drop(moved, target, list);
      };
      handle.addEventListener("pointermove", move);
      handle.addEventListener("pointerup", end, { once: true });
      handle.addEventListener("pointercancel", () => { list = null; end(); }, { once: true });
    });
  }
}

/** Options and rows: their order in the form is the order that is stored. */
function parts(section) {
  const list = section.querySelector("[data-list]");
  const refresh = () => {
    const rows = [...list.querySelectorAll("[data-part]")];
    for (const [place, row] of rows.entries()) {
      row.querySelector("[data-up]").disabled = place === 0;
      row.querySelector("[data-down]").disabled = place === rows.length - 1;
    }
  };
  section.addEventListener("click", (event) => {
    const button = event.target.closest("[data-up], [data-down]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-part]");
    if (button.matches("[data-up]")) row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    refresh();
    (button.disabled ? row.querySelector("[data-up]:enabled, [data-down]:enabled") : button)?.focus();
  });
  section.addEventListener("change", (event) => {
    if (event.target.matches("[data-gone]")) {
      event.target.closest("[data-part]").classList.toggle("choices__row--gone", event.target.checked);
    }
  });
  drag(section, "[data-part]", (moved, before, into) => {
    into.insertBefore(moved, before);
    refresh();
  });
}

/** Conditions: relation and value follow the question; lines come and go without a new page. */
function condition(form) {
  for (const button of form.querySelectorAll("[data-without]")) button.hidden = true;
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-refresh]")) {
      exchange(form, "#bedingung", data_of(form, { do: "refresh" }), event.target.id);
    }
  });
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || button.value === "save") return;
    event.preventDefault();
    await exchange(form, "#bedingung", data_of(form, { do: button.value }), button.id || "save");
  });
}

function start() {
  const ready = (selector, make) => {
    for (const node of document.querySelectorAll(selector)) {
      if (!node.ready) make(node);
      node.ready = true;
    }
  };
  ready("[data-rearrange]", outline);
  ready("[data-parts]", parts);
  ready("[data-condition]", condition);
}

start();
// Only one menu is open at a time, and Escape closes it.
document.addEventListener("toggle", (event) => {
  if (!event.target.open || !event.target.matches(".outline__more")) return;
  for (const other of document.querySelectorAll(".outline__more[open]")) if (other !== event.target) other.open = false;
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector(".outline__more[open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});
