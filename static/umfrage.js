// Shows and hides questions while somebody answers. Without this file the server does the same after „Weiter“.
// First part: the meaning of conditions, exactly as in questionnaire/conditions.py and questionnaire/path.py; a test
// compares both with thousands of made-up questionnaires. Second part: the page.

// Values ------------------------------------------------------------------------

// What Python calls blank; trim() knows other characters.
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const EDGES = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, "g");

export const stripped = (text) => text.replace(EDGES, "");

// Decimals are whole numbers with a count of places, so that 0.1 + 0.2 is 0.3.
export function decimal(text) {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!found || !(found[2] || found[3])) return null;
  const [, sign, whole, part = "", power = "0"] = found;
  const digits = BigInt(`${whole}${part}`) * (sign === "-" ? -1n : 1n);
  const places = part.length - Number(power);
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places };
}

function aligned(left, right) {
  const places = Math.max(left.places, right.places);
  const raise = (one) => one.digits * 10n ** BigInt(places - one.places);
  return [raise(left), raise(right), places];
}

function added(left, right) {
  const [one, other, places] = aligned(left, right);
  return { digits: one + other, places };
}

const number = (text) => ({ kind: "number", value: decimal(text) });
const date = (text) => ({ kind: "date", value: text });
const words = (text) => ({ kind: "text", value: stripped(text) });

// Answers -----------------------------------------------------------------------
// As in answers.py: o options, i rows of a matrix, w texts beside options, n number, d date, t text, m missing,
// v the number of the one option chosen. What is empty is left out.

const own = (holder, name) => (holder && Object.hasOwn(holder, name) ? holder[name] : undefined);
const chosen = (given, item) => (item ? own(given.i, item) : given.o) || [];

const isAnswer = (given) =>
  Boolean(given.o?.length) ||
  Object.values(given.i || {}).some((codes) => codes.length) ||
  given.n !== undefined ||
  given.d !== undefined ||
  Boolean(given.t && stripped(given.t));

function valueOf(given) {
  if (!given) return null;
  if (given.n !== undefined) return number(given.n);
  if (given.d !== undefined) return date(given.d);
  if (given.t && stripped(given.t)) return words(given.t);
  return given.v === undefined ? null : number(String(given.v));
}

const countOf = (given) =>
  given ? (given.o || []).length + Object.values(given.i || {}).reduce((sum, codes) => sum + codes.length, 0) : 0;

// Conditions --------------------------------------------------------------------

function term(tree, answers) {
  if (tree.number !== undefined) return number(String(tree.number));
  if (tree.date !== undefined) return date(tree.date);
  if (tree.text !== undefined) return words(tree.text);
  if (tree.value !== undefined) return valueOf(answers.get(tree.value));
  if (tree.count !== undefined) return number(String(countOf(answers.get(tree.count))));
  const numbers = tree.sum.map((code) => valueOf(answers.get(code))).filter((found) => found?.kind === "number");
  return numbers.length ? { kind: "number", value: numbers.map((one) => one.value).reduce(added) } : null;
}

