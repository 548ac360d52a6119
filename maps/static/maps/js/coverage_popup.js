// What is told of an area when it is touched: words of the service, as text.
import { json } from "./loading.js";

export class CoveragePopup {
  // `address` is that of what is told, to which the area's code is added.
  constructor(map, address, words) {
    Object.assign(this, { map, address, words, popup: globalThis.L.popup({ maxWidth: 300 }), asked: null });
  }

  async open(latlng, code) {
    this.asked = code;
    const url = new URL(this.address, location);
    url.searchParams.set("code", code);
    const told = await json(url);
    if (this.asked !== code) return; // another was touched meanwhile
    this.popup.setLatLng(latlng).setContent(content(told)).openOn(this.map);
    this.popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", this.words.close);
  }
}

function content({ name, lines, href, link }) {
  const part = document.createElement("div");
  const more = Object.assign(document.createElement("a"), { href, textContent: link });
  part.append(element("strong", name), ...lines.map((line) => element("p", line)), more);
  return part;
}

function element(tag, text) {
  return Object.assign(document.createElement(tag), { textContent: text });
}
