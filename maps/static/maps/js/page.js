// The page's own script: menus that close, a position that is asked for, and the map when it is in view. The page is
// complete without it.
import { isLight } from "./viewport.js";

// A menu closes with Escape, and when anything outside of it is touched.
const close = (menu) => {
  if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  menu.open = false;
};
const openMenus = () => [...document.querySelectorAll("details.choose[open]")];
addEventListener("keydown", ({ key }) => key === "Escape" && openMenus().forEach(close));
addEventListener("pointerdown", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});

const here = document.querySelector("[data-here]");
if (here) {
  const button = here.querySelector("[data-locate]");
  const said = here.querySelector("[data-said]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { locate } = await import("./here.js");
    locate(here.dataset, (text) => {
      said.textContent = text;
    });
  });
}

const light = isLight(navigator.connection, matchMedia("(prefers-reduced-data: reduce)").matches);

// Suggestions cost a request for each pause in typing: a reader who saves data keeps the plain field.
for (const field of light ? [] : document.querySelectorAll("[data-suggest]")) {
  const enhance = () => import("./suggest.js").then(({ attach }) => attach(field), console.warn);
  if (document.activeElement === field) enhance();
  else field.addEventListener("focus", enhance, { once: true });
}

const frame = document.querySelector("[data-map]");
if (frame) {
  const button = frame.querySelector("[data-load]");
  let asked = false;

  const load = async () => {
    if (asked) return;
    asked = true;
    const words = document.querySelector("[data-words]").dataset;
    const note = document.querySelector("[data-note]");
    button.hidden = true;
    note.textContent = words.loading;
    try {
      const { open } = await import("./map.js");
      await open(frame, words, note, light);
    } catch (error) {
      console.warn(error);
      asked = false;
      note.textContent = words.failed;
      button.textContent = words.retry;
      button.hidden = false;
    }
  };
  button.addEventListener("click", load);

  const toggle = document.querySelector("[data-toggle]");
  const split = document.querySelector("[data-split]");
  toggle.hidden = false;
  if (light) {
    button.hidden = false;
    toggle.textContent = button.textContent;
  } else {
    new IntersectionObserver((entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      load();
    }).observe(frame);
  }
  toggle.addEventListener("click", () => {
    const showMap = split.dataset.view !== "map";
    split.dataset.view = showMap ? "map" : "list";
    toggle.textContent = showMap ? toggle.dataset.listWords : toggle.dataset.mapWords;
    if (showMap) load();
    if (showMap) toggle.scrollIntoView();
  });
}
