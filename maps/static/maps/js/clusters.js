// Asks the service what is in view: one request at a time, and none for a view whose answer is known.
import { adding, shared, snapped, written } from "./grid.js";

const MOST_KEPT = 60;
const NOTHING = { numberMatched: 0, features: [] };

export class Clusters {
  // `address` is the question's, without its own box, which is `within`.
  constructor(address, within) {
    Object.assign(this, { address, within, kept: new Map(), request: new AbortController() });
  }

  // What is asked for a view; null where the question's own box lies elsewhere.
  addressOf(view, zoom) {
    const box = shared(snapped(view, zoom), this.within);
    return box && adding(this.address, `bbox=${written(box)}&zoom=${zoom}`);
  }

  // The answer for a view; null where another view was asked for meanwhile. Throws where the service does not answer.
  async at(view, zoom) {
    this.forget();
    const address = this.addressOf(view, zoom);
    if (address === null) return NOTHING;
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