function related(sign, left, right) {
  if (!left || !right || left.kind !== right.kind) return false;
  const [one, other] = left.kind === "number" ? aligned(left.value, right.value) : [left.value, right.value];
  if (sign === "=") return one === other;
  if (sign === "!=") return one !== other;
  if (left.kind === "text") return false;
  return { "<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other }[sign];
}

export function holds(tree, answers) {
  const given = tree.question === undefined ? undefined : answers.get(tree.question);
  switch (tree.op) {
    case "and":
      return tree.of.every((part) => holds(part, answers));
    case "or":
      return tree.of.some((part) => holds(part, answers));
    case "not":
      return !holds(tree.of, answers);
    case "selected":
      return Boolean(given) && chosen(given, tree.item).includes(tree.option);
    case "answered":
      return Boolean(given) && (tree.item ? chosen(given, tree.item).length > 0 : isAnswer(given));
    default:
      return related(tree.sign, term(tree.left, answers), term(tree.right, answers));
  }
}

// The way through the questionnaire ---------------------------------------------

const shows = (thing, seen) => !thing.retired && (!thing.condition || holds(thing.condition, seen));

// The answer without options and rows that are hidden, retired or unknown.
function onlyShown(question, options, items, given) {
  if (!question.options) return { ...given };
  const known = new Map(options.map((option) => [option.code, option]));
  const rows = new Set(items.map((item) => item.code));
  const kept = { ...given, o: (given.o || []).filter((code) => known.has(code)), i: {} };
  for (const [item, codes] of Object.entries(given.i || {})) {
    const left = codes.filter((code) => known.has(code));
    if (rows.has(item) && left.length) kept.i[item] = left;
  }
  const all = new Set([...kept.o, ...Object.values(kept.i).flat()]);
  kept.w = Object.fromEntries(Object.entries(given.w || {}).filter(([code]) => all.has(code)));
  kept.v = kept.o.length === 1 && !question.items ? known.get(kept.o[0]).number : undefined;
  return kept;
}

function slim(given) {
  const full = Object.entries({
    ...given,
    i: Object.fromEntries(Object.entries(given.i || {}).filter(([, codes]) => codes.length)),
    w: Object.fromEntries(Object.entries(given.w || {}).filter(([, text]) => text)),
  });
  const empty = (value) => value === undefined || value === "" || (typeof value === "object" && !Object.keys(value).length);
  return Object.fromEntries(full.filter(([, value]) => !empty(value)));
}

// Everything that is shown, in order, and the answers to it. ``before`` are answers to shown questions of earlier pages.
export function follow(questionnaire, draft, before = {}) {
  const seen = new Map(Object.entries(before));
  const pages = [];
  questionnaire.pages.forEach((page, index) => {
    if (!shows(page, seen)) return;
    const questions = [];
    for (const question of page.questions || []) {
      if (!shows(question, seen)) continue;
      const options = (question.options || []).filter((option) => shows(option, seen));
      const items = (question.items || []).filter((item) => shows(item, seen));
      if ((question.items && !items.length) || (question.options && !options.length)) continue;
      questions.push({
        code: question.code,
        options: options.map((option) => option.code),
        items: items.map((item) => item.code),
      });
      const said = own(draft, question.code);
      if (!said) continue;
      const given = onlyShown(question, options, items, said);
      if (isAnswer(given) || given.m) seen.set(question.code, slim(given));
    }
    if (questions.length) pages.push({ index, questions });
  });
  return { pages, answers: Object.fromEntries(seen) };
}

// What stands in the form -------------------------------------------------------
// As in filling/cleaning.py: ``sent`` gives the values of a field by its name. What does not fit is no answer.

const NO_ANSWER = "-"; // among radio buttons and in lists
const ONE_OPTION = ["single", "yes_no", "scale", "municipality"];
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000]/g;
const GAPS = new RegExp(`[${BLANK}']`, "g");
const GERMAN_DAY = new RegExp(`^(\\d{1,2})\\.[${BLANK}]*(\\d{1,2})\\.[${BLANK}]*(\\d{4})$`);
const LARGEST = 10n ** 11n;

const texts = (sent, name) => sent(name).filter(stripped).map((value) => stripped(value.replace(CONTROL, "")));
const unique = (codes) => [...new Set(codes)];

function typedNumber(text, places) {
  let plain = text.replace(GAPS, "").replaceAll("−", "-");
  if (/^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/.test(plain)) plain = plain.replaceAll(".", "");
  plain = plain.replaceAll(",", ".");
  if (!/^[+-]?\d{1,20}(\.\d{1,20})?$/.test(plain)) return undefined;
  const read = decimal(plain);
  const surplus = 10n ** BigInt(Math.max(0, read.places - places));
  const size = read.digits < 0n ? -read.digits : read.digits;
  return read.digits % surplus || size >= LARGEST * 10n ** BigInt(read.places) ? undefined : plain;
}

function typedDay(text) {
  const german = GERMAN_DAY.exec(text);
  const iso = german ? `${german[3]}-${german[2].padStart(2, "0")}-${german[1].padStart(2, "0")}` : text;
  if (!/^\d{4}-\d\d-\d\d$/.test(iso) || iso.startsWith("0000")) return undefined;
  const day = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(iso) ? iso : undefined;
}

function rankedCodes(question, sent) {
  const places = new Map();
  for (const { code } of question.options) {
    const [place] = texts(sent, `r-${question.code}-${code}`);
    if (!place) continue;
    const counted = /^\d+$/.test(place) ? Number(place.slice(0, 6)) : 0;
    if (counted < 1 || counted > question.ranks || places.has(counted)) return null;
    places.set(counted, code);
  }
  return [...places].sort(([one], [other]) => one - other).map(([, code]) => code);
}

