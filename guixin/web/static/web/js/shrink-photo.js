// A photo of more than 2 MB is made smaller before it is sent: a phone on a shop floor has a weak signal. Without
// this, or where it fails, the photo is sent as it is and the server makes of it what it makes of every photo.
// The server does not read HEIC and AVIF, so it could not take out where they were taken: a browser that reads them (an
// iPhone's does) writes them anew as JPEG, whatever their size.
const LARGE = 2 * 1024 * 1024;
const LONGEST = 2560;
const PHOTOS = new Set(["image/jpeg", "image/png", "image/webp"]);
const UNREAD = new Set(["image/heic", "image/heif", "image/avif"]);

function isToBeWrittenAnew(file) {
  return UNREAD.has(file.type) || (file.size > LARGE && PHOTOS.has(file.type));
}

async function smaller(file) {
  if (!isToBeWrittenAnew(file)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const ground = canvas.getContext("2d");
    ground.fillStyle = "white"; // JPEG knows no transparency
    ground.fillRect(0, 0, canvas.width, canvas.height);
    ground.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!small || (small.size >= file.size && !UNREAD.has(file.type))) return file;
    return new File([small], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}

function size(bytes) {
  return bytes > 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} kB`;
}

function list(input) {
  const place = input.closest(".attach")?.querySelector("[data-attach-chosen]");
  if (place) place.textContent = [...input.files].map((file) => `${file.name} (${size(file.size)})`).join(" · ");
}

document.addEventListener("change", async (event) => {
  const input = event.target;
  if (!input.matches?.("input[type=file][data-shrink-photo]")) return;
  const place = input.closest(".attach")?.querySelector("[data-attach-chosen]");
  if ([...input.files].some(isToBeWrittenAnew)) {
    const buttons = input.form?.querySelectorAll("[type=submit]:not([disabled])") ?? [];
    for (const button of buttons) button.disabled = true;
    if (place) place.textContent = place.dataset.makingSmaller ?? "";
    const chosen = new DataTransfer();
    for (const file of [...input.files]) chosen.items.add(await smaller(file));
    input.files = chosen.files;
    for (const button of buttons) button.disabled = false;
  }
  list(input);
  if (input.files.length) input.dispatchEvent(new CustomEvent("files-ready", { bubbles: true }));
});

// A form that comes back refused keeps its files; a browser would forget them with the old input. `data-choose-anew`
// says that the server has them by now.
let kept = new Map();

document.addEventListener("htmx:beforeSwap", (event) => {
  const inputs = event.detail.target.querySelectorAll("input[type=file][id]");
  kept = new Map([...inputs].filter((each) => each.files.length).map((each) => [each.id, each.files]));
});

document.addEventListener("htmx:afterSwap", () => {
  for (const [id, files] of kept) {
    const input = document.getElementById(id);
    if (input?.type === "file" && !input.files.length && !("chooseAnew" in input.dataset)) {
      input.files = files;
      input.closest("details")?.setAttribute("open", "");
      list(input);
    }
  }
  kept.clear();
});
