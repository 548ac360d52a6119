// The map of a pin in the admin: it and the two numbers say the same thing. Text from data enters as text nodes only.
import { covers, fill, format, parsePosition } from "./pin_geometry.js";
import { drawOutlines, pinMarker, placeMark } from "./pin_map.js";

const L = window.L;
const SIZE = [30, 42];
const CLOSE = 15; // a zoom at which 8 pixels are about 25 metres

class PinMap {
  constructor(root) {
    this.root = root;
    this.text = root.dataset;
    this.part = (name) => root.querySelector(`[data-pin-${name}]`);
    this.lat = this.part("lat");
    this.lon = this.part("lon");
    this.opened = parsePosition(this.lat.value, this.lon.value);
    this.outline = null;
    this.asked = 0;
    this.build();
    this.listen();
    this.follow(this.text.commune);
  }

  get position() {
    return parsePosition(this.lat.value, this.lon.value);
  }

  build() {
    const box = this.part("map");
    for (const name of ["map", "buttons", "legend"]) this.part(name).hidden = false;
    this.map = L.map(box, {
      attributionControl: false,
      zoomControl: false,
      scrollWheelZoom: false,
      zoomSnap: 0.5,
      minZoom: 6,
      maxZoom: 19,
    });
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", this.text.textMap);
    L.control.zoom({ zoomInTitle: this.text.textZoomIn, zoomOutTitle: this.text.textZoomOut }).addTo(this.map);
    L.control.scale({ imperial: false }).addTo(this.map);
    this.around = L.layerGroup().addTo(this.map);
    this.map.setView([47.5, 1.5], 7);
    this.sources = JSON.parse(this.text.sources).map((source) => placeMark(this.map, source, source.name));
    this.marker = null;
    this.draw();
  }

  listen() {
    for (const input of [this.lat, this.lon]) input.addEventListener("input", () => this.draw());
    this.map.on("click", ({ latlng }) => this.place(latlng));
    // The wheel scrolls the page until the map is in use.
    this.map.on("focus", () => this.map.scrollWheelZoom.enable());
    this.map.on("blur", () => this.map.scrollWheelZoom.disable());
    this.root.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-pin-centre], [data-pin-undo]");
      if (!button) return;
      if ("pinUndo" in button.dataset) this.undo();
      else if (button.dataset.pinCentre === "pin") this.centreOnPin();
      else this.centreOnCommune();
    });
    const select = document.getElementById(this.text.communeField);
    const chosen = () => select.value !== this.commune && this.follow(select.value);
    // select2 tells jQuery alone of a choice. The admin also sends a change when the page opens.
    if (select && window.django?.jQuery) window.django.jQuery(select).on("change", chosen);
  }

  place({ lat, lng }) {
    this.lat.value = format(lat);
    this.lon.value = format(L.Util.wrapNum(lng, [-180, 180], true));
    this.draw();
  }

  undo() {
    this.lat.value = this.opened ? format(this.opened.lat) : "";
    this.lon.value = this.opened ? format(this.opened.lon) : "";
    this.draw();
    this.centreOnPin();
  }

  /** Marker, sentence and link as the two numbers have it. */
  draw() {
    const position = this.position;
    if (!position) {
      this.marker?.remove();
      this.marker = null;
    } else if (this.marker) {
      this.marker.setLatLng([position.lat, position.lon]);
    } else {
      this.marker = pinMarker(this.map, position, this.text.textPin, SIZE, (at) => this.place(at));
    }
    this.say(position);
  }

  say(position) {
    const line = this.part("says");
    const place = this.outline?.properties;
    let sentence = position ? "" : this.text.textNone;
    if (position && place) {
      const inside = covers(this.outline.geometry, position);
      sentence = fill(inside ? this.text.textInside : this.text.textOutside, { commune: place.name });
      line.classList.toggle("pin-outside", !inside);
    }
    if (line.textContent !== sentence) line.textContent = sentence;
  }

  centreOnPin() {
    const { position, map } = this;
    if (position) map.setView([position.lat, position.lon], Math.max(map.getZoom(), CLOSE), { animate: false });
  }

  centreOnCommune() {
    if (this.outline) this.map.fitBounds(L.geoJSON(this.outline).getBounds(), { padding: [12, 12], animate: false });
  }

  /** Outline that commune and its neighbours; the latest answer wins. */
  async follow(commune) {
    const asked = ++this.asked;
    this.commune = commune;
    this.outline = null;
    this.around.clearLayers();
    if (commune) {
      try {
        const response = await fetch(this.text.outlineUrl.replace("__code__", encodeURIComponent(commune)));
        if (!response.ok) throw new Error(response.statusText);
        const collection = await response.json();
        if (asked !== this.asked) return;
        this.outline = drawOutlines(this.around, collection.features) ?? null;
      } catch {
        if (asked === this.asked) this.part("says").textContent = this.text.textFailed;
        return;
      }
    }
    this.draw();
    this.seeAll();
  }

  /** The commune, the pin and the sources' points together. */
  seeAll() {
    const bounds = L.latLngBounds(this.sources.map((mark) => mark.getLatLng()));
    if (this.outline) bounds.extend(L.geoJSON(this.outline).getBounds());
    if (this.position) bounds.extend([this.position.lat, this.position.lon]);
    if (bounds.isValid()) this.map.fitBounds(bounds, { padding: [24, 24], maxZoom: CLOSE, animate: false });
  }
}

for (const root of document.querySelectorAll("[data-pin]")) new PinMap(root);