function rowsChosen(question, sent) {
  const rows = question.items.map(({ code }) => [code, unique(texts(sent, `q-${question.code}-${code}`))]);
  const known = rows.every(([, codes]) => codes.every((code) => question.options.some((option) => option.code === code)));
  const single = question.kind !== "matrix_single" || rows.every(([, codes]) => codes.length < 2);
  return known && single ? Object.fromEntries(rows.filter(([, codes]) => codes.length)) : null;
}

function optionsChosen(question, sent) {
  const codes = unique(texts(sent, `q-${question.code}`).filter((code) => code !== NO_ANSWER));
  const known = codes.every((code) => question.options.some((option) => option.code === code));
  return known && (question.kind === "multiple" || codes.length < 2) ? codes : null;
}

export function said(question, sent) {
  const [text = ""] = texts(sent, `q-${question.code}`);
  const dash = ONE_OPTION.includes(question.kind) && texts(sent, `q-${question.code}`).includes(NO_ANSWER);
  const missing = dash || texts(sent, `m-${question.code}`)[0] === "no_answer";
  const m = missing ? "no_answer" : undefined;
  switch (question.kind) {
    case "number": {
      const n = typedNumber(text, question.places || 0);
      return n === undefined && text ? {} : { n, m };
    }
    case "date": {
      const d = typedDay(text);
      return d === undefined && text ? {} : { d, m };
    }
    case "short_text":
    case "long_text":
      return { t: text, m };
    case "ranking": {
      const o = rankedCodes(question, sent);
      return o ? { o, m } : {};
    }
    case "matrix_single":
    case "matrix_multiple": {
      const i = rowsChosen(question, sent);
      return i ? { i, m } : {};
    }
    case "information":
      return {};
    default: {
      const o = optionsChosen(question, sent);
      return o ? { o, m } : {};
    }
  }
}

// Questions, options and rows come and go ----------------------------------------

function live(form, announce) {
  const source = form.querySelector("script[data-conditions]");
  if (!source) return;
  const { questions, answers } = JSON.parse(source.textContent);
  const parts = new Map([...form.querySelectorAll("[data-question]")].map((part) => [part.dataset.question, part]));
  const presented = form.elements.presented;

  function toggle(part, name, codes) {
    for (const thing of part.querySelectorAll(`[data-${name}]`)) thing.hidden = !codes.includes(thing.dataset[name]);
  }

  function refresh() {
    const data = new FormData(form);
    const values = (name) => data.getAll(name);
    const draft = Object.fromEntries(questions.map((question) => [question.code, said(question, values)]));
    const shown = follow({ pages: [{ questions }] }, draft, answers).pages[0]?.questions || [];
    const byCode = new Map(shown.map((question) => [question.code, question]));
    const appeared = [];
    for (const question of questions) {
      const part = parts.get(question.code);
      const found = byCode.get(question.code);
      if (!part) continue;
      if (found && part.hidden) appeared.push(part);
      part.hidden = !found;
      if (found && question.options) toggle(part, "option", found.options);
      if (found && question.items) toggle(part, "item", found.items);
    }
    if (presented) presented.value = shown.map((question) => question.code).join(" ");
    if (appeared.length) announce(appeared);
  }

  form.addEventListener("input", refresh); // after those of exclusive()
  form.addEventListener("change", refresh);
  addEventListener("pageshow", refresh); // the browser may have put answers back
  refresh();
}

// „Nur allein“ and „keine Angabe“ -------------------------------------------------

function answered(part) {
  for (const box of part.querySelectorAll("input[type=checkbox][name^='m-']:checked")) box.checked = false;
}

function exclusive(form) {
  form.addEventListener("change", (event) => {
    const control = event.target;
    const part = control.closest("[data-question]");
    if (!part) return;
    if (control.type === "checkbox" && control.checked) {
      const alone = (box) => "exclusive" in box.dataset || box.name.startsWith("m-");
      const row = (box) => (box.name.startsWith("m-") ? "" : box.name);
      for (const box of part.querySelectorAll("input[type=checkbox]:checked")) {
        const together = row(box) === row(control) || !row(box) || !row(control);
        if (box !== control && together && (alone(box) || alone(control))) box.checked = false;
      }
    }
    if (control.type === "radio" || control.tagName === "SELECT" || "ranking" in control.dataset) answered(part);
    if (control.name?.startsWith("m-") && control.checked) {
      for (const radio of part.querySelectorAll("input[type=radio]:checked")) radio.checked = radio === control;
    }
  });
  // Whoever writes an answer does not keep „keine Angabe“; whoever writes beside an option means this option.
  form.addEventListener("input", (event) => {
    const { name, value, type } = event.target;
    const part = event.target.closest("[data-question]");
    if (!part || !value || type === "checkbox" || type === "radio") return;
    if (name.startsWith("w-")) {
      const box = event.target.closest("[data-option]")?.querySelector("input[type=checkbox], input[type=radio]");
      if (box && !box.checked) {
        box.checked = true;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      }
      return;
    }
    answered(part);
  });
}

