// Where platforms serve, as outlines on the map of an answer. Its legend lists them, and holds their outlines; a touched
// place tells which serve it.
import { unpack } from "./viewport.js";

export function drawLayer(map, legend, words) {
  const { L } = globalThis;
  const drawn = L.layerGroup().addTo(map);
  const outlines = [...legend.querySelectorAll("[data-rings]")].map((entry) => {
    const rings = unpack(entry.dataset.rings.split(" "), legend.dataset.scale);
    const outline = L.polygon(rings, { pane: "borders", interactive: false, className: "platform-area", weight: 2 });
    drawn.addLayer(outline);
    const mark = (on) => outline.getElement()?.classList.toggle("marked", on);
    for (const type of ["pointerenter", "focusin"]) entry.addEventListener(type, () => mark(true));
    for (const type of ["pointerleave", "focusout"]) entry.addEventListener(type, () => mark(false));
    return { rings, link: entry.querySelector("a") };
  });
  const popup = L.popup({ maxWidth: 280, maxHeight: 240 });
  const tell = ({ latlng }) => {
    const there = outlines.filter(({ rings }) => inside(rings, latlng));
    if (!there.length) return;
    popup.setLatLng(latlng).setContent(list(there)).openOn(map);
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", words.close);
  };
  map.on("click", tell);
  const remove = () => {
    map.off("click", tell);
    popup.remove();
    drawn.remove();
  };
  return { remove };
}

function list(there) {
  const found = document.createElement("ul");
  for (const { link } of there) {
    const entry = document.createElement("li");
    entry.append(Object.assign(document.createElement("a"), { href: link.href, textContent: link.textContent }));
    found.append(entry);
  }
  return found;
}

// Whether a line to the east of the position crosses the rings an odd number of times.
export function inside(rings, { lat, lng }) {
  let odd = false;
  for (const ring of rings) {
    for (const [i, [y1, x1]] of ring.entries()) {
      const [y0, x0] = ring.at(i - 1);
      if (y0 > lat !== y1 > lat && lng < x0 + ((lat - y0) / (y1 - y0)) * (x1 - x0)) odd = !odd;
    }
  }
  return odd;
}
