// The keys of the console. A control says which key presses it: data-key="e", or a chord, data-key="g h".
// Single keys do nothing while somebody types, composes a word, holds Alt, or when they were switched off; a person may
// have moved them (data-own-keys, from what is usual to what they chose). No key of the browser's own is taken.
const CHORD_WITHIN = 1_500;
const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
const ROWS = "[data-row], table.queue tbody tr:not(.group-head)";
const TARGETS = ".row-link, a[href]";

const facts = document.documentElement.dataset;
const own = JSON.parse(facts.ownKeys ?? "{}");
const usual = new Map(Object.entries(own).map(([was, is]) => [is, was]));
let begun = ""; // the first key of a chord
let begunAt = 0;

/** The usual key for the one that was pressed; nothing for a key whose meaning was moved away. */
function meaning(pressed) {
  if (usual.has(pressed)) return usual.get(pressed);
  return pressed in own ? "" : pressed;
}

const isTyping = (element) => Boolean(element?.closest?.(FIELDS));
const isSeen = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;

/** Press the control of a key: the first one that is seen, else one that is folded away. */
function press(key) {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter((each) => !each.disabled);
  const control = all.find(isSeen) ?? all[0];
  if (!control) return false;
  control.closest("details:not([open])")?.setAttribute("open", "");
  control.focus();
  if (!isTyping(control)) control.click();
  return true;
}

/** Whether something was written on this page that leaving it would lose. */
function isWritten() {
  return [...document.querySelectorAll("main :is(textarea, input[type=text])")].some((each) => each.value !== each.defaultValue);
}

function rows() {
  return [...document.querySelectorAll(ROWS)].filter(isSeen);
}

const target = (row) => (row.matches("a") ? row : row.querySelector(TARGETS));

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const focused = all.findIndex((row) => row.contains(document.activeElement));
  const from = focused >= 0 ? focused : all.findIndex((row) => row.matches("[aria-current]"));
  const to = all[Math.min(Math.max(from + by, 0), all.length - 1)];
  target(to)?.focus();
  to.scrollIntoView({ block: "nearest" });
  return true;
}

function select(range) {
  const box = rows().find((row) => row.contains(document.activeElement))?.querySelector("input[type=checkbox]");
  box?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: range }));
  return Boolean(box);
}

function undo() {
  const all = document.querySelectorAll("[data-undo]:is(button, a), [data-undo] button");
  all[all.length - 1]?.click();
  return all.length > 0;
}

function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return false;
  dialog.dispatchEvent(new Event("opening"));
  dialog.showModal();
  return true;
}

function act(key, event) {
  if (begun && event.timeStamp - begunAt < CHORD_WITHIN) {
    const chord = `${begun} ${event.key}`;
    begun = "";
    return press(chord);
  }
  begun = "";
  if (key === "g") {
    begun = "g";
    begunAt = event.timeStamp;
    return true;
  }
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
  if (key.toLowerCase() === "x") return select(event.shiftKey);
  if (key === "/") return open("palette");
  if (key === "?") return open("keys-help");
  return press(key);
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.altKey) return;
  const command = event.ctrlKey || event.metaKey;
  if (command && !event.shiftKey && event.key.toLowerCase() === "k") {
    if (open("palette")) event.preventDefault();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (command) {
    if (event.key.toLowerCase() === "z" && !event.shiftKey && !isTyping(event.target) && undo()) event.preventDefault();
    return;
  }
  if (event.key === "Escape") {
    if (isTyping(event.target)) event.target.blur();
    else if (!isWritten()) press("Escape");
    return;
  }
  if (facts.keys === "off" || isTyping(event.target) || event.key.length !== 1) return;
  const key = meaning(event.key) || meaning(event.key.toLowerCase());
  if (key && act(key, event)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) open(opener.dataset.opens);
});

// What stands beside a control is the key that works for this person.
function showOwn() {
  for (const control of document.querySelectorAll("[data-key]")) {
    if (control.dataset.key in own) control.dataset.keyShown = own[control.dataset.key];
  }
}
if (usual.size) {
  showOwn();
  document.addEventListener("htmx:afterSettle", showOwn);
}

// The help lists the keys of the page at hand, by the words of their controls.
function words(control) {
  const said = control.dataset.keyWords ?? control.getAttribute("aria-label") ?? control.title;
  return (said || control.labels?.[0]?.textContent || control.textContent).trim().replace(/\s+/g, " ");
}

document.getElementById("keys-help")?.addEventListener("opening", ({ currentTarget: help }) => {
  const listed = new Map();
  for (const control of document.querySelectorAll("[data-key]")) {
    if (!listed.has(control.dataset.key) && control.dataset.key !== "Escape") listed.set(control.dataset.key, words(control));
  }
  const list = help.querySelector("[data-page-keys]");
  list.replaceChildren();
  for (const [key, said] of listed) {
    const [name, what] = [document.createElement("dt"), document.createElement("dd")];
    for (const each of (own[key] ?? key).split(" ")) {
      const shown = document.createElement("kbd");
      shown.textContent = each;
      name.append(shown, " ");
    }
    what.textContent = said;
    list.append(name, what);
  }
  for (const each of help.querySelectorAll("[data-usual]")) each.textContent = own[each.dataset.usual] ?? each.dataset.usual;
  for (const each of help.querySelectorAll("[data-when]")) {
    each.hidden = each.nextElementSibling.hidden = !document.querySelector(each.dataset.when);
  }
});
