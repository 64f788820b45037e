// The panes of the console: which row of the list is open, the tabs of the side panel, and both panes hidden by one key.
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

function showTab(chosen) {
  for (const tab of chosen.closest("[data-tabs]").querySelectorAll("[aria-controls]")) {
    const is = tab === chosen;
    if (is) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !is;
  }
  const address = new URL(chosen.href);
  history.replaceState(history.state, "", address.pathname + address.search + location.hash);
}

function keepTab(case_) {
  // A colleague's next case opens at the tab that was being read.
  const wanted = sessionStorage.getItem("guixin-side");
  const tab = wanted && case_?.querySelector(`[data-tabs] [aria-controls="${CSS.escape(wanted)}"]`);
  if (tab && !tab.hasAttribute("aria-current")) showTab(tab);
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tabs] [aria-controls]");
  if (tab && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    sessionStorage.setItem("guixin-side", tab.getAttribute("aria-controls"));
    showTab(tab);
  }
  const stepper = event.target.closest("[data-step]");
  if (stepper) step(Number(stepper.dataset.step));
  if (event.target.closest("[data-panes-toggle]")) {
    const off = sessionStorage.getItem(HIDDEN) !== "off";
    sessionStorage.setItem(HIDDEN, off ? "off" : "on");
    showPanes(!off);
  }
});

document.addEventListener("htmx:pushedIntoHistory", markOpen);
document.addEventListener("htmx:afterSettle", (event) => {
  markOpen();
  if (event.detail.elt.id === "case") {
    showPanes(sessionStorage.getItem(HIDDEN) !== "off");
    keepTab(event.detail.elt);
  }
});

if (document.querySelector("[data-desk]")) {
  showPanes(sessionStorage.getItem(HIDDEN) !== "off");
  document.querySelector("[data-list-pane] [aria-current]")?.scrollIntoView({ block: "nearest" });
}
