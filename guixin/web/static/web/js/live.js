// Live updates: the server hints that something changed, and the parts that show it fetch themselves again.
// A part says which hint it wants: hx-trigger="live-case from:body". The stream is closed while nobody looks (a browser
// opens only six connections to one address); without a stream the parts are asked for now and then all the same.
const HINTS = ["case", "list", "numbers"];
const WITHOUT_STREAM = 5_000;
const EVERY_MINUTE = 60_000; // what is left of a promise changes by itself; the server says how much

const address = document.body.dataset.live;
let stream = null;
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

function listen() {
  if (stream || document.hidden) return;
  stream = new EventSource(address);
  for (const each of HINTS) stream.addEventListener(each, () => hint(each));
  stream.addEventListener("open", () => askNowAndThen(false));
  stream.addEventListener("error", () => askNowAndThen(!document.hidden));
}

function rest() {
  stream?.close();
  stream = null;
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
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", (event) => event.persisted && listen());
}
