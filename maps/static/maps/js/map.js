// The map of an answer. It loads what it needs when it is opened; what merchants write enters as text nodes only.
import { Ground } from "./ground.js";
import { Markers } from "./markers.js";
import { note as noteText } from "./pins.js";

const LATER = 2; // zoom levels that a saving map waits before it loads the communes: most of its weight

export async function open(frame, words, note, light) {
  const { leaflet, styles, script, ground, communes, features } = frame.dataset;
  const [{ makeMap, families, communesFromZoom }, region, answer] = await Promise.all([
    import(leaflet).then(() => import(script)),
    json(ground),
    json(features),
    ...styles.split(" ").map(style),
  ]);
  frame.querySelector("[data-waiting]").hidden = true;
  const map = makeMap(frame, preferences());
  control(map, words);
  const outlines = new Ground(map, region, communes, communesFromZoom + (light ? LATER : 0));
  const reach = circle(map, frame.dataset);
  const markers = new Markers(map, frame.dataset, answer.features, families, words);
  const bounds = markers.bounds(reach);
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [30, 40], maxZoom: 13, animate: false });
  markers.follow(document.querySelectorAll("[data-id]"));
  outlines.keepOff(() => markers.boxes());
  note.textContent = noteText(shownOf(answer, features), words, words.lang);
  watchSize(map, frame);
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
  const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  return { zoomAnimation: moves, fadeAnimation: moves, markerZoomAnimation: moves, inertia: moves };
}

function control(map, words) {
  const L = globalThis.L;
  const container = map.getContainer();
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", words.label);
  L.control.zoom({ position: "topright", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
}

// The circle that was asked.
function circle(map, { lat, lon, radius }) {
  if (radius === undefined) return null;
  const options = { radius: Number(radius), pane: "reach", className: "reach", weight: 2, interactive: false };
  return globalThis.L.circle([Number(lat), Number(lon)], options).addTo(map);
}

function shownOf(answer, address) {
  const asked = new URLSearchParams(address.split("?")[1]);
  return {
    shown: answer.numberReturned,
    total: answer.numberMatched,
    first: Number(asked.get("offset") ?? 0) + 1,
    nearest: answer.features[0]?.properties.distance_m !== undefined && (asked.get("sort") ?? "distance") === "distance",
  };
}

function watchSize(map, frame) {
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(frame);
}
