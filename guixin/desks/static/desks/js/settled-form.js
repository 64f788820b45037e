// A form with data-settles says "settled" when its writer has paused, so that what stands beside it can follow.
// Nothing is asked while an input method composes. Ctrl+Enter presses the main button.
const PAUSE = 250;
const waiting = new WeakMap();

function settle(form, after) {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => form.dispatchEvent(new CustomEvent("settled", { bubbles: true })), after));
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-settles]");
  if (form && !event.isComposing) settle(form, PAUSE);
});

document.addEventListener("compositionend", (event) => {
  const form = event.target.closest("[data-settles]");
  if (form) settle(form, PAUSE);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-settles]");
  if (form && event.target.matches("select")) settle(form, 0);
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  const form = event.target.closest("[data-settles]");
  if (!form || event.key !== "Enter") return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form.querySelector("[data-main]")?.click();
  } else if (event.target.matches("input:not([type=checkbox], [type=radio])")) {
    event.preventDefault(); // Enter in a line saves nothing by accident
  }
});
