// Asks the service what is in view: one request at a time, and none for a view whose answer is known.
import { adding, holds, shared, snapped, written } from "./grid.js";

const MOST_KEPT = 60;
const NOTHING = { numberMatched: 0, features: [] };

export class Clusters {
  // `address` is the question's, without its own box, which is `within`.
  constructor(address, within) {
    Object.assign(this, { address, within, kept: new Map(), request: new AbortController() });
  }

  // The answer for a view, of whole cells; null where another view was asked for meanwhile. Throws where the service does
  // not answer.
  at(view, zoom) {
    this.forget();
    return this.of(snapped(view, zoom), zoom);
  }

  // How many of a view's answer lie in the view itself; null as above. `whole` is a box that holds all of the answer: the
  // service is asked only where a cell has room for some of it on both sides of the view's edge.
  async countIn(view, { features }, whole) {
    let sum = 0;
    for (const { bbox, properties } of features) {
      const box = shared(bbox, whole) ?? bbox;
      if (!shared(box, view)) continue;
      if (!holds(view, box) || !holds(view, box.slice(2))) {
        const exact = await this.of(view, 0);
        return exact && exact.numberMatched;
      }
      sum += properties.count;
    }
    return sum;
  }

  // The answer for a box; nothing where the question's own box lies elsewhere.
  async of(asked, zoom) {
    const box = shared(asked, this.within);
    if (!box) return NOTHING;
    const address = adding(this.address, `bbox=${written(box)}&zoom=${zoom}`);
    if (!this.kept.has(address)) {
      const { signal } = this.request;
      try {
        const response = await fetch(address, { signal });
        if (!response.ok) throw new Error(`${address}: ${response.status}`);
        this.keep(address, await response.json());
      } catch (error) {
        if (signal.aborted) return null;
        throw error;
      }
      if (signal.aborted) return null;
    }
    return this.kept.get(address);
  }

  // Nobody waits for the last view any more.
  forget() {
    this.request.abort();
    this.request = new AbortController();
  }

  keep(address, answer) {
    this.kept.set(address, answer);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
  }
}
