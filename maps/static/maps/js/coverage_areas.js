// Communes as shared arcs (geo/packing.py), put together by whatever they belong to. Pure: no document, no network.
//
// Where two neighbours have the same class, their border is no part of what is drawn: a class is one shape, without the
// hairlines that shapes drawn beside one another show. A file's areas join those of other files to the unit.
import { numbersOf } from "./packing.js";

export class Areas {
  constructor() {
    this.arcs = new Map(); // a key of its ends and first step -> {line, sides}
    this.communes = new Map(); // code -> {code, departement, epci, rings}, each ring the arcs around it
  }

  // A file of the service; one that was added is added once.
  add({ scale, groups, rings, arcs }) {
    const lines = readLines(arcs, scale);
    const areas = rings.split(",");
    const held = []; // arcs of the file so far: how far back each of a ring's is, the file says; in which direction, too
    for (const [departement, epci, codes] of groups) {
      for (const code of codes) {
        const commune = { code, departement, epci };
        const arcsOf = (ring) =>
          [...numbersOf(ring)].map((step) => {
            if (step === 0) held.push(this.shared(lines[held.length]));
            const arc = held[held.length - (Math.abs(step) || 1)];
            if (!arc.sides.some((side) => side.code === code)) arc.sides.push(commune);
            return arc;
          });
        commune.rings = areas.shift().split(" ").map(arcsOf);
        this.communes.set(code, commune);
      }
    }
  }

  // The arc that runs along a line, in either direction, whichever file it came in first.
  shared(line) {
    const [first, last] = [line[0], line.at(-1)];
    const turns = precedes(last, first) || (same(first, last) && precedes(line.at(-2), line[1]));
    const key = String(turns ? [last, line.at(-2)] : [first, line[1]]);
    if (!this.arcs.has(key)) this.arcs.set(key, { line, sides: [] });
    return this.arcs.get(key);
  }

  // What each key covers, as closed lines of [lat, lon]: their inside, by the even-odd rule. `keyOf` is given a commune;
  // null is no key.
  shapes(keyOf) {
    const edges = new Map();
    for (const { line, sides } of this.arcs.values()) {
      const keys = new Set(sides.map(keyOf));
      if (sides.length > 1 && keys.size === 1) continue;
      for (const key of keys) {
        if (!edges.has(key)) edges.set(key, []);
        edges.get(key).push(line);
      }
    }
    edges.delete(null);
    return new Map([...edges].map(([key, lines]) => [key, closed(lines)]));
  }

  // The borders at which keys differ, and those around everything.
  borders(keyOf) {
    const differ = ({ sides }) => sides.length < 2 || keyOf(sides[0]) !== keyOf(sides[1]);
    return [...this.arcs.values()].filter(differ).map(({ line }) => line);
  }

  // The commune over a position, if there is one.
  at(lat, lon) {
    for (const commune of this.communes.values()) {
      if (commune.rings.reduce((inside, ring) => inside !== crossed(ring, lat, lon), false)) return commune;
    }
    return null;
  }
}

function readLines(text, scale) {
  let [x, y] = [0, 0];
  return text.split(" ").map((packed) => {
    const line = [];
    const numbers = [...numbersOf(packed)];
    for (let i = 0; i < numbers.length; i += 2) {
      x += numbers[i];
      y += numbers[i + 1];
      line.push([y / scale, x / scale]);
    }
    return line;
  });
}

// Lines joined end to end into closed ones. Which goes on where four meet makes no difference to the inside.
function closed(lines) {
  const at = new Map();
  for (const line of lines) {
    for (const end of [line[0], line.at(-1)]) {
      const key = String(end);
      if (!at.has(key)) at.set(key, new Set());
      at.get(key).add(line);
    }
  }
  const left = new Set(lines);
  const rings = [];
  for (const first of lines) {
    if (!left.delete(first)) continue;
    const ring = [...first];
    for (let next; !same(ring[0], ring.at(-1)) && (next = [...at.get(String(ring.at(-1)))].find((line) => left.has(line))); ) {
      left.delete(next);
      ring.push(...(same(next[0], ring.at(-1)) ? next : [...next].reverse()).slice(1));
    }
    rings.push(ring);
  }
  return rings;
}

// Whether a line to the east of the position crosses the ring an odd number of times.
function crossed(ring, lat, lon) {
  let odd = false;
  for (const { line } of ring) {
    for (let i = 1; i < line.length; i += 1) {
      const [[y0, x0], [y1, x1]] = [line[i - 1], line[i]];
      if (y0 > lat !== y1 > lat && lon < x0 + ((lat - y0) / (y1 - y0)) * (x1 - x0)) odd = !odd;
    }
  }
  return odd;
}

const same = ([y0, x0], [y1, x1]) => y0 === y1 && x0 === x1;
const precedes = ([y0, x0], [y1, x1]) => y0 < y1 || (y0 === y1 && x0 < x1);
