// Addresses of pages, and what of the map they hold. Pure: no document, no network.

const DECIMALS = 5; // about a metre

// "/m/873-la-ferme/" in the reader's language; anything that is not a sheet's path leads home.
export function sheetAddress(path, home) {
  return /^\/m\/\d+-[\w-]*\/$/.test(path) ? home.slice(0, -1) + path : home;
}

// What stands after "#": "carte=11/47.79310/1.06580" is the map's view; "vue=carte" that a phone shows the map.
export function readState(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const found = /^(\d{1,2})\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/.exec(given.get("carte") ?? "");
  const [zoom, lat, lon] = found ? found.slice(1).map(Number) : [];
  const view = found && zoom <= 22 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { zoom, lat, lon } : null;
  return { view, showsMap: given.get("vue") === "carte" };
}

// Whether what stands after "#" is the map's, nothing included; else it is a part of the page.
export function isState(hash) {
  return /^#?(carte=|vue=|$)/.test(hash);
}

// The same address with another view, or another side of a phone's page.
export function withState(address, changes) {
  const url = new URL(address);
  const { view, showsMap } = { ...readState(url.hash), ...changes };
  const parts = [];
  if (view) parts.push(`carte=${view.zoom}/${view.lat.toFixed(DECIMALS)}/${view.lon.toFixed(DECIMALS)}`);
  if (showsMap) parts.push("vue=carte");
  url.hash = parts.join("&");
  return url.href;
}
