// The ground under the pins: land, borders and names, from our own outlines.
import { departementsIn, roomFor, unpack } from "./viewport.js";

const NAME_HEIGHT = 18; // pixels that a name takes, with the air around it
const LETTER_WIDTH = 7.2;
const MAIN_LETTER_WIDTH = 8.7;
const MAIN_FAR = 40; // pixels that a main town's name may go from its place, and another town's
const FAR = 26;
const MOST_NAMES = 60;
const FEW_ZOOM = 7; // has as many other towns as main ones; each next zoom, twice as many

export class Ground {
  // The communes, most of the weight, wait until the map is touched: `wake`.
  constructor(map, region, communesUrl, fromZoom) {
    this.L = globalThis.L;
    this.map = map;
    this.region = region;
    this.communesUrl = communesUrl;
    this.fromZoom = fromZoom;
    this.loaded = new Map();
    this.awake = false;
    this.taken = () => [];
    this.names = this.L.layerGroup().addTo(map);
    this.draw();
    map.on("moveend", () => this.follow());
    this.follow();
  }

  draw() {
    const { land, inner, scale } = this.region;
    const still = { interactive: false, weight: 1.5 };
    this.L.polygon(unpack(land, scale), { ...still, pane: "land", className: "land", fillOpacity: 1 }).addTo(this.map);
    this.L.polyline(unpack(inner, scale), {
      ...still,
      pane: "borders",
      className: "departement-border coarse",
    }).addTo(this.map);
  }

  follow() {
    const close = this.awake && this.map.getZoom() >= this.fromZoom;
    this.map.getContainer().classList.toggle("close", close && this.loaded.size > 0);
    if (close) for (const code of departementsIn(this.view(), this.region.departements)) this.fetch(code);
    for (const { layer } of this.loaded.values()) {
      if (close) layer?.addTo(this.map);
      else layer?.remove();
    }
    this.name();
  }

  wake() {
    this.awake = true;
    this.follow();
  }

  view() {
    const bounds = this.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  async fetch(code) {
    if (this.loaded.has(code)) return;
    this.loaded.set(code, {});
    try {
      const response = await fetch(this.communesUrl.replace("DEPARTEMENT", code));
      if (!response.ok) throw new Error(`${response.status}`);
      const { inner, outer, names, scale } = await response.json();
      const still = { interactive: false, pane: "borders" };
      const layer = this.L.layerGroup([
        this.L.polyline(unpack(inner, scale), { ...still, weight: 1, className: "commune-border" }),
        this.L.polyline(unpack(outer, scale), { ...still, weight: 2, className: "departement-border" }),
      ]);
      this.loaded.set(code, { layer, names, scale });
      this.follow();
    } catch {
      this.loaded.delete(code); // the coarse outlines stay; the next move asks again
    }
  }

  // Names keep off what `taken()` says is there: the pins.
  keepOff(taken) {
    this.taken = taken;
  }

  // The towns' names first, then the communes', as far as there is room.
  name() {
    const { L, map, region } = this;
    const communes = this.awake && map.getZoom() >= this.fromZoom ? [...this.loaded.values()] : [];
    const size = map.getSize();
    const seen = new Set();
    const inView = [];
    const towns = region.names.slice(0, region.main * (1 + 2 ** (map.getZoom() - FEW_ZOOM)));
    for (const { names, scale, town } of [{ ...region, names: towns, town: true }, ...communes]) {
      for (const [rank, [name, x, y]] of (names ?? []).entries()) {
        const latlng = L.latLng(y / scale, x / scale);
        const at = map.latLngToContainerPoint(latlng);
        if (at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y || seen.has(name)) continue;
        seen.add(name);
        const main = town && rank < region.main;
        const width = name.length * (main ? MAIN_LETTER_WIDTH : LETTER_WIDTH) + 4;
        const far = main ? MAIN_FAR : town ? FAR : 0;
        inView.push({ x: at.x, y: at.y, width, height: NAME_HEIGHT, far, name, latlng, main });
      }
    }
    const most = Math.min(MOST_NAMES, Math.round((size.x * size.y) / 14000));
    const zoomControl = { x: size.x - 28, y: 46, width: 56, height: 90 };
    this.names.clearLayers();
    for (const { name, latlng, main, shift } of roomFor(inView, [...this.taken(), zoomControl], size, most)) {
      this.names.addLayer(this.label(name, latlng, main, shift));
    }
  }

  label(name, latlng, main, [x, y]) {
    const html = document.createElement("span");
    html.textContent = name;
    const icon = this.L.divIcon({ html, className: main ? "map-name main" : "map-name", iconSize: [160, 16], iconAnchor: [80 - x, 8 - y] });
    return this.L.marker(latlng, { icon, pane: "names", interactive: false, keyboard: false });
  }
}
