// A fragment that is polled must not close what the reader opened, nor take the focus away. A link that is
// replaced by what it opens (aria-expanded) hands the focus to the first field there.
let opened = new Set();
let closed = new Set();
let focused = "";
let wasEntry = false;

document.addEventListener("htmx:beforeSwap", (event) => {
  const inside = event.detail.target.querySelectorAll("details[id]");
  opened = new Set([...inside].filter((each) => each.open).map((each) => each.id));
  closed = new Set([...inside].filter((each) => !each.open).map((each) => each.id));
  const active = document.activeElement?.closest("details[id], a[id][aria-expanded]");
  focused = active?.id ?? "";
  wasEntry = active?.matches("a") ?? false;
});

document.addEventListener("htmx:afterSwap", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const id of closed) document.getElementById(id)?.removeAttribute("open");
  const shown = focused ? document.getElementById(focused) : null;
  // htmx gives the focus to what has the same id, and what is too long for its place, and scrolls, takes it.
  if (shown && [document.body, shown].includes(document.activeElement)) {
    const field = wasEntry ? shown.querySelector("textarea, select, input:not([type=hidden])") : null;
    (field ?? shown.querySelector("summary"))?.focus({ preventScroll: !field });
  }
});
