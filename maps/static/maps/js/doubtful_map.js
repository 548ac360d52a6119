// The map of the doubtful pins, made from the links of the list. Text from data enters as text nodes only.
import { Ground } from "./ground.js";

const L = window.L;
const PANES = { land: 200, borders: 300, names: 350 };
const COMMUNES_FROM = 9; // the zoom from which their borders are drawn
const CLOSE = 14;

const box = document.querySelector("[data-doubtful-map]");
if (box) show(box);

async function show(box) {
  const links = [...document.querySelectorAll("[data-lat]")];
  box.hidden = false;
  const map = L.map(box, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, minZoom: 6, maxZoom: 19 });
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", box.dataset.textMap);
  L.control.zoom({ zoomInTitle: box.dataset.textZoomIn, zoomOutTitle: box.dataset.textZoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  for (const [name, order] of Object.entries(PANES)) map.createPane(name).style.zIndex = order;
  const [west, south, east, north] = box.dataset.bounds.trim().split(" ").map(Number);
  map.fitBounds([[south, west], [north, east]], { animate: false });
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  for (const link of links) mark(map, link);
  const response = await fetch(box.dataset.ground);
  if (response.ok) new Ground(map, await response.json(), box.dataset.communes, COMMUNES_FROM).wake();
}

/** A mark for the link: pointed at or opened, it says what the list says; the link, once focused, shows its mark. */
function mark(map, link) {
  const at = [Number(link.dataset.lat), Number(link.dataset.lon)];
  const drawn = L.circleMarker(at, { radius: 8, className: "doubtful-mark" }).addTo(map).bindPopup(() => words(map, link));
  const chosen = (on) => drawn.getElement()?.classList.toggle("chosen", on);
  link.addEventListener("focus", () => {
    chosen(true);
    drawn.bringToFront();
    map.setView(at, Math.min(Math.max(map.getZoom(), COMMUNES_FROM + 1), CLOSE), { animate: false });
  });
  link.addEventListener("blur", () => chosen(false));
  for (const [event, on] of [["pointerenter", true], ["pointerleave", false]]) link.addEventListener(event, () => chosen(on));
}

function words(map, link) {
  const said = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = link.textContent;
  const why = document.createElement("p");
  why.textContent = link.nextElementSibling.textContent;
  const open = document.createElement("a");
  open.href = link.href;
  open.textContent = map.getContainer().dataset.textOpen;
  said.append(name, why, open);
  return said;
}
