// A fragment that is polled must not close what the reader opened, nor take the focus away. A link that is
// replaced by what it opens (aria-expanded) hands the focus to its summary.
let opened = new Set();
let closed = new Set();
let focused = "";

document.addEventListener("htmx:beforeSwap", (event) => {
  const inside = event.detail.target.querySelectorAll("details[id]");
  opened = new Set([...inside].filter((each) => each.open).map((each) => each.id));
  closed = new Set([...inside].filter((each) => !each.open).map((each) => each.id));
  focused = document.activeElement?.closest("details[id], a[id][aria-expanded]")?.id ?? "";
});

document.addEventListener("htmx:afterSwap", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const id of closed) document.getElementById(id)?.removeAttribute("open");
  if (focused && document.activeElement === document.body) {
    document.getElementById(focused)?.querySelector("summary")?.focus({ preventScroll: true });
  }
});
