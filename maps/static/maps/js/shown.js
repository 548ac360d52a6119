// What the map shows of an answer, kept in step with the list and with the page's address.
import { Clusters } from "./clusters.js";
import { adding, area, boxOf } from "./grid.js";
import { Markers } from "./markers.js";
import { noteText } from "./pins.js";
import { isState, readState, withState } from "./question.js";

const PAUSE_MS = 150; // after a move, before the service is asked
const CLOSEST = 13; // zoom of a first view
const FINER = 3; // levels of zoom
const SLACK = 0.005;
const ROOM = { padding: [12, 20], animate: false };

export class Shown {
  constructor(map, dataset, families, words, note, land) {
    Object.assign(this, { map, dataset, words, note, land, quiet: false, timer: 0 });
    const { clusters, within } = dataset;
    this.within = within ? boxFrom(within) : null;
    this.clusters = new Clusters(clusters, this.within);
    this.markers = new Markers(map, dataset, families, words, (mark) => this.act(mark));
    this.markers.follow(document.querySelectorAll("[data-id]"));
    this.again = document.querySelector("[data-area]");
    land.keepOff(() => this.markers.boxes());
    map.on("movestart", () => this.clusters.forget());
    map.on("moveend", () => this.moved());
    for (const type of ["popstate", "hashchange"]) addEventListener(type, () => this.go());
    addEventListener("pageshow", ({ persisted }) => persisted && this.updateSoon()); // what was on its way was dropped
  }

  // The view of the address; else the place that was asked about.
  async start() {
    const circle = this.circle();
    const { view } = readState(location.hash);
    const asked = this.within ?? (circle ? boxOfBounds(circle.getBounds()) : boxFrom(this.dataset.extent));
    this.whole = widened(asked);
    this.fit(asked);
    if ("refined" in this.dataset && !view) await this.refine();
    this.home = this.view();
    if (view) this.look(view);
    this.offer(view);
    await this.update();
  }

  // Some part of a département was asked about: where the answer lies in it, from cells of an eighth of a disc's.
  async refine() {
    const { features } = await this.clusters.at(this.box(), this.map.getZoom() + FINER);
    if (!features.length) return;
    this.whole = boxOf({ members: features });
    this.fit(this.whole);
  }

  fit([west, south, east, north]) {
    this.quietly(() => this.map.fitBounds([[south, west], [north, east]], { ...ROOM, maxZoom: CLOSEST }));
  }

  // The circle that was asked.
  circle() {
    const { lat, lon, radius } = this.dataset;
    if (radius === undefined) return null;
    const options = { radius: Number(radius), pane: "reach", className: "reach", weight: 2, interactive: false };
    return globalThis.L.circle([Number(lat), Number(lon)], options).addTo(this.map);
  }

  view() {
    const { lat, lng } = this.map.getCenter();
    return { zoom: this.map.getZoom(), lat, lon: lng };
  }

  box() {
    return boxOfBounds(this.map.getBounds());
  }

  moved() {
    if (this.quiet) return;
    this.updateSoon();
    try {
      history.replaceState(history.state, "", withState(location.href, { view: this.view() }));
    } catch {
      // Safari writes a hundred in half a minute: a later move is written.
    }
    this.offer(true);
  }

  // The same question about this view, once it is the person's own.
  offer(own) {
    this.again.hidden = !own;
    this.again.href = this.areaAddress(this.box()) + location.hash;
  }

  // To the view that the address has: a person went back, or changed it.
  go() {
    if (!isState(location.hash)) return; // another part of the page
    const { view } = readState(location.hash);
    this.look(view ?? this.home);
    this.offer(view);
    this.update();
  }

  look({ lat, lon, zoom }) {
    this.quietly(() => this.map.setView([lat, lon], zoom, { animate: false }));
  }

  resized() {
    this.quietly(() => this.map.invalidateSize({ animate: false }));
    this.updateSoon();
  }

  // Moves the map without its being the person's doing.
  quietly(move) {
    this.quiet = true;
    move();
    this.quiet = false;
  }

  updateSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.update(), PAUSE_MS);
  }

  // A note that says the same again is not said again.
  say(text) {
    if (this.note.textContent !== text) this.note.textContent = text;
  }

  // Draws what is in view; where the service does not answer, what was drawn stays, and is said to be of before.
  async update() {
    try {
      const view = this.box();
      const answer = await this.clusters.at(view, this.map.getZoom());
      if (answer === null) return;
      this.markers.show(answer.features);
      this.land.name();
      const count = await this.clusters.countIn(view, answer, this.whole);
      if (count !== null) this.say(noteText(count, Number(this.dataset.total), this.words, this.words.lang));
    } catch (error) {
      console.warn(error);
      this.say(this.words.stale);
    }
  }

  async act(mark) {
    try {
      const { Explorer } = await import("./explorer.js");
      this.explorer ??= new Explorer(this);
      await this.explorer.act(mark);
    } catch (error) {
      console.warn(error);
      this.say(this.words.stale);
    }
  }

  areaAddress(box) {
    return adding(this.dataset.areaAddress, `bbox=${area(box)}`);
  }
}

// Leaflet draws a circle 0.3 % off true metres, and outlines are smoothed: what lies beside them is of the answer too.
function widened([west, south, east, north]) {
  const [x, y] = [(east - west) * SLACK, (north - south) * SLACK];
  return [west - x, south - y, east + x, north + y];
}

function boxFrom(text) {
  return text.split(",").map(Number);
}

function boxOfBounds(bounds) {
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}
