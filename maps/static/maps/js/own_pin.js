// The map under an owner's pin: it and the form say the same thing, and the form is all that is sent. The page is
// complete without it; text from data enters as text nodes only.
import { show } from "./backdrop.js";
import { isLight } from "./light.js";
import { json, style } from "./loading.js";
import { keep, kept } from "./memory.js";
import { covers, fill, format, measure, parsePair, parsePosition, seenFrom } from "./pin_geometry.js";
import { drawOutlines, pinMarker, placeMark } from "./pin_map.js";
import { control } from "./stage.js";

const BACKDROP = "fond"; // as the search's map keeps it
const SIZE = [44, 44]; // of a thumb
const FIRST = 15; // what is around is seen as well
const CLOSE = 16;
const CLOSEST = 19;
const SAID_AFTER_MS = 250; // what is said aloud waits until the pin rests
const WAIT_MS = 15_000;
const NEXT_TO_M = 15; // from here on a direction means something

class OwnPin {
  constructor(form, board) {
    this.form = form;
    this.words = board.dataset;
    this.part = (name) => board.querySelector(`[data-${name}]`);
    this.typed = form.elements.typed;
    this.centre = parsePosition(this.words.centreLat, this.words.centreLon);
    this.opened = parsePosition(this.words.lat, this.words.lon);
    this.directions = JSON.parse(document.getElementById("pin-directions").textContent);
    this.outline = null;
    this.map = null; // until it is asked for, and where it cannot be had: the rest says the same without it
    this.listen();
  }

  async open(light) {
    const { leaflet, styles, outline } = this.words;
    await Promise.all([import(leaflet), ...styles.split(" ").map(style)]);
    this.part("map").hidden = false;
    this.build();
    document.querySelector("main .locator")?.remove(); // the same, drawn
    this.offerBackdrops(light);
    try {
      this.outline = drawOutlines(this.around, (await json(outline)).features);
      if (!this.position) this.map.fitBounds(globalThis.L.geoJSON(this.outline).getBounds(), { animate: false });
    } catch (error) {
      console.warn(error); // the ground stays empty: pin and words are there
    }
    this.draw();
  }

  build() {
    const { L } = globalThis;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = L.map(this.part("map"), {
      attributionControl: false,
      zoomControl: false,
      scrollWheelZoom: false,
      dragging: !matchMedia("(pointer: coarse)").matches, // one finger scrolls the page, two move the map
      zoomAnimation: !still,
      fadeAnimation: !still,
      inertia: !still,
      minZoom: 8,
      maxZoom: CLOSEST,
    });
    control(this.map, { label: this.words.textMap, zoomIn: this.words.textZoomIn, zoomOut: this.words.textZoomOut });
    this.around = L.layerGroup().addTo(this.map);
    const at = this.position ?? this.centre;
    const all = L.latLngBounds([this.centre, at]);
    for (const choice of this.form.querySelectorAll("[name=where][data-lat]")) {
      const text = choice.closest("label").querySelector("span").firstChild.textContent.trim();
      if (choice.value === "keep") continue;
      const found = parsePosition(choice.dataset.lat, choice.dataset.lon);
      placeMark(this.map, found, text);
      all.extend(found);
    }
    this.map.fitBounds(all, { padding: [60, 60], maxZoom: FIRST, animate: false });
    // Without a pin it stands at the centre, to be taken hold of, and nothing is chosen by that.
    this.marker = pinMarker(this.map, at, this.words.textPin, SIZE, (there) => this.place(there));
    this.map.on("click", ({ latlng }) => this.place(latlng));
    // The wheel scrolls the page until the map is in use.
    this.map.on("focus", () => this.map.scrollWheelZoom.enable());
    this.map.on("blur", () => this.map.scrollWheelZoom.disable());
  }

