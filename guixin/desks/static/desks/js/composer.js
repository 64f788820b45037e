// The composer of a case: tabs without a request, drafts kept while typing, Ctrl+Enter sends, "/" offers templates.
// Everything works by event delegation, since the case may be swapped in beside its list. Without this file the tabs
// and templates are links, and the forms plain posts.
const KEEP_AFTER = 700; // ms without typing
const SLASH = /(^|\n)([/、])([^\s/、]*)$/u; // a Chinese input method writes 、 for the same key

const composing = (event) => event.isComposing || event.keyCode === 229;
const composerOf = (node) => node.closest?.("[data-composer]");
const panelOf = (node) => node.closest?.("[data-panel]");
const openPanel = (composer) => composer?.querySelector("[data-panel]:not([hidden])");
const wordsOf = (panel) => panel?.querySelector("[data-words]");

// -- tabs -------------------------------------------------------------------------------------------------------

function show(composer, which) {
  for (const panel of composer.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== which;
  for (const tab of composer.querySelectorAll("[data-say]")) {
    if (tab.dataset.say === which) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  wordsOf(openPanel(composer))?.focus();
}

// -- drafts -----------------------------------------------------------------------------------------------------

const waiting = new WeakMap();
const changed = new Set();

function keepSoon(panel) {
  changed.add(panel);
  clearTimeout(waiting.get(panel));
  waiting.set(panel, setTimeout(() => keep(panel), KEEP_AFTER));
}

async function keep(panel) {
  clearTimeout(waiting.get(panel));
  if (!changed.delete(panel)) return;
  const line = composerOf(panel)?.querySelector("[data-kept]");
  const said = new FormData(panel);
  said.delete("attachments"); // a draft is words; files go once, with what is sent
  const answer = await fetch(panel.dataset.draft, { method: "POST", body: said, keepalive: true }).catch(
    () => null,
  );
  if (line) line.textContent = answer?.ok ? line.dataset.words : "";
  if (!answer?.ok) changed.add(panel);
}

function keepAll() {
  for (const panel of [...changed]) keep(panel);
}

// -- the menu of templates --------------------------------------------------------------------------------------

function menuOf(words) {
  return words.closest(".composer-words")?.querySelector("[data-menu]");
}

const coming = new WeakMap();

// Fetched when the field is entered, so that it is there when "/" is typed.
function fetchMenu(words) {
  const menu = menuOf(words);
  if (menu && !menu.childElementCount && !coming.has(menu)) coming.set(menu, fillMenu(words, menu));
  return menu ? coming.get(menu) : undefined;
}

async function fillMenu(words, menu) {
  const answer = await fetch(menu.dataset.from, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok) menu.innerHTML = await answer.text();
  else coming.delete(menu);
}

async function openMenu(words) {
  const menu = menuOf(words);
  if (!menu) return;
  if (!words.hasAttribute("aria-controls")) {
    await fetchMenu(words);
    if (!menu.childElementCount) return;
    const list = menu.querySelector("[role=listbox]");
    if (!list) return void (menu.hidden = false);
    list.id = `templates-${words.id}`;
    words.setAttribute("aria-controls", `templates-${words.id}`);
    words.setAttribute("aria-autocomplete", "list");
  }
  filter(words);
}

function typedAfterSlash(words) {
  return words.value.slice(0, words.selectionStart).match(SLASH);
}

function filter(words) {
  const menu = menuOf(words);
  const typed = typedAfterSlash(words);
  if (!menu || !typed) return closeMenu(words);
  const wanted = typed[3].toLowerCase();
  const notes = panelOf(words).dataset.panel === "note";
  const fits = [];
  for (const option of menu.querySelectorAll("[role=option]")) {
    const its = option.dataset.find.split(" ");
    const fit = (option.dataset.kind === "note") === notes && its.some((each) => each.includes(wanted));
    option.hidden = !fit;
    if (fit) fits.push(option);
  }
  fits.sort((one, other) => begins(other, wanted) - begins(one, wanted));
  const none = menu.querySelector("[data-none]");
  if (none && menu.querySelector("[role=listbox]")) none.hidden = fits.length > 0;
  menu.hidden = false;
  select(words, fits[0]);
}

function begins(option, wanted) {
  return option.dataset.find.split(" ")[0] === wanted ? 2 : option.dataset.find.startsWith(wanted) ? 1 : 0;
}

function select(words, option) {
  for (const each of menuOf(words).querySelectorAll("[aria-selected=true]")) each.setAttribute("aria-selected", "false");
  if (!option) return words.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  words.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function selected(words) {
  return menuOf(words)?.querySelector("[aria-selected=true]:not([hidden])");
}

function move(words, by) {
  const options = [...menuOf(words).querySelectorAll("[role=option]:not([hidden])")];
  const at = options.indexOf(selected(words));
  if (options.length) select(words, options[(at + by + options.length) % options.length]);
}

function closeMenu(words) {
  const menu = menuOf(words);
  if (menu) menu.hidden = true;
  words.removeAttribute("aria-activedescendant");
}

function isOpen(words) {
  const menu = menuOf(words);
  return menu && !menu.hidden;
}

function set(panel, name, value) {
  const field = panel.elements[name];
  if (!field) return;
  if (field.type === "checkbox") field.checked = Boolean(value);
  else if (value !== undefined) field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function choose(words, option) {
  const panel = panelOf(words);
  const typed = typedAfterSlash(words);
  const end = words.selectionStart;
  const start = typed ? end - typed[2].length - typed[3].length : end;
  words.setRangeText(option.dataset.body, start, end, "end");
  if (panel.dataset.panel === "reply") {
    set(panel, "kind", option.dataset.kind);
    set(panel, "template", option.dataset.template);
    set(panel, "settle", "settle" in option.dataset);
    set(panel, "department", option.dataset.department);
    set(panel, "quality_point", option.dataset.qualityPoint);
    set(panel, "cause", option.dataset.cause);
    set(panel, "task_for", option.dataset.taskFor ?? "");
    set(panel, "instruction", option.dataset.instruction ?? "");
    set(panel, "opens_next", "opensNext" in option.dataset);
    const besides = panel.querySelector(".composer-task-besides");
    if (besides) besides.open = Boolean(option.dataset.taskFor);
  }
  closeMenu(words);
  words.focus();
  keepSoon(panel);
}

function offerTemplates(composer) {
  const words = wordsOf(openPanel(composer));
  if (!words || !menuOf(words)) return;
  words.focus();
  if (!typedAfterSlash(words)) {
    const before = words.value.slice(0, words.selectionStart);
    words.setRangeText(before && !before.endsWith("\n") ? "\n/" : "/", words.selectionStart, words.selectionEnd, "end");
  }
  openMenu(words);
}

// -- files ------------------------------------------------------------------------------------------------------

// A screenshot pasted into the words is one more file.
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  const input = event.target.matches?.("[data-words]") && panelOf(event.target)?.elements.attachments;
  if (!input || !files.length || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  const chosen = new DataTransfer();
  for (const file of [...input.files, ...files]) chosen.items.add(file);
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// -- presence ---------------------------------------------------------------------------------------------------

function tellPresence() {
  const form = document.querySelector("[data-presence]");
  if (!form) return;
  const words = document.activeElement?.matches("[data-words]") && document.activeElement.value.trim();
  form.elements.doing.value = document.hidden || !document.hasFocus() ? "open" : words ? "writing" : "viewing";
}

// Told at once, not with the next sign of life: this is what colleagues need to know.
function sayWriting() {
  const form = document.querySelector("[data-presence]");
  if (form && form.elements.doing.value !== "writing") form.dispatchEvent(new CustomEvent("writing"));
}

function sayGone() {
  const form = document.querySelector("[data-presence]");
  if (!form) return;
  const said = new FormData(form);
  said.set("doing", "gone");
  fetch(form.action, { method: "POST", body: said, keepalive: true }).catch(() => null);
}

// -- events -----------------------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const composer = composerOf(event.target);
  if (!composer || event.ctrlKey || event.metaKey) return;
  const tab = event.target.closest("[data-say]");
  const option = event.target.closest("[role=option][data-template]");
  if (tab) {
    event.preventDefault();
    show(composer, tab.dataset.say);
  } else if (event.target.closest("[data-open-templates]")) {
    event.preventDefault();
    offerTemplates(composer);
  } else if (option) {
    choose(wordsOf(panelOf(option)), option);
  }
});

document.addEventListener("input", (event) => {
  const panel = panelOf(event.target);
  if (!panel) return;
  keepSoon(panel);
  sayWriting();
  if (!event.target.matches("[data-words]") || event.isComposing) return;
  if (typedAfterSlash(event.target)) openMenu(event.target);
  else closeMenu(event.target);
});

document.addEventListener("compositionend", (event) => {
  if (event.target.matches?.("[data-words]") && typedAfterSlash(event.target)) openMenu(event.target);
});

document.addEventListener("change", (event) => {
  const panel = panelOf(event.target);
  if (!panel) return;
  if (event.target.name === "channel") {
    for (const each of panel.querySelectorAll("[data-audience]")) each.hidden = each.dataset.audience !== event.target.value;
  }
  keepSoon(panel);
});

document.addEventListener(
  "keydown",
  (event) => {
    const panel = panelOf(event.target);
    if (!panel || composing(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      changed.delete(panel);
      clearTimeout(waiting.get(panel));
      const send = panel.querySelector(".composer-send");
      if (!send.disabled) panel.requestSubmit(send); // files may still be on their way to the server
      return;
    }
    const words = event.target.matches("[data-words]") ? event.target : null;
    if (words && isOpen(words)) {
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in steps) move(words, steps[event.key]);
      else if ((event.key === "Enter" || event.key === "Tab") && selected(words)) choose(words, selected(words));
      else if (event.key === "Escape") closeMenu(words);
      else return;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    // Typed faster than the menu came: Enter still takes what it will offer first.
    if (words && event.key === "Enter" && typedAfterSlash(words) && !words.hasAttribute("aria-controls")) {
      event.preventDefault();
      openMenu(words).then(() => selected(words) && choose(words, selected(words)));
      return;
    }
    // Enter in a field of one line would send; in a composer only Ctrl+Enter does.
    if (event.key === "Enter" && event.target.matches("input:not([type=checkbox])")) event.preventDefault();
  },
  true,
);

document.addEventListener("submit", (event) => {
  const panel = panelOf(event.target);
  if (!panel) return;
  clearTimeout(waiting.get(panel)); // what is sent is no draft any more
  changed.delete(panel);
});

document.addEventListener("focusin", (event) => event.target.matches("[data-words]") && fetchMenu(event.target));
document.addEventListener("focusout", (event) => {
  const panel = panelOf(event.target);
  if (panel && event.target.matches("[data-words]")) {
    keep(panel);
    setTimeout(() => {
      const now = document.activeElement;
      if (now !== event.target && !menuOf(event.target)?.contains(now)) closeMenu(event.target);
    }, 200);
  }
});
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.matches?.("[data-presence]")) {
    tellPresence();
    event.detail.parameters.set?.("doing", document.querySelector("[data-presence]").elements.doing.value);
  }
});
document.addEventListener("visibilitychange", () => document.hidden && keepAll());
window.addEventListener("pagehide", () => {
  keepAll();
  sayGone();
});
