// The pins of an answer on the map: grouped where they would overlap, and tied to the list.
import { discSize, distanceText, familyIndex, familyOf, groups } from "./pins.js";
import { sheetAddress } from "./question.js";

const REACH = 40; // pixels: nearer pins would hide one another
const MOST_IN_POPUP = 8;
const SVG = "http://www.w3.org/2000/svg";

export class Markers {
  constructor(map, { pins, home, families: asked }, features, families, words) {
    this.L = globalThis.L;
    Object.assign(this, { map, pins, home, features, words, asked: asked.split(" ") });
    this.families = familyIndex(families);
    this.layer = this.L.layerGroup().addTo(map);
    this.markers = new Map(); // feature id -> the marker that shows it
    this.rows = new Map();
    map.on("zoomend", () => this.draw());
    map.on("popupopen", ({ popup }) => this.enter(popup.getElement()));
    map.on("popupclose", ({ popup }) => this.leave(popup));
  }

  // The keyboard goes into what opened, and back to its pin when it closes.
  enter(opened) {
    opened.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", this.words.close);
    opened.querySelector("a[href]")?.focus({ preventScroll: true });
  }

  leave(popup) {
    const held = popup.getElement()?.contains(document.activeElement);
    if (held) popup._source?.getElement()?.focus({ preventScroll: true });
  }

  // What the map should show: the pins, and the circle that was asked.
  bounds(circle) {
    const bounds = this.L.latLngBounds(this.features.map((feature) => this.latlng(feature)));
    return circle ? bounds.extend(circle.getBounds()) : bounds;
  }

  // Tie the rows of the list to the pins, both ways.
  follow(rows) {
    for (const row of rows) {
      const id = Number(row.dataset.id);
      this.rows.set(id, row);
      for (const [type, on] of [["mouseenter", true], ["focusin", true], ["mouseleave", false], ["focusout", false]]) {
        row.addEventListener(type, () => this.markers.get(id)?.getElement()?.classList.toggle("marked", on));
      }
    }
    this.draw();
  }

  draw() {
    this.layer.clearLayers();
    this.markers.clear();
    const points = this.features.map((feature) => ({ ...this.pixel(feature), feature }));
    for (const { members } of groups(points, REACH)) {
      const marker = members.length === 1 ? this.single(members[0]) : this.group(members);
      this.layer.addLayer(marker);
      for (const { id } of members) this.markers.set(id, marker);
      this.tie(marker, members);
    }
  }

  // Where pins stand in the view, in pixels.
  boxes() {
    return [...new Set(this.markers.values())].map((marker) => {
      const { x, y } = this.map.latLngToContainerPoint(marker.getLatLng());
      const { iconSize, iconAnchor } = marker.options.icon.options;
      const [width, height] = iconSize;
      return { x, y: iconAnchor ? y - height / 2 : y, width, height };
    });
  }

  pixel(feature) {
    const { x, y } = this.map.latLngToLayerPoint(this.latlng(feature));
    return { x, y };
  }

  latlng({ geometry }) {
    const [lon, lat] = geometry.coordinates;
    return this.L.latLng(lat, lon);
  }

  single(feature) {
    const family = familyOf(feature, this.families, this.asked);
    const options = { html: this.pin(family), className: "map-pin", iconSize: [32, 40], iconAnchor: [16, 39] };
    const icon = this.L.divIcon({ ...options, popupAnchor: [0, -36], tooltipAnchor: [0, -34] });
    const marker = this.L.marker(this.latlng(feature), { icon, riseOnHover: true });
    return marker.bindPopup(() => this.popup([feature]), { maxWidth: 280 });
  }

  group(members) {
    const size = discSize(members.length);
    const html = element("span", members.length.toLocaleString(this.words.lang));
    const icon = this.L.divIcon({ html, className: "map-group", iconSize: [size, size], tooltipAnchor: [0, -size / 2] });
    const bounds = this.L.latLngBounds(members.map((feature) => this.latlng(feature)));
    const marker = this.L.marker(this.latlng(members[0]), { icon });
    const apart = !bounds.getNorthEast().equals(bounds.getSouthWest(), 1e-5);
    if (!apart || this.map.getZoom() >= this.map.getMaxZoom()) {
      return marker.bindPopup(() => this.popup(members), { maxWidth: 280 });
    }
    return marker.on("click keypress", ({ originalEvent }) => {
      if (originalEvent?.key === undefined || originalEvent.key === "Enter") this.map.fitBounds(bounds.pad(0.3));
    });
  }

  // Name the marker for those who hear the page, and mark its rows when it is pointed at.
  tie(marker, members) {
    const name = members.length === 1 ? this.nameOf(members[0]) : this.words.group.replace("{count}", members.length);
    const html = marker.getElement();
    html.setAttribute("aria-label", name);
    marker.bindTooltip(element("span", name), { direction: "top" });
    for (const [type, on] of [["mouseenter", true], ["focus", true], ["mouseleave", false], ["blur", false]]) {
      html.addEventListener(type, () => {
        for (const { id } of members) this.rows.get(id)?.classList.toggle("marked", on);
      });
    }
  }

  nameOf({ properties }) {
    return properties.demo ? `${properties.name} (${this.words.demo})` : properties.name;
  }

  popup(members) {
    const list = document.createElement("ul");
    for (const feature of members.slice(0, MOST_IN_POPUP)) list.append(this.entry(feature));
    const left = members.length - MOST_IN_POPUP;
    if (left > 0) list.append(element("li", this.words.more.replace("{count}", left)));
    return list;
  }

  entry(feature) {
    const { properties } = feature;
    const entry = document.createElement("li");
    const link = element("a", properties.name);
    link.href = sheetAddress(properties.url, this.home);
    entry.append(link);
    const distance = distanceText(properties, this.words, this.words.lang);
    const about = [properties.demo && this.words.demo, distance, properties.commune.name].filter(Boolean).join(" · ");
    entry.append(element("p", about));
    return entry;
  }

  pin(family) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", `pin pin-${family}`);
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `${this.pins}#${family}`);
    svg.append(use);
    return svg;
  }
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
