// The map of an answer, loaded when it is wanted. It draws what the service counts in view, at every zoom.
import { Ground } from "./ground.js";
import { keep, kept } from "./memory.js";
import { Shown } from "./shown.js";

const LATER = 2; // zoom levels that a saving map waits before it loads the communes: most of its weight
const BACKDROP = "fond"; // the person's choice, kept in their browser
const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;

export async function open(frame, words, note, light) {
  const { styles, script, ground, communes } = frame.dataset;
  const [{ makeMap, families, communesFromZoom }, outlines] = await Promise.all([
    import(script),
    json(ground),
    ...styles.split(" ").map(style),
  ]);
  frame.querySelector("[data-waiting]").hidden = true;
  const map = makeMap(frame, preferences());
  if (STILL) map.panBy = (by) => globalThis.L.Map.prototype.panBy.call(map, by, { animate: false });
  control(map, words);
  offerBackdrops(map, light);
  const land = new Ground(map, outlines, communes, communesFromZoom + (light ? LATER : 0));
  const shown = new Shown(map, frame.dataset, families, words, note, land);
  await shown.start();
  for (const touch of ["pointerenter", "focusin"]) frame.addEventListener(touch, () => land.wake(), { once: true });
  new ResizeObserver(() => shown.resized()).observe(frame);
  return map;
}

async function json(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

function style(href) {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => reject(new Error(href)));
    document.head.append(link);
  });
}

// Who asked for less movement gets a map that jumps instead of gliding.
function preferences() {
  return { zoomAnimation: !STILL, fadeAnimation: !STILL, markerZoomAnimation: !STILL, inertia: !STILL };
}

// Images of another service are shown once a person chose them; in light mode, once they did so on this page.
function offerBackdrops(map, light) {
  const choices = document.querySelector("[data-backdrops]");
  const show = (choice) => import("./backdrop.js").then((backdrop) => backdrop.show(map, choice), console.warn);
  choices.hidden = false;
  choices.addEventListener("change", ({ target }) => {
    keep(BACKDROP, target.value);
    show(target);
  });
  const before = light ? null : choices.querySelector(`[data-address][value="${CSS.escape(kept(BACKDROP) ?? "")}"]`);
  if (!before) return;
  before.checked = true;
  show(before);
}

function control(map, words) {
  const L = globalThis.L;
  const container = map.getContainer();
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", words.label);
  // Leaflet's keys work while the map itself has the keyboard: they do on its marks too, not in what opened over it.
  container.addEventListener("focusin", ({ target }) => map.fire(target.closest(".leaflet-popup") ? "blur" : "focus"));
  container.addEventListener("focusout", () => map.fire("blur"));
  L.control.zoom({ position: "topright", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
}
