// The page of coverage is complete without this. The drawing becomes a map to explore when it is in view; in light mode,
// when it is asked for.
import { isLight } from "./light.js";
import { kept } from "./memory.js";

const frame = document.querySelector("[data-map]");
const button = frame.querySelector("[data-load]");
const note = document.querySelector("[data-note]");
const words = document.querySelector("template[data-words]").dataset;

async function load() {
  button.hidden = true;
  note.textContent = words.loading;
  try {
    const [{ openCoverage }] = await Promise.all([import("./coverage_map.js"), import(frame.dataset.leaflet)]);
    await openCoverage(frame, words, note);
  } catch (error) {
    console.warn(error);
    note.textContent = words.failed;
    button.textContent = words.retry;
    button.hidden = false;
  }
}

button.addEventListener("click", load);
if (isLight(kept("leger"), navigator.connection, matchMedia("(prefers-reduced-data: reduce)").matches)) button.hidden = false;
else {
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    load();
  }).observe(frame);
}
