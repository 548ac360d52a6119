// Images of another service under the marks: nobody asks for them until a person does.
const OUTLINES_ZOOM = 16; // our outlines say nothing finer
const IMAGES_ZOOM = 18;

let layer = null;
let credit = null;

// `choice` is the radio button that was chosen; without an address, it is that of our own outlines. `closest`: the zoom of
// a map on which a person says where a door is, finer than the outlines and the images.
export function show(map, choice, closest = 0) {
  const { address } = choice.dataset;
  for (const shown of [layer, credit]) shown?.remove();
  layer = credit = null;
  map.getContainer().classList.toggle("has-images", Boolean(address));
  const maxZoom = Math.max(address ? IMAGES_ZOOM : OUTLINES_ZOOM, closest);
  map.setMaxZoom(maxZoom);
  if (!address) return;
  const options = { maxZoom, maxNativeZoom: IMAGES_ZOOM, referrerPolicy: "strict-origin-when-cross-origin" };
  layer = globalThis.L.tileLayer(address, options).addTo(map);
  credit = globalThis.L.control({ position: "bottomright" });
  credit.onAdd = () => {
    const link = choice.closest("li").querySelector("[data-credit]").cloneNode(true);
    link.className = "map-credit";
    return link;
  };
  credit.addTo(map);
}
