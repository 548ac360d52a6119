// What of the ground is in view. Pure: everything is given.
import { numbersOf } from "./packing.js";

// Codes of the départements that touch the view. Boxes are [west, south, east, north].
export function departementsIn(view, departements) {
  const [west, south, east, north] = view;
  return departements
    .filter(({ bbox: [w, s, e, n] }) => w <= east && e >= west && s <= north && n >= south)
    .map(({ code }) => code);
}

// Packed lines (maps/outlines.py) as Leaflet's [lat, lon]: steps in whole parts of a degree.
export function unpack(lines, scale) {
  return lines.map((line) => {
    const at = [0, 0]; // x, y
    const points = [];
    let axis = 0;
    for (const step of numbersOf(line)) {
      at[axis] += step;
      if (axis) points.push([at[1] / scale, at[0] / scale]);
      axis = 1 - axis;
    }
    return points;
  });
}

const NEAR = 44; // pixels: so near to a larger place, a smaller one is a part of it

// Ways that a name may go from its place, the shortest first, [right, down] in pixels: it is wider than high.
const STEPS = Array.from({ length: 21 }, (_, step) => step - 10);
const WAYS = STEPS.flatMap((x) => STEPS.map((y) => [6 * x, 4 * y])).sort((a, b) => long(a) - long(b));

function long([x, y]) {
  return Math.hypot(0.8 * x, y);
}

// Names that stand whole in the view without touching one another or what is there already, largest places first: at
// their place, or no further than `far` from it. Where a larger place is near, a smaller one has no name, even if there was
// no room for the larger's. Names and `taken` are boxes in pixels: {x, y} of the middle, width, height; of what is placed,
// `shift` is the way from its place.
export function roomFor(names, taken, size, most) {
  const placed = [];
  const known = [];
  const apart = (a, b) => Math.abs(a.x - b.x) > (a.width + b.width) / 2 || Math.abs(a.y - b.y) > (a.height + b.height) / 2;
  const whole = ({ x, y, width }) => Math.abs(x - size.x / 2) < (size.x - width) / 2 && Math.abs(y - size.y / 2) < size.y / 2 - 12;
  for (const name of names) {
    if (placed.length === most) break;
    if (known.some(({ x, y }) => Math.hypot(x - name.x, y - name.y) < NEAR)) continue;
    known.push(name);
    const found = WAYS.filter((shift) => long(shift) <= name.far)
      .map((shift) => ({ ...name, x: name.x + shift[0], y: name.y + shift[1], shift }))
      .find((box) => whole(box) && [...taken, ...placed].every((other) => apart(box, other)));
    if (found) placed.push(found);
  }
  return placed;
}
