// The question in the address bar. Pure: no document, no network.

const DEFAULT_RADIUS = "10";

// Fields of a form that say nothing: empty ones, and a radius that is the usual one or has no centre. Without them the
// address one keeps is the question and nothing else. `entries` are [name, value].
export function idleFields(entries) {
  const given = new Map(entries.filter(([, value]) => value.trim() !== ""));
  const centred = given.has("place") || given.has("lat");
  const idleRadius = !centred || given.get("radius_km") === DEFAULT_RADIUS;
  return entries.map(([name]) => name).filter((name) => !given.has(name) || (name === "radius_km" && idleRadius));
}

// "/m/873-la-ferme/" in the reader's language; anything that is not a sheet's path leads home.
export function sheetAddress(path, home) {
  return /^\/m\/\d+-[\w-]*\/$/.test(path) ? home.slice(0, -1) + path : home;
}
