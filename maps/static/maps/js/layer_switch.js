// Layers on the map of an answer, on and off as a box is ticked, each with its legend in a corner of the map. A legend is
// a part of a page of the service's own; its attributes name the styles and the module that draws what it tells.
import { style } from "./loading.js";

const words = document.querySelector("template[data-words]").dataset;
const ROOMY = 600; // pixels of a map that has room for a whole legend
const shown = new Map(); // a box -> what is on the map for it

export async function toggle(map, box) {
  shown.get(box)?.remove();
  shown.delete(box);
  if (!box.checked) return;
  try {
    const layer = await open(map, box.dataset.layer);
    if (box.checked && !shown.has(box)) shown.set(box, layer);
    else layer.remove(); // it was unticked meanwhile
  } catch (error) {
    failed(error);
    box.checked = false;
  }
}

async function open(map, address) {
  const legend = await fragment(address);
  const { styles, module } = legend.dataset;
  const [{ drawLayer }] = await Promise.all([import(module), style(styles)]);
  const layer = await drawLayer(map, legend, words, failed);
  const corner = globalThis.L.control({ position: "bottomleft" });
  corner.onAdd = () => legend;
  corner.addTo(map);
  globalThis.L.DomEvent.disableClickPropagation(legend).disableScrollPropagation(legend);
  for (const key of legend.querySelectorAll("details")) key.open = map.getSize().x > ROOMY;
  const remove = () => {
    layer.remove();
    corner.remove();
  };
  return { remove };
}

// In the service's words: they are escaped there.
async function fragment(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return document.adoptNode(new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-module]"));
}

function failed(error) {
  console.warn(error);
  document.querySelector("[data-note]").textContent = words.stale;
}
