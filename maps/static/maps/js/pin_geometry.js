// What the maps under a pin compute, apart from the page. Positions are {lat, lon} in degrees, geometries are GeoJSON.

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

/** The position of one text, "47.79, 1.06" or "47,79 1,06", or null: the service reads more writings (geo/typed.py). */
export function parsePair(text) {
  const pair = text.trim().match(/^([-+]?\d{1,3}[.,]\d+)\s*(?:[;,]\s*|\s)([-+]?\d{1,3}[.,]\d+)$/);
  return pair && parsePosition(pair[1], pair[2]);
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

const RADIUS = 6371008.8;
const radians = (degrees) => (degrees * Math.PI) / 180;

/** Metres and eighth of the compass (0 is north, 2 east) from one position to another, on a sphere: half a percent off. */
export function seenFrom(origin, target) {
  const [lat1, lat2] = [radians(origin.lat), radians(target.lat)];
  const [north, east] = [lat2 - lat1, radians(target.lon - origin.lon)];
  const half = Math.sin(north / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin(east / 2) ** 2;
  const y = Math.sin(east) * Math.cos(lat2);
  const x = Math.cos(lat1) * Math.sin(lat2) - Math.sin(lat1) * Math.cos(lat2) * Math.cos(east);
  const eighth = (Math.round(Math.atan2(y, x) / (Math.PI / 4)) + 8) % 8;
  return { metres: 2 * RADIUS * Math.asin(Math.sqrt(half)), eighth };
}

/** "450 m", "2,3 km", as the service writes them (maps.wording.distance). */
export function measure(metres, language) {
  const tens = Math.max(Math.round(metres / 10) * 10, 10);
  if (tens < 1000) return `${tens}\u00a0m`;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(metres / 1000)}\u00a0km`;
}
