// Choosing rows of a list: by its checkbox, from one to another with Shift, the whole page. What is chosen stays chosen
// when the rows are fetched again. Without this module the checkboxes and the bar work all the same.
const bar = document.querySelector("[data-bulk-bar]");
const chosen = new Set();
let last = null; // the value of the box pressed before

const boxes = () => [...document.querySelectorAll('input[name="case"][form="bulk-form"]')];
const wholePage = () => document.querySelector("[data-select-page]");
const allThatMatch = bar?.querySelector("[data-select-all]");

function show() {
  for (const box of boxes()) {
    box.checked = chosen.has(box.value) || allThatMatch.checked;
    box.closest("tr").toggleAttribute("data-chosen", box.checked);
  }
  const page = wholePage();
  if (page) {
    page.hidden = false;
    page.checked = boxes().length > 0 && boxes().every((box) => box.checked);
    page.indeterminate = !page.checked && chosen.size > 0;
  }
  bar.hidden = chosen.size === 0 && !allThatMatch.checked;
  bar.querySelector("[data-chosen-number]").textContent = allThatMatch.checked ? "" : chosen.size;
  bar.querySelector(".bulk-number").hidden = allThatMatch.checked;
  bar.querySelector("[data-choose-none]").hidden = false;
}

function choose(box, yes) {
  if (yes) chosen.add(box.value);
  else chosen.delete(box.value);
}

function press(box, event) {
  const all = boxes();
  const from = all.findIndex((each) => each.value === last);
  if (event.shiftKey && from >= 0) {
    const to = all.indexOf(box);
    for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1)) choose(each, box.checked);
  } else {
    choose(box, box.checked);
  }
  if (!box.checked) allThatMatch.checked = false;
  last = box.value;
  show();
}

if (bar) {
  document.addEventListener("click", (event) => {
    if (event.target.matches?.('input[name="case"][form="bulk-form"]')) press(event.target, event);
    else if (event.target.matches?.("[data-select-page]")) {
      for (const box of boxes()) choose(box, event.target.checked);
      if (!event.target.checked) allThatMatch.checked = false;
      document.body.dispatchEvent(new CustomEvent("choose-page"));
      show();
    } else if (event.target.closest?.("[data-choose-none]")) {
      chosen.clear();
      allThatMatch.checked = false;
      show();
    }
  });
  allThatMatch.addEventListener("change", show);
  document.addEventListener("htmx:afterSwap", (event) => event.detail.target.id === "rows" && show());
  // A row that left the page while it was chosen is still meant: it goes with the form as a field of its own.
  bar.addEventListener("formdata", (event) => {
    const there = new Set(boxes().map((box) => box.value));
    for (const value of chosen) if (!there.has(value)) event.formData.append("case", value);
  });
  window.addEventListener("pageshow", () => {
    for (const box of boxes()) if (box.checked) chosen.add(box.value);
    show();
  });
  show();
}
