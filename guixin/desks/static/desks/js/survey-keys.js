// Answers typed while somebody is on the phone: a digit chooses a point of the question at hand, or the word at that place in its
// list, and goes on to the next question. 1 and 0 shortly after each other are ten.
const SOON = 700;
let last = { row: null, at: 0 };

function rows(form) {
  return [...form.querySelectorAll("fieldset.survey-row")].filter((row) => !row.closest("[hidden]") && row.querySelector("[type=radio]"));
}

function atHand(form) {
  const focused = document.activeElement?.closest("fieldset.survey-row");
  return focused && form.contains(focused) ? focused : rows(form).find((row) => !row.querySelector(":checked"));
}

function choose(form, point) {
  point.checked = true;
  point.dispatchEvent(new Event("change", { bubbles: true }));
  const here = rows(form);
  const next = here[here.indexOf(point.closest("fieldset")) + 1];
  (next?.querySelector(":checked") ?? next?.querySelector("[type=radio]") ?? form.querySelector("[type=submit]")).focus();
}

document.addEventListener("keydown", (event) => {
  const form = document.querySelector("form[data-digits]");
  const target = event.target;
  if (!form || !/^[0-9]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (target.matches?.("textarea, select, input:not([type=radio])")) return;
  const isTen = event.key === "0" && last.row?.querySelector("[value='10']") && Date.now() - last.at < SOON;
  const row = isTen ? last.row : atHand(form);
  if (!row) return;
  const points = [...row.querySelectorAll("[type=radio]")];
  const isScale = Boolean(row.querySelector(".survey-points"));
  const wanted = isTen ? "10" : event.key;
  const point = isScale ? points.find((each) => each.value === wanted) : points[Number(event.key) - 1];
  if (!point) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  last = event.key === "1" ? { row, at: Date.now() } : { row: null, at: 0 };
  choose(form, point);
}, true);
