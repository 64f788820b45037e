// Live updates: the server hints that something changed, and the parts that show it fetch themselves again.
// A part says which hint it wants: hx-trigger="live-case from:body". The stream is closed while nobody looks (a browser
// opens only six connections to one address); without a stream the parts are asked for now and then all the same.
const HINTS = ["case", "list", "numbers"];
const WITHOUT_STREAM = 5_000;
const EVERY_MINUTE = 60_000; // what is left of a promise changes by itself; the server says how much

const address = document.body.dataset.live;
let streams = [];
let instead = null;

function hint(which) {
  document.body.dispatchEvent(new CustomEvent(`live-${which}`));
}

function hintAll() {
  for (const each of HINTS) hint(each);
}

function askNowAndThen(yes) {
  clearInterval(instead);
  instead = yes ? setInterval(hintAll, WITHOUT_STREAM) : null;
}

function open(from) {
  const stream = new EventSource(from);
  for (const each of HINTS) stream.addEventListener(each, () => hint(each));
  stream.addEventListener("open", () => askNowAndThen(false));
  stream.addEventListener("error", () => askNowAndThen(!document.hidden));
  return stream;
}

/** The page's own stream, and that of the case which came into the page later. */
function listen() {
  if (streams.length || document.hidden) return;
  const later = document.querySelector("[data-live-later]")?.dataset.liveLater;
  streams = [address, later].filter(Boolean).map(open);
}

function rest() {
  for (const each of streams) each.close();
  streams = [];
  askNowAndThen(false);
}

if (address) {
  listen();
  setInterval(() => document.hidden || hintAll(), EVERY_MINUTE);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return rest();
    hintAll();
    listen();
  });
  document.addEventListener("htmx:pushedIntoHistory", () => {
    rest();
    listen();
  });
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", (event) => event.persisted && listen());
}