// How many characters are left ----------------------------------------------------

function counted(form, words) {
  for (const text of form.querySelectorAll("textarea[data-most], input[data-most]")) {
    const place = text.closest("[data-question]")?.querySelector("[data-remaining]");
    if (!place) continue;
    const most = Number(text.dataset.most);
    const count = () => {
      const left = most - [...text.value.replace(/\r\n?/g, "\n")].length;
      place.textContent = (left < 0 ? words.tooLong : words.left).replace("%s", Math.abs(left));
    };
    text.addEventListener("input", count);
    count();
  }
}

// A ranking by buttons. The lists with places stay: they work alone and say where something stands.

function ranking(part, words, say) {
  const rows = [...part.querySelectorAll("[data-option]")];
  const list = (row) => row.querySelector("select");
  const place = (row) => Number(list(row).value) || 0;
  const label = (row) => stripped(row.querySelector("label").firstChild.textContent);
  let order = rows.filter(place).sort((one, other) => place(one) - place(other));

  function settle(moved, control) {
    for (const row of rows) list(row).value = order.includes(row) ? String(order.indexOf(row) + 1) : "";
    part.append(...order, ...rows.filter((row) => !order.includes(row)));
    control?.focus(); // moving an element takes the focus away
    const where = order.indexOf(moved) + 1;
    say((where ? words.place : words.noPlace).replace("%l", label(moved)).replace("%p", where));
    part.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function move(row, step, control) {
    const at = order.indexOf(row);
    if (at < 0) {
      if (step < 0) order.push(row);
      else return;
    } else if (at + step >= order.length) {
      order.splice(at, 1); // below the last place there is none
    } else if (at + step >= 0) {
      order.splice(at, 1);
      order.splice(at + step, 0, row);
    } else return;
    settle(row, control);
  }

  for (const row of rows) {
    const pair = document.createElement("span");
    pair.className = "ranking__moves";
    for (const [step, word] of [[-1, words.higher], [1, words.lower]]) {
      const button = document.createElement("button");
      const about = document.createElement("span");
      about.className = "sr";
      about.textContent = `: ${label(row)}`;
      Object.assign(button, { type: "button", className: "link-btn" });
      button.append(word, about);
      button.addEventListener("click", () => move(row, step, button));
      pair.append(button);
    }
    row.append(pair);
    list(row).addEventListener("change", (event) => {
      event.stopPropagation();
      order = order.filter((other) => other !== row);
      if (place(row)) order.splice(place(row) - 1, 0, row);
      settle(row, list(row));
    });
  }
}

// A dead spot. A page is sent from here and the next one put in its place; until the portal has answered, the page stays
// in this window, nowhere else. It may be sent again and again: its token holds all answers, and the key in it counts once.

const PATIENCE = 20000; // milliseconds for an answer
const RETRY = 15000; // milliseconds between two tries
const BACK = "button[name=step][value=back], button[name=step][value=resume]";

async function sent(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button) body.append(button.name, button.value);
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, signal, headers: { Accept: "text/html" } });
    if (answer.status >= 500) return null;
    return { elsewhere: answer.redirected ? answer.url : "", html: await answer.text() };
  } catch {
    return null;
  }
}

function show({ elsewhere, html }) {
  if (elsewhere) {
    location.replace(elsewhere);
    return;
  }
  const page = new DOMParser().parseFromString(html, "text/html");
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  // „Zurück“ of the browser shall do what the button does; otherwise it would leave with everything that was answered.
  if (!history.state?.survey) history.pushState({ survey: true }, "");
  scrollTo(0, 0);
  (document.querySelector("[autofocus]") || document.querySelector("main")).focus();
  for (const hidden of document.querySelectorAll("[data-print], [data-copy], [data-scripted]")) hidden.hidden = false;
  for (const form of document.querySelectorAll("form[data-survey]")) begin(form);
}

