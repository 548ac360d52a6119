// What opens over the map: one place, or the list of all that a disc holds. What merchants write is text only.
import { distanceText } from "./places.js";
import { sheetAddress } from "./question.js";

export class Popups {
  constructor(map, home, words) {
    Object.assign(this, { map, home, words, opener: null });
    this.popup = globalThis.L.popup({ autoPanPaddingTopLeft: [12, 70], autoPanPaddingBottomRight: [56, 12] });
    map.on("popupopen", ({ popup }) => this.enter(popup.getElement()));
    map.on("popupclose", ({ popup }) => this.leave(popup.getElement()));
    map.getContainer().addEventListener("keydown", ({ key }) => key === "Escape" && map.closePopup());
  }

  // `left` are those that the list leaves out; `all` is the address of a page that has them.
  open(latlng, places, { opener, lift = 0, left = 0, all = "" }) {
    const list = document.createElement("ul");
    list.append(...places.map((place) => this.entry(place)));
    const more = left === 1 ? this.words.moreOne : this.words.more.replace("{count}", left.toLocaleString(this.words.lang));
    if (left > 0) list.append(entryOf(link(more, all)));
    this.map.closePopup();
    this.opener = opener;
    const { x, y } = this.map.getSize(); // in which it lies beside the buttons and under the link that is offered
    const most = { maxWidth: Math.min(280, x - 104), maxHeight: Math.min(300, y - 140) };
    Object.assign(this.popup.options, most, { offset: [0, -6 - lift] });
    this.popup.setLatLng(latlng).setContent(list).openOn(this.map);
  }

  entry({ name, url, demo, commune, distance }) {
    const about = document.createElement("p");
    about.textContent = [demo && this.words.demo, distance, commune].filter(Boolean).join(" · ");
    return entryOf(link(name, sheetAddress(url, this.home)), about);
  }

  // A feature of the API as an entry of the list.
  placeOf({ properties }) {
    const distance = distanceText(properties, this.words, this.words.lang);
    return { ...properties, commune: properties.commune.name, distance };
  }

  // The keyboard goes into what opened, and back to where it came from when that closes.
  enter(opened) {
    opened.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", this.words.close);
    opened.querySelector("a[href]")?.focus({ preventScroll: true });
  }

  leave(closed) {
    if (closed?.contains(document.activeElement)) this.opener?.()?.focus({ preventScroll: true });
  }
}

function link(text, href) {
  return Object.assign(document.createElement("a"), { textContent: text, href });
}

function entryOf(...parts) {
  const entry = document.createElement("li");
  entry.append(...parts);
  return entry;
}
