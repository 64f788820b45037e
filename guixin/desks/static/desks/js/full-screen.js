// The wall view without leaving the page: the link works by itself, this only takes the whole screen as well.
const board = document.body;

document.addEventListener("click", (event) => {
  const opens = event.target.closest("[data-full-screen]");
  if (!opens || !document.documentElement.requestFullscreen) return;
  event.preventDefault();
  board.classList.toggle("is-wall");
  if (board.classList.contains("is-wall")) document.documentElement.requestFullscreen().catch(() => {});
  else if (document.fullscreenElement) document.exitFullscreen();
});

document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement) board.classList.remove("is-wall");
});
