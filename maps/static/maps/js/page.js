// The page's own script: menus that close, a position that is asked for, and the map when it is in view. The page is
// complete without it.
import { isLight } from "./light.js";
import { keep, kept } from "./memory.js";
import { isState, readState, withState } from "./question.js";

const LIGHT = "leger"; // the person's choice, kept in their browser

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

// To skip is not to leave: what stands after "#" stays the map's.
for (const skip of document.querySelectorAll(".skip")) {
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector(skip.hash).focus();
  });
}

const light = isLight(kept(LIGHT), navigator.connection, matchMedia("(prefers-reduced-data: reduce)").matches);

// Something that is done on a tap, by a file that is loaded then, and that says how it went.
const onTap = (part, act) => {
  const said = part.querySelector("[data-said]");
  const button = part.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () =>
    act(part.dataset, (text) => {
      said.textContent = text;
    }),
  );
};

for (const part of document.querySelectorAll("[data-here]")) {
  const field = document.querySelector("[data-suggest]");
  onTap(part, async ({ around, aloud, ...told }, say) => {
    const { locate } = await import("./here.js").catch(() => ({ locate: () => say(told.absent) }));
    // What is in the field by now is what is asked.
    const changed = field.value.trim() && field.value !== field.defaultValue;
    const address = changed ? `${field.form.action}?${new URLSearchParams({ q: `${field.value} ${aloud}` })}` : around;
    locate(told, address, say);
  });
}

for (const part of document.querySelectorAll("[data-share]")) {
  onTap(part, async (told, say) => {
    const url = told.url + ("private" in told ? "" : location.hash);
    const { share } = await import("./share.js").catch(() => ({ share: () => say(told.failed.replace("{url}", url)) }));
    share({ ...told, url }, say);
  });
}

for (const choice of document.querySelectorAll("[data-light]")) {
  choice.hidden = false;
  choice.setAttribute("aria-checked", light);
  choice.addEventListener("click", () => {
    keep(LIGHT, light ? "off" : "on");
    location.reload();
  });
}

// Suggestions cost a request for each pause in typing: a reader who saves data keeps the plain field.
for (const field of light ? [] : document.querySelectorAll("[data-suggest]")) {
  const enhance = () => import("./suggest.js").then(({ attach }) => attach(field), console.warn);
  if (document.activeElement === field) enhance();
  else field.addEventListener("focus", enhance, { once: true });
}

const frame = document.querySelector("[data-map]");
if (frame) {
  const button = frame.querySelector("[data-load]");
  const toggle = document.querySelector("[data-toggle]");
  const split = document.querySelector("[data-split]");
  let asked = false;

  const load = async () => {
    if (asked) return;
    asked = true;
    const words = document.querySelector("template[data-words]").dataset;
    const note = document.querySelector("[data-note]");
    button.hidden = true;
    note.textContent = words.loading;
    try {
      const [{ open }] = await Promise.all([import("./map.js"), import(frame.dataset.leaflet)]);
      await open(frame, words, note, light);
    } catch (error) {
      console.warn(error);
      asked = false;
      note.textContent = words.failed;
      button.textContent = words.retry;
      button.hidden = false;
    }
  };

  // A phone shows the list or the map, as the address says.
  const turn = () => {
    const { showsMap } = readState(location.hash);
    split.dataset.view = showsMap ? "map" : "list";
    toggle.textContent = showsMap ? toggle.dataset.listWords : light && !asked ? button.textContent : toggle.dataset.mapWords;
  };

  button.addEventListener("click", load);
  toggle.hidden = false;
  turn();
  addEventListener("popstate", () => isState(location.hash) && turn());
  toggle.addEventListener("click", () => {
    const showsMap = split.dataset.view !== "map";
    history.pushState(null, "", withState(location.href, { showsMap }));
    turn();
    if (!showsMap) return;
    load();
    toggle.scrollIntoView();
  });
  if (light) button.hidden = false;
  else {
    new IntersectionObserver((entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      load();
    }).observe(frame);
  }
}

// The last pages stay at hand for when the line drops (templates/maps/sw.js): from the second page on, as the first may
// be the only one; never in another site's frame.
if (top === self && document.referrer.startsWith(location.origin)) {
  addEventListener("load", () => navigator.serviceWorker?.register("/sw.js").catch(console.warn));
}
