// Typing in paper forms: the Enter key leads to the next field, what can be no answer is marked at once.
// Without this file Tab leads on, Enter checks, and the server says what is wrong.

const form = document.querySelector("[data-typing]");

if (form) {
  const last = form.querySelector("[data-last]");
  const fields = [...form.querySelectorAll("input:not([type=hidden]), textarea")];

  form.addEventListener("keydown", (event) => {
    const place = fields.indexOf(event.target);
    const inText = event.target.matches("textarea") && !event.ctrlKey;
    if (event.key !== "Enter" || place < 0 || inText || event.isComposing) return;
    event.preventDefault();
    const next = fields[place + 1] ?? last;
    next.focus();
    if (next !== last) next.select();
  });

  form.addEventListener("submit", () => {
    // a second click finds nothing to press; the page that comes is a new one
    setTimeout(() => (last.disabled = true));
  });
  window.addEventListener("pageshow", () => (last.disabled = false));
}
