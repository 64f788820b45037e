// Hides a question of a form until the answer it depends on is given. The server decides again what was asked; without
// this, all questions stand there, each with its condition.
function answers(form, key) {
  const named = form.querySelectorAll(`[name="form-${key}"]`);
  return [...named].filter((each) => !["checkbox", "radio"].includes(each.type) || each.checked).map((each) => each.value);
}

function show(form) {
  for (const question of form.querySelectorAll("[data-asked-if]")) {
    const key = question.dataset.askedIf;
    const before = form.querySelector(`[data-question="${key}"]`);
    const wanted = JSON.parse(question.dataset.askedValues);
    const isAsked = before && !before.hidden && answers(form, key).some((each) => wanted.includes(each));
    question.hidden = !isAsked;
    question.querySelector(".condition")?.setAttribute("hidden", "");
  }
}

function showAll() {
  document.querySelectorAll("form:has([data-asked-if])").forEach(show);
}

document.addEventListener("change", (event) => {
  if (event.target.form?.querySelector("[data-asked-if]")) show(event.target.form);
});
document.addEventListener("htmx:load", showAll);
showAll();
