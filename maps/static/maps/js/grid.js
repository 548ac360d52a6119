// The grid on which the service counts, and boxes on it: [west, south, east, north]. Pure: no document, no map.

// Whole micro-degrees. A cell is about 72 pixels square on a map at 48° north, at every zoom.
const MICRO = 1_000_000;
const DEEPEST = 22;
const WIDTH = 24;
const HEIGHT = 16;
const AREA_DECIMALS = 4; // about ten metres

// A view widened to whole cells of its zoom. Its edges lie half a micro-degree before a cell's, where no point is.
export function snapped([west, south, east, north], zoom) {
  const cell = 2 ** (DEEPEST - zoom);
  const [left, right] = edges(west, east, 180, WIDTH * cell);
  const [bottom, top] = edges(south, north, 90, HEIGHT * cell);
  return [left, bottom, right, top];
}

function edges(low, high, origin, size) {
  const before = (cell) => Math.min(Math.max((cell * size - origin * MICRO - 0.5) / MICRO, -origin), origin);
  const cellOf = (degrees) => Math.floor(((degrees + origin) * MICRO) / size);
  return [before(cellOf(low)), before(cellOf(high) + 1)];
}

// What two boxes share; null where that is nothing. A box that is not given shares all.
export function shared(box, other) {
  if (!other) return box;
  const [west, south, east, north] = [0, 1, 2, 3].map((i) => (i < 2 ? Math.max : Math.min)(box[i], other[i]));
  return west <= east && south <= north ? [west, south, east, north] : null;
}

// The least box that holds all of them.
export function union(boxes) {
  return boxes.reduce((a, b) => [0, 1, 2, 3].map((i) => (i < 2 ? Math.min : Math.max)(a[i], b[i])));
}

// The box of all that a mark stands for.
export function boxOf({ members }) {
  return union(members.map(({ bbox }) => bbox));
}

export function holds([west, south, east, north], [lon, lat]) {
  return west <= lon && lon <= east && south <= lat && lat <= north;
}

// "west,south,east,north" as addresses have it, with the half micro-degrees of a snapped view.
export function written(box) {
  return box.map((edge) => edge.toFixed(7).replace(/\.?0+$/, "")).join();
}

// The same for a person's address: short, and rounded outward, so that nothing on an edge is lost.
export function area(box) {
  const unit = 10 ** AREA_DECIMALS;
  const outward = (edge, i) => (i < 2 ? Math.floor(edge * unit + 1e-6) : Math.ceil(edge * unit - 1e-6)) / unit;
  return box.map(outward).map((edge) => edge.toFixed(AREA_DECIMALS)).join();
}

// An address of the service with another parameter or more.
export function adding(address, parameters) {
  return `${address}${address.includes("?") ? "&" : "?"}${parameters}`;
}
