// The map of a pin in the admin: it and the two numbers say the same thing. Text from data enters as text nodes only.
import { covers, fill, format, parsePosition, stepOf } from "./pin_geometry.js";

const L = window.L;
const SVG = "http://www.w3.org/2000/svg";
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
    this.sources = JSON.parse(this.text.sources).map((source) => this.sourceMark(source));
    this.marker = null;
    this.draw();
  }

  sourceMark({ lat, lon, name }) {
    const mark = L.circleMarker([lat, lon], { radius: 6, className: "pin-source" }).addTo(this.map);
    const label = document.createElement("span");
    label.textContent = name;
    return mark.bindTooltip(label);
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
      this.marker = this.newMarker(position);
    }
    this.say(position);
  }

  newMarker({ lat, lon }) {
    const icon = L.divIcon({ className: "pin-marker", html: pinShape(), iconSize: [30, 42], iconAnchor: [15, 41] });
    const marker = L.marker([lat, lon], { icon, draggable: true, autoPan: true }).addTo(this.map);
    const element = marker.getElement();
    element.setAttribute("aria-label", this.text.textPin);
    element.title = this.text.textPin;
    marker.on("drag", () => this.place(marker.getLatLng()));
    element.addEventListener("keydown", (event) => this.nudge(event));
    return marker;
  }

  nudge(event) {
    const step = stepOf(event.key, event.shiftKey);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation(); // or the map would move as well
    // Not by the container's points, which are rounded: a step right would also go up or down.
    this.place(this.map.unproject(this.map.project(this.marker.getLatLng()).add(step)));
    this.map.panInside(this.marker.getLatLng(), { padding: [40, 40], animate: false });
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
        this.show(collection.features);
      } catch {
        if (asked === this.asked) this.part("says").textContent = this.text.textFailed;
        return;
      }
    }
    this.draw();
    this.seeAll();
  }

  show(features) {
    for (const feature of features) {
      const own = feature.properties.role === "commune";
      if (own) this.outline = feature;
      const layer = L.geoJSON(feature, { interactive: false, style: { className: own ? "pin-commune" : "pin-beside" } });
      layer.addTo(this.around);
      const name = document.createElement("span");
      name.textContent = feature.properties.name;
      const label = L.divIcon({ className: own ? "pin-name pin-name-own" : "pin-name", html: name, iconSize: null });
      const [lon, lat] = feature.properties.centre;
      L.marker([lat, lon], { icon: label, interactive: false, keyboard: false }).addTo(this.around);
    }
  }

  /** The commune, the pin and the sources' points together. */
  seeAll() {
    const bounds = L.latLngBounds(this.sources.map((mark) => mark.getLatLng()));
    if (this.outline) bounds.extend(L.geoJSON(this.outline).getBounds());
    if (this.position) bounds.extend([this.position.lat, this.position.lon]);
    if (bounds.isValid()) this.map.fitBounds(bounds, { padding: [24, 24], maxZoom: CLOSE, animate: false });
  }
}

function pinShape() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 30 42");
  svg.setAttribute("aria-hidden", "true");
  const drop = document.createElementNS(SVG, "path");
  drop.setAttribute("d", "M15 1C7 1 1 7 1 15c0 10 14 26 14 26s14-16 14-26C29 7 23 1 15 1z");
  const eye = document.createElementNS(SVG, "circle");
  for (const [name, value] of [["cx", 15], ["cy", 15], ["r", 5]]) eye.setAttribute(name, value);
  svg.append(drop, eye);
  return svg;
}

for (const root of document.querySelectorAll("[data-pin]")) new PinMap(root);
