// What the map shows of an answer, kept in step with the list and with the page's address.
import { Clusters } from "./clusters.js";
import { adding, area, union } from "./grid.js";
import { Markers } from "./markers.js";
import { noteText } from "./pins.js";
import { readState, withState } from "./question.js";

const PAUSE_MS = 150; // after a move, before the service is asked
const CLOSEST = 13; // zoom of a first view
const FINER = 3; // levels of zoom
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
  }

  // The view of the address; else the place that was asked about.
  async start() {
    const circle = this.circle();
    const { view } = readState(location.hash);
    this.fit(this.within ?? (circle ? boxOfBounds(circle.getBounds()) : boxFrom(this.dataset.extent)));
    if ("refined" in this.dataset && !view) await this.refine();
    this.home = this.view();
    if (view) this.look(view);
    this.offer(view);
    await this.update();
  }

  // Some part of a département was asked about: where the answer lies in it, from cells of an eighth of a disc's.
  async refine() {
    const { features } = await this.clusters.at(this.box(), this.map.getZoom() + FINER);
    if (features.length) this.fit(union(features.map(({ bbox }) => bbox)));
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
    history.replaceState(history.state, "", withState(location.href, { view: this.view() }));
    this.offer(true);
    this.updateSoon();
  }

  // The same question about this view, once it is the person's own.
  offer(own) {
    this.again.hidden = !own;
    this.again.href = this.areaAddress(this.box()) + location.hash;
  }

  // To the view that the address has: a person went back, or changed it.
  go() {
    const { view } = readState(location.hash);
    if (!view && location.hash) return; // another part of the page
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
      const answer = await this.clusters.at(this.box(), this.map.getZoom());
      if (answer === null) return;
      this.markers.show(answer.features);
      this.land.name();
      this.say(noteText(this.markers.inView(), Number(this.dataset.total), this.words, this.words.lang));
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

function boxFrom(text) {
  return text.split(",").map(Number);
}

function boxOfBounds(bounds) {
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}

