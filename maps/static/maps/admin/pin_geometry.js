// What the pin widget computes, apart from the page. Positions are {lat, lon} in degrees, geometries are GeoJSON.

/** A number as a person or a browser writes it, or null. */
export function parseDegrees(text, limit) {
  const cleaned = String(text).trim().replace(",", ".");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(cleaned)) return null;
  const value = Number(cleaned);
  return Math.abs(value) <= limit ? value : null;
}

/** The position of two texts, or null when one of them is not a coordinate. */
export function parsePosition(lat, lon) {
  const [north, east] = [parseDegrees(lat, 90), parseDegrees(lon, 180)];
  return north === null || east === null ? null : { lat: north, lon: east };
}

/** Six decimals (11 cm), as the form shows them. */
export function format(degrees) {
  return degrees.toFixed(6);
}

/** Whether a Polygon or MultiPolygon covers the position (even-odd, so holes are outside). */
export function covers(geometry, { lat, lon }) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons.some((rings) => rings.filter((ring) => ringCovers(ring, lat, lon)).length % 2 === 1);
}

function ringCovers(ring, lat, lon) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[x1, y1], [x2, y2]] = [ring[i], ring[j]];
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const COARSE = 8;

/** What an arrow key moves the pin by, in pixels of the map ([x, y]); one pixel with Shift. Null for other keys. */
export function stepOf(key, fine) {
  const step = STEPS[key];
  return step ? step.map((part) => part * (fine ? 1 : COARSE)) : null;
}

/** `template` with its {name} filled in. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
