// What a field with suggestions asks, does with a key, and says. Pure: no document, no network.

const SHORTEST = 2;
const LONGEST = 200;

// Whether a text is worth a request: the service has nothing for a letter, and refuses what is too long.
export function isAsked(text) {
  return text.trim().length >= SHORTEST && text.length <= LONGEST;
}

// Which option is active after an arrow: -1 is the field itself, which lies between the last and the first.
export function moved(key, active, count) {
  if (key === "ArrowDown") return active + 1 < count ? active + 1 : -1;
  return active === -1 ? count - 1 : active - 1;
}

// How many there are, in words. `words` has none, one, and many with {n} in it.
export function spoken(count, { none, one, many }) {
  return count === 0 ? none : count === 1 ? one : many.replace("{n}", count);
}

// What stands under a suggestion's label: what tells it from its like, and the synonym that was typed.
export function told({ detail, matched }) {
  return [matched && `« ${matched} »`, detail].filter(Boolean).join(" · ");
}
