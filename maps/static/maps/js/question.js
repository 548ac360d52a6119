// Addresses of pages. Pure: no document, no network.

// "/m/873-la-ferme/" in the reader's language; anything that is not a sheet's path leads home.
export function sheetAddress(path, home) {
  return /^\/m\/\d+-[\w-]*\/$/.test(path) ? home.slice(0, -1) + path : home;
}
