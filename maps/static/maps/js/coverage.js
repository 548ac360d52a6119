// Broadband figures as a layer of a map: classes by area, under names and marks. What it knows of an area is asked for
// when the area is; all of it is in the table of the page of coverage, too.
import { Areas } from "./coverage_areas.js";
import { json } from "./loading.js";

const CLOSE = 11; // zoom from which sheets of a few communes take the place of the région's coarse file
const PLAIN = { interactive: false, noClip: true, smoothFactor: 0 }; // neighbours simplified apart would part
const KEYS = { commune: ({ code }) => code, epci: ({ epci }) => epci, departement: ({ departement }) => departement };

export class Coverage {
  // `values` is the address of classes; `script`, folium's module; `tell` is called with a failure.
  static async open(map, { values, script }, tell) {
    const [{ fills, unknown, addPanes }, answer] = await Promise.all([import(script), json(values)]);
    if (!map.getPane("coverage")) addPanes(map);
    const layer = new Coverage(map, answer, { fills, unknown }, tell);
    await layer.follow();
    return layer;
  }

  constructor(map, { classes, level, departements, geometry }, { fills, unknown }, tell) {
    Object.assign(this, { map, geometry, tell, drawn: globalThis.L.layerGroup().addTo(map), marked: null, code: null });
    const asked = ({ departement }) => !departements.length || departements.includes(departement);
    this.keyOf = (commune) => (asked(commune) ? KEYS[level](commune) : null);
    this.fillOf = (commune) => (asked(commune) ? (fills[classes[this.keyOf(commune)]] ?? unknown) : null);
    this.coarse = { areas: new Areas(), files: new Map() };
    this.close = { areas: new Areas(), files: new Map() };
    this.onMove = () => this.follow();
    map.on("moveend", this.onMove);
  }

  remove() {
    this.map.off("moveend", this.onMove);
    this.map.getContainer().classList.remove("covered");
    this.mark(null);
    this.drawn.remove();
  }

  // Draws the view from one fineness only, once all that it takes is there: what is drawn meanwhile stays.
  async follow() {
    const near = this.map.getZoom() >= CLOSE;
    const shown = near ? this.close : this.coarse;
    const urls = near ? this.sheetsInView() : [this.geometry.region];
    try {
      const added = await Promise.all(urls.map((url) => this.load(shown, url)));
      if (near !== this.map.getZoom() >= CLOSE || (shown === this.shown && !added.some(Boolean))) return;
    } catch (error) {
      return this.tell(error);
    }
    this.shown = shown;
    this.draw();
  }

  sheetsInView() {
    const bounds = this.map.getBounds();
    const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    return this.geometry.close.filter(({ bbox: [w, s, e, n] }) => w <= east && e >= west && s <= north && n >= south).map(({ url }) => url);
  }

  // Whether the file is new. What could not be had is asked for again.
  async load({ areas, files }, url) {
    if (files.has(url)) return files.get(url).then(() => false);
    files.set(url, json(url).then((file) => areas.add(file)));
    try {
      await files.get(url);
    } catch (error) {
      files.delete(url);
      throw error;
    }
    return true;
  }

  draw() {
    const { L } = globalThis;
    const { areas } = this.shown;
    this.drawn.clearLayers();
    this.map.getContainer().classList.add("covered"); // what lies under it is not to show at its edges
    for (const [fill, rings] of areas.shapes(this.fillOf)) {
      const options = { ...PLAIN, pane: "coverage", stroke: false, fillColor: fill, fillOpacity: 1, className: "coverage-area" };
      this.drawn.addLayer(L.polygon(rings, options));
    }
    for (const [keyOf, className, weight] of [[this.keyOf, "coverage-border", 1], [KEYS.departement, "coverage-departement", 2]]) {
      this.drawn.addLayer(L.polyline(areas.borders(keyOf), { ...PLAIN, pane: "coverageLines", className, weight }));
    }
    const { code } = this;
    this.mark(null);
    this.mark(code);
  }

  // The code of the area over a position.
  at({ lat, lng }) {
    const commune = this.shown?.areas.at(lat, lng);
    return commune ? this.keyOf(commune) : null;
  }

  // Sets an area off from the others; null, none.
  mark(code) {
    if (code === this.code) return;
    this.code = code;
    this.marked?.remove();
    const rings = code && this.shown?.areas.shapes((commune) => this.keyOf(commune) === code).get(true);
    const options = { ...PLAIN, pane: "coverageLines", className: "coverage-marked", weight: 4, fill: false };
    this.marked = rings ? globalThis.L.polygon(rings, options).addTo(this.map) : null;
  }
}
