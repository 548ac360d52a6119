// Whole numbers packed into letters (geo/packing.py): five bits a letter, the sign last and lowest.
export function* numbersOf(text) {
  let [number, shift] = [0, 0];
  for (const letter of text) {
    const bits = letter.charCodeAt(0) - 63;
    number |= (bits & 31) << shift;
    shift += 5;
    if (bits >= 32) continue;
    yield number & 1 ? -(number + 1) / 2 : number / 2;
    [number, shift] = [0, 0];
  }
}
