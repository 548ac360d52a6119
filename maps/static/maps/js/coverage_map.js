// The map of the page of coverage, tied to the table's rows: what is pointed at in one is set off in the other.
import { Coverage } from "./coverage.js";
import { CoveragePopup } from "./coverage_popup.js";
import { Ground } from "./ground.js";
import { readState, withState } from "./question.js";
import { stage } from "./stage.js";

const LATER = 2; // zoom levels after which names of communes come: the layer has their borders already
const ON = ["mouseenter", "focusin"];
const OFF = ["mouseleave", "focusout"];

export async function openCoverage(frame, words, note) {
  const { map, outlines, communesFromZoom } = await stage(frame, words);
  const { values, overlay, area, communes, extent } = frame.dataset;
  look(map, extent.split(",").map(Number));
  const land = new Ground(map, outlines, communes, communesFromZoom + LATER);
  const tell = (error) => {
    console.warn(error);
    note.textContent = words.stale;
  };
  const layer = await Coverage.open(map, { values, script: overlay }, tell);
  note.textContent = "";
  tie(map, layer, document.querySelectorAll("[data-code]"));
  const popup = new CoveragePopup(map, area, words);
  map.on("click", ({ latlng }) => {
    const code = layer.at(latlng);
    if (code) popup.open(latlng, code).catch(tell);
  });
  for (const touch of ["pointerenter", "focusin"]) frame.addEventListener(touch, () => land.wake(), { once: true });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(frame);
}

// The view of the address, which follows the map from then on; else what is asked about.
function look(map, [west, south, east, north]) {
  map.options.zoomSnap = 0.5; // the région fills more of its frame
  const { view } = readState(location.hash);
  if (view) map.setView([view.lat, view.lon], view.zoom, { animate: false });
  else map.fitBounds([[south, west], [north, east]], { padding: [8, 8], animate: false });
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    const zoom = Math.round(map.getZoom());
    try {
      history.replaceState(history.state, "", withState(location.href, { view: { zoom, lat, lon: lng } }));
    } catch {
      // Safari writes a hundred in half a minute: a later move is written.
    }
  });
}

function tie(map, layer, found) {
  const rows = new Map([...found].map((row) => [row.dataset.code, row]));
  for (const [code, row] of rows) {
    for (const type of ON) row.addEventListener(type, () => layer.mark(code));
    for (const type of OFF) row.addEventListener(type, () => layer.mark(null));
  }
  const point = (code) => {
    if (code === layer.code) return;
    rows.get(layer.code)?.classList.remove("marked");
    rows.get(code)?.classList.add("marked");
    layer.mark(code);
  };
  map.on("mousemove", ({ latlng }) => point(layer.at(latlng)));
  map.on("mouseout", () => point(null));
}
