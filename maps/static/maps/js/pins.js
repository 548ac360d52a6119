// What stands on the map, which pin it has, and how it is said. Pure: no document, no map.

const LONE_RADIUS = 17; // pixels of a pin
const READING_LINE = 60; // pixels: marks so near in height are read from left to right

// Activity code -> family, from the lists of folium's module.
export function familyIndex(families) {
  const index = new Map();
  for (const [family, activities] of Object.entries(families)) {
    for (const activity of activities) index.set(activity, family);
  }
  return index;
}

// The family whose pin a place has: one that was asked for, else that of its first activity.
export function familyOf({ activities }, index, asked) {
  const found = activities.map((activity) => index.get(activity)).filter(Boolean);
  return found.find((family) => asked.includes(family)) ?? found[0] ?? "other";
}

// A disc whose area grows with its count, in pixels across: a million is three times as wide as two.
export function discSize(count) {
  return Math.round(26 + 11 * Math.log10(count));
}

// What is drawn, each mark {x, y, count, members}, in reading order. Features that would overlap on the screen are one
// mark with the sum of their counts, where the greatest of them is. `points` are {x, y, feature}, x and y in pixels.
export function marks(points) {
  let found = points.map(({ x, y, feature }) => ({ x, y, count: feature.properties.count, members: [feature] }));
  for (let before = Infinity; found.length < before; ) {
    before = found.length;
    found = joined(found); // a disc that has grown may touch another
  }
  const line = ({ y }) => Math.floor(y / READING_LINE);
  return found.sort((a, b) => line(a) - line(b) || a.x - b.x);
}

function joined(marks) {
  const kept = [];
  for (const { x, y, count, members } of marks.sort((a, b) => b.count - a.count)) {
    const over = kept.find((mark) => Math.hypot(mark.x - x, mark.y - y) < radius(mark.count) + radius(count));
    if (over) {
      over.count += count;
      over.members.push(...members);
    } else {
      kept.push({ x, y, count, members: [...members] });
    }
  }
  return kept;
}

const radius = (count) => (count === 1 ? LONE_RADIUS : discSize(count) / 2);

// How much of the answer is in view, honestly.
export function noteText(shown, total, words, language) {
  const said = shown === 0 ? "none" : shown < total ? "some" : "all";
  const alone = (shown || total) === 1;
  const text = words[alone ? `${said}One` : said];
  return text.replace("{shown}", shown.toLocaleString(language)).replace("{total}", total.toLocaleString(language));
}
