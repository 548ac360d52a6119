// The layer of coverage on the map of an answer, and its legend in a corner of the map: on and off, as a box is ticked.
import { Coverage } from "./coverage.js";
import { CoveragePopup } from "./coverage_popup.js";
import { style } from "./loading.js";

const words = document.querySelector("template[data-words]").dataset;
const ROOMY = 600; // pixels of a map that has room for the whole legend
let shown = null; // of a map: its layer and legend, once there are

export async function toggle(map, box) {
  shown?.remove();
  shown = null;
  if (!box.checked) return;
  try {
    const layer = await open(map, box.dataset.layer);
    if (box.checked && !shown) shown = layer;
    else layer.remove(); // it was unticked meanwhile
  } catch (error) {
    failed(error);
    box.checked = false;
  }
}

async function open(map, address) {
  const legend = await fragment(address);
  const { styles, values, script, area } = legend.dataset;
  await style(styles);
  const layer = values ? await Coverage.open(map, { values, script }, failed) : null;
  const corner = globalThis.L.control({ position: "bottomleft" });
  corner.onAdd = () => legend;
  corner.addTo(map);
  globalThis.L.DomEvent.disableClickPropagation(legend).disableScrollPropagation(legend);
  for (const key of legend.querySelectorAll("details")) key.open = map.getSize().x > ROOMY;
  const popup = new CoveragePopup(map, area, words);
  const tell = ({ latlng }) => {
    const code = layer?.at(latlng);
    if (code) popup.open(latlng, code).catch(failed);
  };
  map.on("click", tell);
  const remove = () => {
    map.off("click", tell);
    layer?.remove();
    corner.remove();
  };
  return { remove };
}

// A part of a page of the service's own, in its words: they are escaped there.
async function fragment(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return document.adoptNode(new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-styles]"));
}

function failed(error) {
  console.warn(error);
  document.querySelector("[data-note]").textContent = words.stale;
}
