// The photographs of a sheet, in place of the links to them: never where the map waits to be asked for either.
import { isLight } from "./light.js";
import { kept } from "./memory.js";

if (!isLight(kept("leger"), navigator.connection, matchMedia("(prefers-reduced-data: reduce)").matches)) {
  for (const link of document.querySelectorAll("[data-photos] a")) {
    const { text, width, height } = link.dataset;
    const image = new Image(width, height);
    image.loading = "lazy";
    image.alt = text;
    image.src = link.href;
    link.parentNode.replaceWith(image);
  }
}
