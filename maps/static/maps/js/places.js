// What is said of a place beside its name. Pure: no document, no map.

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
