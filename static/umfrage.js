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
  if (!question.options?.length) return { ...given };
  const known = new Map(options.map((option) => [option.code, option]));
  const rows = new Set(items.map((item) => item.code));
  const kept = { ...given, o: (given.o || []).filter((code) => known.has(code)), i: {} };
  for (const [item, codes] of Object.entries(given.i || {})) {
    const left = codes.filter((code) => known.has(code));
    if (rows.has(item) && left.length) kept.i[item] = left;
  }
  const all = new Set([...kept.o, ...Object.values(kept.i).flat()]);
  kept.w = Object.fromEntries(Object.entries(given.w || {}).filter(([code]) => all.has(code)));
  kept.v = kept.o.length === 1 && !question.items?.length ? known.get(kept.o[0]).number : undefined;
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
      if ((question.items?.length && !items.length) || (question.options?.length && !options.length)) continue;
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
