// The marks of an answer on the map: pins and discs, tied to the rows of the list.
import { boxOf, holds } from "./grid.js";
import { discSize, familyIndex, familyOf, marks } from "./pins.js";

const SVG = "http://www.w3.org/2000/svg";
const HOVERS = matchMedia("(hover: hover)").matches;
const ON = ["mouseenter", "focusin", "touchstart"];
const OFF = ["mouseleave", "focusout"];

export class Markers {
  // `act` is called with the mark that was clicked, or entered with the keyboard.
  constructor(map, { pins, families: asked }, families, words, act) {
    Object.assign(this, { L: globalThis.L, map, pins, words, act, asked: asked.split(" "), features: [] });
    this.families = familyIndex(families);
    this.shown = new Map(); // a mark's key -> {mark, marker}
    this.rows = [];
    map.on("zoomend", () => this.draw());
  }

  // Tie the rows of the list to the marks, both ways.
  follow(rows) {
    this.rows = [...rows].map((row) => {
      const { id, lon, lat } = row.dataset;
      return { row, id: Number(id), point: [Number(lon), Number(lat)] };
    });
    for (const tied of this.rows) {
      listen(tied.row, (on) => {
        for (const { mark, marker } of this.shown.values()) {
          marker.getElement().classList.toggle("marked", on && isIn(tied, mark));
        }
      });
    }
  }

  rowOf(mark) {
    return this.rows.find((tied) => mark.count === 1 && isIn(tied, mark))?.row;
  }

  show(features) {
    this.features = features;
    this.draw();
  }

  // Marks that stay as they are keep their element: nothing flickers, and the keyboard stays where it is.
  draw() {
    const before = this.shown;
    const held = [...before.values()].find(({ marker }) => marker.getElement() === document.activeElement);
    const points = this.features.map((feature) => ({ ...this.pixel(feature), feature }));
    this.shown = new Map(marks(points).map((mark) => [keyOf(mark), { mark, marker: before.get(keyOf(mark))?.marker }]));
    for (const [key, { marker }] of before) if (!this.shown.has(key)) marker.remove();
    for (const drawn of this.shown.values()) {
      drawn.marker ??= this.add(drawn.mark);
      this.map.getPane("markerPane").append(drawn.marker.getElement());
    }
    if (held) this.refocus(held.mark);
  }

  // The keyboard stays at the mark it was on, or goes to the first that has come in its place.
  refocus(mark) {
    const box = boxOf(mark);
    const near = this.shown.get(keyOf(mark)) ?? [...this.shown.values()].find((other) => touch(boxOf(other.mark), box));
    (near?.marker.getElement() ?? this.map.getContainer()).focus({ preventScroll: true });
  }

  // Where marks stand in the view, in pixels.
  boxes() {
    return [...this.shown.values()].map(({ marker }) => {
      const { x, y } = this.map.latLngToContainerPoint(marker.getLatLng());
      const [width, height] = marker.options.icon.options.iconSize;
      return { x, y: marker.options.icon.options.iconAnchor ? y - height / 2 : y, width, height };
    });
  }

  elementOf(mark) {
    return this.shown.get(keyOf(mark))?.marker.getElement() ?? this.map.getContainer();
  }

  pixel(feature) {
    const { x, y } = this.map.latLngToLayerPoint(latlng(feature));
    return { x, y };
  }

  add(mark) {
    const icon = mark.count === 1 ? this.pin(mark.members[0].properties) : this.disc(mark.count);
    const marker = this.L.marker(latlng(mark.members[0]), { icon, riseOnHover: true }).addTo(this.map);
    const html = marker.getElement();
    html.setAttribute("aria-label", this.nameOf(mark));
    if (mark.count === 1 && HOVERS) marker.bindTooltip(element("span", this.nameOf(mark)));
    listen(html, (on) => {
      for (const tied of this.rows) tied.row.classList.toggle("marked", on && isIn(tied, mark));
    });
    marker.on("click", () => this.act(mark));
    html.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.act(mark);
    });
    return marker;
  }

  nameOf({ count, members: [{ properties }] }) {
    if (count > 1) return this.words.group.replace("{count}", count.toLocaleString(this.words.lang));
    return properties.demo ? `${properties.name} (${this.words.demo})` : properties.name;
  }

  disc(count) {
    const size = discSize(count);
    const html = element("span", count.toLocaleString(this.words.lang));
    return this.L.divIcon({ html, className: "map-group", iconSize: [size, size] });
  }

  pin(place) {
    const family = familyOf(place, this.families, this.asked);
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", `pin pin-${family}`);
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `${this.pins}#${family}`);
    svg.append(use);
    const options = { html: svg, className: "map-pin", iconSize: [32, 40], iconAnchor: [16, 39] };
    return this.L.divIcon({ ...options, tooltipAnchor: [20, -24] });
  }
}

const keyOf = ({ members }) => members.map(({ id, bbox, properties }) => `${properties.id ?? id ?? bbox}:${properties.count}`).sort().join();
const touch = ([w, s, e, n], [west, south, east, north]) => w <= east && west <= e && s <= north && south <= n;

// Whether a row's place is among those of a mark: by its id, or because it lies in the box of a disc's cell.
function isIn({ id, point }, { members }) {
  return members.some(({ bbox, properties }) => (properties.count === 1 ? properties.id === id : holds(bbox, point)));
}

function latlng({ geometry }) {
  const [lon, lat] = geometry.coordinates;
  return globalThis.L.latLng(lat, lon);
}

// Tells when an element is pointed at, or has the keyboard, and when no longer.
function listen(target, tell) {
  for (const type of ON) target.addEventListener(type, () => tell(true), { passive: true });
  for (const type of OFF) target.addEventListener(type, () => tell(false));
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
