// What a tap on a mark does: one place opens; a disc is looked at more closely, or told in a list.
import { adding, boxOf, holds, shared, union, written } from "./grid.js";
import { Popups } from "./popups.js";

const MOST_LISTED = 200; // in one answer of the service
const PADDING = [30, 40];
const BESIDE_THE_LIST = "(min-width: 60rem)";

export class Explorer {
  constructor(shown) {
    const { map, markers, dataset, within, words } = shown;
    Object.assign(this, { shown, map, markers, within, merchants: dataset.merchants });
    this.popups = new Popups(map, dataset.home, words);
  }

  act(mark) {
    return mark.count === 1 ? this.one(mark) : this.many(mark);
  }

  one(mark) {
    const row = this.markers.rowOf(mark);
    const distance = row?.querySelector("[data-distance]")?.textContent;
    this.tell(mark, [{ ...mark.members[0].properties, distance }], { lift: 30 });
    if (matchMedia(BESIDE_THE_LIST).matches) row?.scrollIntoView({ block: "nearest" });
  }

  // Goes closer to where the places of a disc are; where that would part none of them, lists them.
  async many(mark) {
    const box = boxOf(mark);
    if (mark.count > MOST_LISTED && this.closer(box)) return this.goTo(box);
    const places = await this.placesOf(mark, box);
    const points = places.map(({ geometry }) => [...geometry.coordinates, ...geometry.coordinates]);
    if (mark.count <= MOST_LISTED && points.length && this.closer(union(points))) return this.goTo(union(points));
    const left = mark.count - places.length;
    this.tell(mark, places.map((place) => this.popups.placeOf(place)), { lift: 10, left, all: this.shown.areaAddress(box) });
  }

  tell(mark, places, options) {
    const [lon, lat] = mark.members[0].geometry.coordinates;
    this.popups.open([lat, lon], places, { opener: () => this.markers.elementOf(mark), ...options });
  }

  // Whether to fit a box is to come closer.
  closer([west, south, east, north]) {
    if (west === east && south === north) return false;
    return this.map.getBoundsZoom([[south, west], [north, east]], false, PADDING) > this.map.getZoom();
  }

  goTo([west, south, east, north]) {
    this.map.fitBounds([[south, west], [north, east]], { padding: PADDING });
  }

  // All of them, where the service gives as many in one answer.
  async placesOf(mark, box) {
    const address = adding(this.merchants, `bbox=${written(shared(box, this.within))}&limit=${MOST_LISTED}`);
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    const { features } = await response.json();
    return features.filter(({ geometry }) => mark.members.some(({ bbox }) => holds(bbox, geometry.coordinates)));
  }
}
