// An empty map in its frame: folium's, with our styles and controls, and the outlines to draw on it.
import { json, style } from "./loading.js";

const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;

export async function stage(frame, words) {
  const { styles, script, ground } = frame.dataset;
  const [{ makeMap, families, communesFromZoom }, outlines] = await Promise.all([
    import(script),
    json(ground),
    ...styles.split(" ").map(style),
  ]);
  frame.querySelector("[data-waiting]").hidden = true;
  const map = makeMap(frame, preferences());
  if (STILL) map.panBy = (by) => globalThis.L.Map.prototype.panBy.call(map, by, { animate: false });
  control(map, words);
  return { map, families, communesFromZoom, outlines };
}

// Who asked for less movement gets a map that jumps instead of gliding.
function preferences() {
  return { zoomAnimation: !STILL, fadeAnimation: !STILL, markerZoomAnimation: !STILL, inertia: !STILL };
}

// Its name, its buttons and its scale, in the page's words: { label, zoomIn, zoomOut }.
export function control(map, words) {
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