  listen() {
    const { form } = this;
    form.addEventListener("change", ({ target }) => {
      if (target.name !== "where") return;
      if (!("typed" in target.dataset)) this.typed.value = "";
      this.draw(true);
    });
    this.typed.addEventListener("input", () => {
      form.querySelector("[data-typed]").checked = true;
      this.draw(true);
    });
    this.part("here").addEventListener("click", () => this.locate());
    this.part("back").addEventListener("click", () => this.undo());
    this.part("back").hidden = !this.opened;
  }

  offerBackdrops(light) {
    const choices = this.part("backdrops");
    choices.addEventListener("change", ({ target }) => {
      keep(BACKDROP, target.value);
      show(this.map, target, CLOSEST);
    });
    const before = light ? null : choices.querySelector(`[data-address][value="${CSS.escape(kept(BACKDROP) ?? "")}"]`);
    if (!before) return;
    before.checked = true;
    show(this.map, before, CLOSEST);
  }

  /** Where the form puts the pin; null where it does not say, or in a writing that the service alone reads. */
  get position() {
    const choice = this.form.querySelector("[name=where]:checked");
    if (!choice) return null;
    if ("typed" in choice.dataset) return parsePair(this.typed.value);
    return choice.value === "centre" ? this.centre : parsePosition(choice.dataset.lat, choice.dataset.lon);
  }

  place({ lat, lng }) {
    this.typed.value = `${format(lat)}, ${format(lng)}`;
    this.form.querySelector("[data-typed]").checked = true;
    this.draw();
  }

  undo() {
    this.typed.value = "";
    this.form.querySelector("[name=where][value=keep]").checked = true;
    this.draw(true);
  }

  /** The marker and the sentence as the form has it. */
  draw(follow = false, before = "") {
    const { position, map } = this;
    clearTimeout(this.saying);
    if (!position) return this.say("");
    if (map) {
      const at = [position.lat, position.lon];
      this.marker.setLatLng(at);
      if (follow) map.setView(at, Math.max(map.getZoom(), CLOSE), { animate: false });
    }
    this.saying = setTimeout(() => this.say([before, ...this.sentences(position)].join(" ").trim()), SAID_AFTER_MS);
  }

  sentences(position) {
    const { textSentence, textOfCommune, textInside, textOutside } = this.words;
    const inside = !this.outline || covers(this.outline.geometry, position);
    this.part("says").classList.toggle("pin-outside", !inside);
    const { metres, eighth } = seenFrom(this.centre, position);
    const said = {
      distance: measure(metres, document.documentElement.lang),
      direction: this.directions[eighth],
      of_commune: textOfCommune,
    };
    const where = metres < NEXT_TO_M ? [] : [`${fill(textSentence, said)}.`];
    return this.outline ? [...where, inside ? textInside : textOutside] : where;
  }

  say(text) {
    const line = this.part("says");
    if (line.textContent !== text) line.textContent = text;
  }

  locate() {
    const { textAsking, textHere, textRefused, textAbsent } = this.words;
    if (!navigator.geolocation) return this.say(textAbsent);
    this.say(textAsking);
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) => {
        this.place({ lat: latitude, lng: longitude });
        this.draw(true, fill(textHere, { accuracy: Math.ceil(accuracy) }));
      },
      ({ code, PERMISSION_DENIED }) => this.say(code === PERMISSION_DENIED ? textRefused : textAbsent),
      { enableHighAccuracy: true, timeout: WAIT_MS },
    );
  }
}

const form = document.querySelector("[data-own-pin]");
const board = form.querySelector("[data-stage]");
if (board) {
  const light = isLight(kept("leger"), navigator.connection, matchMedia("(prefers-reduced-data: reduce)").matches);
  const load = board.querySelector("[data-load]");
  const pin = new OwnPin(form, board);
  const open = () => {
    load.hidden = true;
    pin.open(light).catch((error) => {
      console.warn(error);
      board.querySelector("[data-says]").textContent = board.dataset.textFailed;
    });
  };
  board.hidden = false;
  load.addEventListener("click", open);
  if (light) load.hidden = false;
  else open();
}
