// What the reader's line and screen can take, and what of the ground is in view. Pure: everything is given.

// Whether the map waits to be asked for: the reader saves data, or the line is slow.
export function isLight(connection, reducedData) {
  return Boolean(reducedData || connection?.saveData || /(^|-)2g$/.test(connection?.effectiveType ?? ""));
}

// Codes of the départements that touch the view. Boxes are [west, south, east, north].
export function departementsIn(view, departements) {
  const [west, south, east, north] = view;
  return departements
    .filter(({ bbox: [w, s, e, n] }) => w <= east && e >= west && s <= north && n >= south)
    .map(({ code }) => code);
}

// Lines of whole-number steps as Leaflet's [lat, lon].
export function unpack(lines, scale) {
  return lines.map((steps) => {
    const points = [];
    let x = 0;
    let y = 0;
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      points.push([y / scale, x / scale]);
    }
    return points;
  });
}

// Names that stand whole in the view without touching one another or what is there already, first come first.
// Names and `taken` are boxes in pixels: {x, y} of the middle, width, height.
export function roomFor(names, taken, size, most) {
  const placed = [];
  const apart = (a, b) => Math.abs(a.x - b.x) > (a.width + b.width) / 2 || Math.abs(a.y - b.y) > (a.height + b.height) / 2;
  for (const name of names) {
    const whole = Math.abs(name.x - size.x / 2) < (size.x - name.width) / 2 && Math.abs(name.y - size.y / 2) < size.y / 2 - 12;
    if (whole && [...taken, ...placed].every((other) => apart(name, other))) placed.push(name);
    if (placed.length === most) break;
  }
  return placed;
}
