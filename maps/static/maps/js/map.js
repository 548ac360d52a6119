// The map of an answer, loaded when it is wanted. It draws what the service counts in view, at every zoom.
import { Ground } from "./ground.js";
import { keep, kept } from "./memory.js";
import { Shown } from "./shown.js";
import { stage } from "./stage.js";

const LATER = 2; // zoom levels that a saving map waits before it loads the communes: most of its weight
const BACKDROP = "fond"; // the person's choice, kept in their browser

export async function open(frame, words, note, light) {
  const { map, families, communesFromZoom, outlines } = await stage(frame, words);
  offerBackdrops(map, light);
  const land = new Ground(map, outlines, frame.dataset.communes, communesFromZoom + (light ? LATER : 0));
  const shown = new Shown(map, frame.dataset, families, words, note, land);
  await shown.start();
  for (const touch of ["pointerenter", "focusin"]) frame.addEventListener(touch, () => land.wake(), { once: true });
  new ResizeObserver(() => shown.resized()).observe(frame);
  return map;
}

// Images of another service are shown once a person chose them; in light mode, once they did so on this page.
function offerBackdrops(map, light) {
  const choices = document.querySelector("[data-backdrops]");
  const show = (choice) => import("./backdrop.js").then((backdrop) => backdrop.show(map, choice), console.warn);
  choices.hidden = false;
  choices.addEventListener("change", ({ target }) => {
    if (target.dataset.layer) return import("./layer_switch.js").then(({ toggle }) => toggle(map, target), console.warn);
    keep(BACKDROP, target.value);
    show(target);
  });
  const before = light ? null : choices.querySelector(`[data-address][value="${CSS.escape(kept(BACKDROP) ?? "")}"]`);
  if (!before) return;
  before.checked = true;
  show(before);
}
