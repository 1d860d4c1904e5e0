// Saves a draft while somebody writes. Without this file the button „Speichern“ does the same.
// What is typed lies on this device until the portal has it.

const WAIT = 2000; // milliseconds after the last key
const RETRY = 8000; // milliseconds between two tries without a connection

const form = document.querySelector("[data-editor]");

if (form) {
  const status = form.querySelector("[data-saved]");
  const words = status.dataset;
  const kept = `entwurf:${form.dataset.place}`;
  let timer;
  let sent = "";
  let busy = false;
  let offered = false; // an older text of this device waits for an answer
  let blocked = false; // compared or signed in first
  let changed = "unsaved" in form.dataset;

  const body = () => {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    data.delete("opened");
    data.delete("stamp");
    data.delete("page");
    return new URLSearchParams(data).toString();
  };

  function say(text, look = "") {
    status.replaceChildren(text);
    status.dataset.look = look;
  }

  function link(url, text, newWindow) {
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.textContent = text;
    if (newWindow) anchor.target = "_blank";
    status.append(" ", anchor);
  }

  // What does not fit together stands at its box, as after a click on „Speichern“. Nothing is held up by it.
  function hint(id, messages) {
    const control = document.getElementById(id);
    const field = control?.closest(".field");
    if (!field) return;
    const line = form.querySelector("[data-hint-blank]").content.firstElementChild.cloneNode(true);
    line.id = `${id}_error`;
    line.className = "kern-error";
    line.querySelector("[data-text]").textContent = messages.join(" ");
    (field.querySelector(".kern-hint") || field.querySelector("legend, .kern-form-check, .kern-label")).after(line);
    field.classList.add(field.matches("fieldset") ? "kern-fieldset--error" : "kern-form-input--error");
    if (control.matches("input, select, textarea")) {
      control.setAttribute("aria-invalid", "true");
      const about = (control.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== line.id);
      control.setAttribute("aria-describedby", [...about, line.id].join(" "));
    }
  }

  function showHints(hints) {
    for (const line of form.querySelectorAll(".kern-error")) {
      const field = line.closest(".field");
      field?.classList.remove("kern-form-input--error", "kern-fieldset--error");
      field?.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
      line.remove();
    }
    for (const [id, messages] of Object.entries(hints)) hint(id, messages);
    if (Object.keys(hints).length) status.append(" ", words.wordsHints);
  }

  function keepHere(text) {
    if (offered) return; // what lies there was never saved, and nobody has decided yet
    const { stamp, opened, page } = form.elements;
    try {
      const entry = { text, stamp: stamp.value, opened: opened.value, page: page.value, at: Date.now() };
      localStorage.setItem(kept, JSON.stringify(entry));
    } catch {
      // a full or forbidden store: the page still holds the text
    }
  }

  function forget() {
    if (offered) return;
    try {
      localStorage.removeItem(kept);
    } catch {
      // nothing was kept
    }
  }

  function later(after) {
    clearTimeout(timer);
    timer = setTimeout(save, after);
  }

  function mark() {
    changed = body() !== sent;
    if (!changed) return;
    if (!blocked) say(words.wordsChanged);
    keepHere(body());
    later(WAIT);
  }

  async function freshToken() {
    // After a new sign-in the old token is void; the page has a new one.
    const answer = await fetch(form.action, { headers: { Accept: "text/html" }, redirect: "manual" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("[data-editor] [name=csrfmiddlewaretoken], [name=csrfmiddlewaretoken]");
    if (!token) return false;
    form.elements.csrfmiddlewaretoken.value = token.value;
    return true;
  }

  async function post(text) {
    const data = new URLSearchParams(text);
    for (const name of ["csrfmiddlewaretoken", "stamp", "opened", "page"]) data.set(name, form.elements[name].value);
    return fetch(form.action, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
      redirect: "manual",
    });
  }

  async function save() {
    clearTimeout(timer);
    if (busy) {
      later(500);
      return;
    }
    const text = body();
    if (text === sent) return;
    busy = true;
    if (!blocked) say(words.wordsSaving);
    try {
      let answer = await post(text);
      if (answer.status === 403 && (await freshToken())) answer = await post(text);
      await heard(answer, text);
    } catch {
      say(words.wordsOffline, "late");
      later(RETRY);
    } finally {
      busy = false;
    }
  }

  async function heard(answer, text) {
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      blocked = true;
      say(words.wordsSignedOut, "risk");
      link(`${form.dataset.signIn}?next=${encodeURIComponent("/konto/")}`, words.wordsSignIn, true);
      later(RETRY);
      return;
    }
    if (answer.status !== 200 && answer.status !== 409) throw new Error(String(answer.status));
    const told = await answer.json();
    if (told.merge) {
      blocked = true;
      sent = text;
      changed = false; // the portal keeps this version
      forget();
      say(words.wordsMerge, "late");
      link(told.merge, words.wordsCompare, false);
      return;
    }
    blocked = false;
    sent = text;
    form.elements.stamp.value = told.stamp;
    form.elements.opened.value = text;
    changed = body() !== sent;
    if (!changed) forget();
    say(words.wordsSaved.replace("%s", told.time), "good");
    showHints(told.hints);
    if (told.others.length) status.append(" ", words.wordsOthers.replace("%s", told.others.join(", ")));
    if (changed) later(WAIT);
  }

  function offer() {
    let found = null;
    try {
      found = JSON.parse(localStorage.getItem(kept) || "null");
    } catch {
      // unreadable: nothing to offer
    }
    if (!found || found.text === body()) {
      forget();
      return;
    }
    offered = true;
    say(words.wordsFound, "late");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-btn";
    button.textContent = words.wordsTake;
    button.addEventListener("click", () => {
      // The page with that text comes from the portal, as if it had been sent; then both can be compared.
      const data = new URLSearchParams(found.text);
      data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      data.set("stamp", found.stamp);
      data.set("opened", found.opened || form.elements.opened.value);
      data.set("page", found.page || form.elements.page.value);
      fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual" })
        .then((answer) => answer.json())
        .then((told) => {
          offered = false;
          forget();
          location.assign(told.merge || form.action);
        })
        .catch(() => say(words.wordsOffline, "late"));
    });
    const leave = document.createElement("button");
    leave.type = "button";
    leave.className = "link-btn";
    leave.textContent = words.wordsLeave;
    leave.addEventListener("click", () => {
      offered = false;
      forget();
      say(words.wordsLeft);
    });
    status.append(" ", button, " ", leave);
  }

  sent = changed ? "" : body();
  if (changed) later(WAIT);
  else offer();
  form.addEventListener("input", mark);
  form.addEventListener("change", mark);
  form.addEventListener("rows", mark);
  addEventListener("online", () => changed && later(0));
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    changed = false;
    forget();
  });
  addEventListener("beforeunload", (event) => {
    if (changed && body() !== sent) event.preventDefault();
  });

  // The German text beside its translations follows what is typed above.
  for (const mirror of form.querySelectorAll("[data-mirror]")) {
    const source = document.getElementById(mirror.dataset.mirror);
    source?.addEventListener("input", () => {
      mirror.textContent = source.value;
      mirror.classList.add("beside__text--typed");
    });
  }

  // A link into a folded part opens it.
  function open() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = target && target.closest("details");
    if (!part) return;
    part.open = true;
    target.scrollIntoView();
    if (target.matches("input, textarea, select")) target.focus();
  }
  addEventListener("hashchange", open);
  open();
}
