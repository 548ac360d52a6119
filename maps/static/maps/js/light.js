// What the reader's line can take. Pure: everything is given.

// Whether the map waits to be asked for: as the person chose ("on" or "off"), else because they save data or the line is
// slow.
export function isLight(chosen, connection, reducedData) {
  if (chosen) return chosen === "on";
  return Boolean(reducedData || connection?.saveData || /(^|-)2g$/.test(connection?.effectiveType ?? ""));
}