function deadSpot(form) {
  const note = form.querySelector("[data-offline]");
  if (!note) return;
  let waiting = null; // the button that was pressed
  let asking = false;
  let timer;

  const warn = (event) => event.preventDefault();

  async function attempt() {
    if (asking || !waiting || !form.isConnected) return;
    asking = true;
    clearTimeout(timer);
    const heard = await sent(form, waiting);
    asking = false;
    if (heard) {
      removeEventListener("beforeunload", warn);
      waiting = null;
      show(heard);
    } else if (waiting) {
      if (note.hidden) {
        note.hidden = false;
        addEventListener("beforeunload", warn);
        note.focus();
      }
      timer = setTimeout(attempt, RETRY);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    waiting = event.submitter || form.querySelector("button[name=step]");
    attempt();
  });
  note.querySelector("[data-retry]").addEventListener("click", attempt);
  note.querySelector("[data-cancel]").addEventListener("click", () => {
    clearTimeout(timer);
    removeEventListener("beforeunload", warn);
    note.hidden = true;
    waiting?.focus();
    waiting = null;
  });
  addEventListener("online", attempt);
}

// Proof of work (ALTCHA): find the number whose digest with the salt is the challenge.

const hexadecimal = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export async function solve({ algorithm, challenge, salt, signature, maxnumber }) {
  const encoder = new TextEncoder();
  for (let first = 0; first <= maxnumber; first += 500) {
    const tries = Array.from({ length: Math.min(500, maxnumber - first + 1) }, (_, step) => first + step);
    const digests = await Promise.all(tries.map((tried) => crypto.subtle.digest(algorithm, encoder.encode(`${salt}${tried}`))));
    const found = digests.findIndex((digest) => hexadecimal(digest) === challenge);
    if (found >= 0) return btoa(JSON.stringify({ algorithm, challenge, number: first + found, salt, signature }));
  }
  return "";
}

async function guard(form) {
  const part = form.querySelector("[data-guard]");
  if (!part || !globalThis.crypto?.subtle) return; // the sum in words is there
  const [plain, working] = [part.querySelector("[data-plain]"), part.querySelector("[data-working]")];
  const button = form.querySelector("button[value=submit]");
  plain.hidden = true;
  working.hidden = false;
  try {
    form.elements.altcha.value = await solve(JSON.parse(part.querySelector("script").textContent));
  } catch {
    // then by hand
  }
  if (form.elements.altcha.value && button) {
    for (const control of plain.querySelectorAll("input")) control.disabled = true;
    form.requestSubmit(button);
  } else {
    plain.hidden = false;
    working.hidden = true;
  }
}

// A device at an event goes back to the start by itself. Whoever is still there says so.

function kiosk(place) {
  const { start, seconds, warning } = place.dataset;
  let timer;
  const leave = () => location.replace(start);
  const ask = () => {
    const dialog = document.querySelector("[data-kiosk] dialog");
    if (!dialog) return leave();
    dialog.showModal();
    timer = setTimeout(leave, Number(warning) * 1000);
  };
  const stay = () => {
    clearTimeout(timer);
    document.querySelector("[data-kiosk] dialog[open]")?.close();
    timer = setTimeout(ask, Number(seconds) * 1000);
  };
  for (const sign of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(sign, stay, { passive: true });
  addEventListener("pageshow", (event) => event.persisted && leave()); // nobody goes back to the answers of others
  stay();
}

// The page -------------------------------------------------------------------------

function begin(form) {
  const words = form.querySelector("[data-words]")?.dataset;
  const status = form.querySelector("[data-status]");
  const say = (text) => {
    if (status) status.textContent = text;
  };
  exclusive(form);
  live(form, (parts) => {
    const names = parts.map((part) => stripped(part.querySelector("legend, label, h2")?.textContent || "").replace(/\s+/g, " "));
    say((words?.appeared || "%s").replace("%s", names.filter(Boolean).join(" ")));
  });
  if (words) {
    counted(form, words);
    for (const part of form.querySelectorAll("[data-ranking]")) ranking(part, words, say);
  }
  deadSpot(form);
  guard(form);
}

if (globalThis.document) {
  for (const form of document.querySelectorAll("form[data-survey]")) begin(form);
  for (const place of document.querySelectorAll("[data-kiosk]")) kiosk(place);
  addEventListener("popstate", () => {
    const button = document.querySelector(BACK);
    if (!button) return;
    history.pushState({ survey: true }, "");
    button.form.requestSubmit(button);
  });
  // The QR code of a letter brings the code behind „#“, which no server sees.
  const code = document.querySelector("input[data-code]");
  if (code && !code.value && /^#[A-Za-z0-9-]{8,9}$/.test(location.hash)) {
    code.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
  }
}
