// Buttons above Markdown texts, and the text as the page will show it. Without this file one writes Markdown by hand.

const WAIT = 400; // milliseconds after the last key
const words = document.querySelector("[data-markdown-words]")?.dataset;
const form = document.querySelector("[data-editor]");

// What each button does to the chosen words: before, after, at the start of each line.
const DEEDS = [
  ["bold", { before: "**", after: "**" }, "b"],
  ["heading", { line: "## " }, ""],
  ["list", { line: "- " }, ""],
  ["link", { before: "[", after: "](https://)" }, "k"],
];

// Line by line, behind the sign of a list: Markdown knows no bold text across lines.
function wrapped(chosen, deed) {
  if (!chosen.includes("\n")) return deed.before + chosen + deed.after;
  return chosen.replace(/^(\s*(?:[-*#>]+ )?)(.*\S)/gm, (_line, sign, text) => sign + deed.before + text + deed.after);
}

function change(area, deed) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  if (deed.line) {
    const start = value.lastIndexOf("\n", from - 1) + 1;
    const lines = value.slice(start, to).split("\n");
    const has = lines.every((line) => line.startsWith(deed.line));
    const text = lines.map((line) => (has ? line.slice(deed.line.length) : deed.line + line)).join("\n");
    area.setRangeText(text, start, to, "end");
  } else {
    const chosen = value.slice(from, to);
    area.setRangeText(wrapped(chosen, deed), from, to, "end");
    const inside = from + deed.before.length;
    if (!chosen) area.setSelectionRange(inside, inside);
  }
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function toolsFor(area) {
  const bar = document.createElement("div");
  bar.className = "md-tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", words.tools);
  bar.setAttribute("aria-controls", area.id);
  const buttons = DEEDS.map(([name, deed]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `md-tools__${name}`;
    button.textContent = words[name];
    button.addEventListener("click", () => change(area, deed));
    return button;
  });
  const look = document.createElement("button");
  look.type = "button";
  look.textContent = words.preview;
  look.setAttribute("aria-pressed", "false");
  bar.append(...buttons, look);
  const pane = document.createElement("div");
  pane.className = "prose md-preview";
  pane.hidden = true;
  pane.setAttribute("role", "region");
  pane.setAttribute("aria-label", words.preview);
  area.before(bar);
  area.after(pane);

  // One stop for the tabulator; arrows move inside, as toolbars do.
  const stops = [...buttons, look];
  stops.forEach((button, at) => {
    button.tabIndex = at ? -1 : 0;
  });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length];
    for (const button of stops) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });
  area.addEventListener("keydown", (event) => {
    const deed = (event.ctrlKey || event.metaKey) && DEEDS.find(([, , key]) => key && key === event.key.toLowerCase());
    if (!deed) return;
    event.preventDefault();
    change(area, deed[1]);
  });

  let timer;
  async function draw() {
    const body = new URLSearchParams({ text: area.value, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body, redirect: "manual" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html"); // cleaned by the portal
      pane.replaceChildren(...page.body.childNodes);
    } catch {
      // without a connection the last picture stays
    }
  }
  look.addEventListener("click", () => {
    pane.hidden = !pane.hidden;
    look.setAttribute("aria-pressed", String(!pane.hidden));
    if (!pane.hidden) draw();
  });
  area.addEventListener("input", () => {
    clearTimeout(timer);
    if (!pane.hidden) timer = setTimeout(draw, WAIT);
  });
}

if (form && words) form.querySelectorAll("textarea[data-markdown]").forEach(toolsFor);
