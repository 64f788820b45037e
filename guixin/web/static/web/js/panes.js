// The panes of the console: which row of the list is open, the next and the previous one, and both side panes hidden.
const HIDDEN = "guixin-panes";

const numberOf = (address) => new URL(address, location.href).pathname.split("/").at(-1);

function markOpen() {
  const open = numberOf(location.href);
  for (const row of document.querySelectorAll("[data-list-pane] [data-number]")) {
    if (row.dataset.number === open) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-list-pane] [data-number]")];
  const at = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const to = rows[at + by];
  to?.click();
  to?.scrollIntoView({ block: "nearest" });
}

function showPanes(yes) {
  document.querySelector("[data-desk]")?.setAttribute("data-panes", yes ? "on" : "off");
  document.querySelector("[data-panes-toggle]")?.setAttribute("aria-pressed", yes ? "false" : "true");
}

document.addEventListener("click", (event) => {
  const stepper = event.target.closest("[data-step]");
  if (stepper) step(Number(stepper.dataset.step));
  if (event.target.closest("[data-panes-toggle]")) {
    const off = sessionStorage.getItem(HIDDEN) !== "off";
    sessionStorage.setItem(HIDDEN, off ? "off" : "on");
    showPanes(!off);
  }
});

// The next case opens at the tab that is being read.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const side = document.getElementById("side")?.dataset.side;
  if (detail.target.id === "case" && side && side !== "customer") detail.parameters.side = side;
});

// What has the focus never lies under the bar of a case, however tall its strips have grown (WCAG 2.4.11).
const bars = new ResizeObserver((seen) => {
  for (const { target } of seen) {
    target.closest(".case-main")?.style.setProperty("--case-bar", `${target.offsetHeight + 8}px`);
  }
});

function watchBar() {
  const bar = document.querySelector(".case-main .case-top");
  if (bar) bars.observe(bar);
}

document.addEventListener("htmx:pushedIntoHistory", markOpen);
document.addEventListener("htmx:afterSettle", (event) => {
  markOpen();
  watchBar();
  if (event.detail.elt.id === "case") showPanes(sessionStorage.getItem(HIDDEN) !== "off");
});

if (document.querySelector("[data-desk]")) {
  showPanes(sessionStorage.getItem(HIDDEN) !== "off");
  document.querySelector("[data-list-pane] [aria-current]")?.scrollIntoView({ block: "nearest" });
}
watchBar();
