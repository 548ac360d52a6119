// Which pin a merchant has, which stand together, and how they are named. Pure: no document, no map.

// Activity code -> family, from the lists of folium's module.
export function familyIndex(families) {
  const index = new Map();
  for (const [family, activities] of Object.entries(families)) {
    for (const activity of activities) index.set(activity, family);
  }
  return index;
}

// The family whose pin a feature has: one that was asked for, else that of its first activity.
export function familyOf(feature, index, asked) {
  const found = feature.properties.activities.filter((activity) => index.has(activity)).map((activity) => index.get(activity));
  return found.find((family) => asked.includes(family)) ?? found[0] ?? "other";
}

// Pins nearer than `reach` pixels stand together; the first of the answer's order holds the group.
// `points` are {x, y, feature}; the result has {x, y, members}.
export function groups(points, reach) {
  const found = [];
  for (const point of points) {
    const near = found.find((group) => Math.hypot(group.x - point.x, group.y - point.y) < reach);
    if (near) near.members.push(point.feature);
    else found.push({ x: point.x, y: point.y, members: [point.feature] });
  }
  return found;
}

// A disc whose area grows with its count, in pixels across.
export function discSize(count) {
  return Math.round(Math.min(30 + 5 * Math.sqrt(count), 72));
}

// "2,3 km", or "environ 4 km" where the pin stands for its commune; nothing where there is no centre, or where a
// commune's pin says nothing of so short a distance.
export function distanceText({ distance_m: metres, pin }, words, language) {
  if (metres === undefined) return "";
  const number = (value, digits) => value.toLocaleString(language, { maximumFractionDigits: digits });
  if (pin.precision === "commune") {
    if (metres < 500) return "";
    return words.about.replace("{distance}", `${number(Math.max(1, Math.round(metres / 1000)), 0)}\u00a0km`);
  }
  if (metres < 995) return `${number(Math.max(10, Math.round(metres / 10) * 10), 0)}\u00a0m`;
  return `${number(metres / 1000, 1)}\u00a0km`;
}

// How much of the answer the map shows, honestly.
export function note({ shown, total, first, nearest }, words, language) {
  const number = (value) => value.toLocaleString(language);
  const text = shown === total ? words.of : nearest && first === 1 ? words.nearest : words.first;
  return text
    .replace("{shown}", number(shown))
    .replace("{total}", number(total))
    .replace("{first}", number(first))
    .replace("{last}", number(first + shown - 1));
}
