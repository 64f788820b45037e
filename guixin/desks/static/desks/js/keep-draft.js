// What a customer types survives a reload or a step back, in this tab and nowhere else, until it has been sent.
const form = document.querySelector("form[data-keep-draft]");
const sent = document.querySelector("[data-drop-draft]");

function key(name, field) {
  return `draft:${name}:${field}`;
}

if (form) {
  for (const field of form.querySelectorAll("[data-keep]")) {
    const kept = key(form.dataset.keepDraft, field.name);
    field.value ||= sessionStorage.getItem(kept) ?? "";
    field.addEventListener("input", () => sessionStorage.setItem(kept, field.value));
  }
}

if (sent) {
  const kept = Object.keys(sessionStorage).filter((each) => each.startsWith(key(sent.dataset.dropDraft, "")));
  for (const each of kept) sessionStorage.removeItem(each);
}
