// A pin on a map that a person moves, and the outlines under it: for owners and agents alike. Leaflet is there already.
import { stepOf } from "./pin_geometry.js";

const SVG = "http://www.w3.org/2000/svg";

/** A marker that is dragged or moved by the arrow keys; `moved` is told where to. `size` is what one can take hold of. */
export function pinMarker(map, { lat, lon }, label, size, moved) {
  const { L } = globalThis;
  const [width, height] = size;
  const icon = L.divIcon({ className: "pin-marker", html: pinShape(), iconSize: size, iconAnchor: [width / 2, height - 1] });
  const marker = L.marker([lat, lon], { icon, draggable: true, autoPan: true }).addTo(map);
  const element = marker.getElement();
  element.setAttribute("aria-label", label);
  element.title = label;
  marker.on("drag", () => moved(marker.getLatLng()));
  element.addEventListener("keydown", (event) => {
    const step = stepOf(event.key, event.shiftKey);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation(); // or the map would move as well
    // Not by the container's points, which are rounded: a step right would also go up or down.
    moved(map.unproject(map.project(marker.getLatLng()).add(step)));
    map.panInside(marker.getLatLng(), { padding: [40, 40], animate: false });
  });
  return marker;
}

/** Draws a commune and its neighbours, with their names, in a group of layers; gives the commune's own feature. */
export function drawOutlines(group, features) {
  const { L } = globalThis;
  for (const feature of features) {
    const own = feature.properties.role === "commune";
    const style = { className: own ? "pin-commune" : "pin-beside" };
    L.geoJSON(feature, { interactive: false, style }).addTo(group);
    const name = document.createElement("span");
    name.textContent = feature.properties.name;
    const label = L.divIcon({ className: own ? "pin-name pin-name-own" : "pin-name", html: name, iconSize: null });
    const [lon, lat] = feature.properties.centre;
    L.marker([lat, lon], { icon: label, interactive: false, keyboard: false }).addTo(group);
  }
  return features.find((feature) => feature.properties.role === "commune");
}

/** A mark that says its text when it is pointed at: over the outlines, whenever those come, and under the pin. */
export function placeMark(map, { lat, lon }, text) {
  const label = document.createElement("span");
  label.textContent = text;
  const look = { radius: 7, className: "pin-source", pane: "shadowPane" };
  return globalThis.L.circleMarker([lat, lon], look).addTo(map).bindTooltip(label);
}

function pinShape() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 30 42");
  svg.setAttribute("aria-hidden", "true");
  const drop = document.createElementNS(SVG, "path");
  drop.setAttribute("d", "M15 1C7 1 1 7 1 15c0 10 14 26 14 26s14-16 14-26C29 7 23 1 15 1z");
  const eye = document.createElementNS(SVG, "circle");
  for (const [name, value] of [["cx", 15], ["cy", 15], ["r", 5]]) eye.setAttribute(name, value);
  svg.append(drop, eye);
  return svg;
}
