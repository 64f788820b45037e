// The palette: one field; below it what the server found, the acts of this page and the pages of the rail.
// The field keeps the focus and names the chosen line (combobox with a list). An answer that was overtaken is dropped.
const WAIT = 120;
const AT_MOST = 8;

const dialog = document.querySelector("[data-palette]");
const field = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const nothing = dialog?.querySelector("[role=status]");
const headings = dialog?.querySelector("[data-words]").dataset;
let waiting = 0;
let asked = null;
let acts = [];
let found = []; // what the server found last; stays until its next answer

const text = (element) =>
  (element.dataset.keyWords ?? element.querySelector(":scope > span:not(.visually-hidden)")?.textContent ?? element.textContent)
    .trim()
    .replace(/\s+/g, " ");

/** What can be done here: the controls of the page that have a key or open an act, and the links of the rail. */
function actsHere() {
  const of = (selector, heading) =>
    [...document.querySelectorAll(selector)].map((control) => ({ control, heading, words: text(control) }));
  return [
    ...of("main [data-key]:is(a, button, summary), main a.act-entry:not([data-key])", headings.acts),
    ...of(".rail a[href]:not(.rail-name), .palette-pages a", headings.pages),
  ].filter((each) => each.words);
}

function matching(typed) {
  const wanted = typed.toLowerCase();
  const found = acts.filter((each) => each.words.toLowerCase().includes(wanted));
  return typed ? found.slice(0, AT_MOST) : found;
}

function drawActs(typed) {
  const groups = new Map();
  for (const each of matching(typed)) groups.set(each.heading, [...(groups.get(each.heading) ?? []), each]);
  return [...groups].map(([heading, found]) => {
    const section = document.createElement("section");
    const title = document.createElement("h2");
    title.textContent = heading;
    section.append(title);
    for (const { control, words } of found) {
      const line = document.createElement("div");
      line.setAttribute("role", "option");
      line.textContent = words;
      const key = control.dataset.keyShown ?? control.dataset.key;
      if (key) {
        const shown = document.createElement("kbd");
        shown.textContent = key;
        line.append(shown);
      }
      line.addEventListener("click", () => {
        dialog.close();
        control.closest("details:not([open])")?.setAttribute("open", "");
        control.click();
      });
      section.append(line);
    }
    return section;
  });
}

function show(typed) {
  list.replaceChildren(...found, ...drawActs(typed));
  const options = list.querySelectorAll("a[href], [role=option]");
  options.forEach((option, at) => {
    option.id = `palette-option-${at}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.tabIndex = -1;
  });
  for (const section of list.querySelectorAll("section")) {
    section.setAttribute("role", "group");
    const title = section.querySelector("h2, h3");
    if (title) section.setAttribute("aria-label", title.textContent);
    title?.setAttribute("role", "presentation");
  }
  nothing.hidden = options.length > 0;
  choose(options[0]);
}

function choose(option) {
  list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
}

function move(by) {
  const options = [...list.querySelectorAll("[role=option]")];
  const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
  choose(options[(at + by + options.length) % options.length]);
}

async function ask(typed) {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  try {
    const answer = await fetch(`${dialog.dataset.find}?${new URLSearchParams({ q: typed })}`, {
      headers: { "HX-Request": "true", "HX-Target": "palette-found" },
      signal,
    });
    const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
    if (signal.aborted || field.value.trim() !== typed) return;
    found = [...page.body.children];
    show(typed);
  } catch (wrong) {
    if (wrong.name === "AbortError") return;
    found = [];
    show(typed);
  }
}

function typed() {
  const said = field.value.trim();
  clearTimeout(waiting);
  if (said) waiting = setTimeout(ask, WAIT, said);
  else {
    asked?.abort();
    found = [];
  }
  show(said); // the acts at once; what the server knows follows
}

if (dialog) {
  dialog.addEventListener("opening", () => {
    acts = actsHere();
    field.value = "";
    found = [];
    show("");
  });
  field.addEventListener("input", typed);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      list.querySelector("[aria-selected=true]")?.click();
    }
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
