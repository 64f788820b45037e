// What was sent from a form and came to nothing (no connection, a fault of ours, too large) is said at the form, where
// everything typed still stands. What a page asks by itself, a list or a sign of life, is left alone.
function sentFrom(event) {
  const { elt, requestConfig } = event.detail;
  if (requestConfig?.verb === "get" || elt?.matches("[data-presence], [data-quiet]")) return null;
  return elt?.closest("form");
}

function sentence(answer) {
  const page = answer && new DOMParser().parseFromString(answer, "text/html");
  return page?.querySelector("main p")?.textContent.trim();
}

function say(form, words) {
  form.querySelector(":scope > [data-unanswered]")?.remove();
  const notice = document.createElement("p");
  notice.className = "notice notice-error";
  notice.dataset.unanswered = "";
  notice.setAttribute("role", "alert");
  notice.textContent = words;
  form.prepend(notice);
  notice.scrollIntoView({ block: "nearest" });
}

const wordsFor = (what) => document.getElementById("unanswered")?.content.querySelector(`[data-${what}]`)?.textContent;

document.addEventListener("htmx:responseError", (event) => {
  const form = sentFrom(event);
  const { status, responseText } = event.detail.xhr;
  if (form) say(form, (status < 500 && sentence(responseText)) || wordsFor("fault"));
});
for (const event of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(event, (unsent) => {
    const form = sentFrom(unsent);
    if (form) say(form, wordsFor("unsent"));
  });
}
document.addEventListener("htmx:beforeRequest", (event) => {
  sentFrom(event)?.querySelector(":scope > [data-unanswered]")?.remove();
});
