// The layer of coverage on the map of an answer, and what it tells of an area that is touched.
import { Coverage } from "./coverage.js";
import { CoveragePopup } from "./coverage_popup.js";

export async function drawLayer(map, legend, words, failed) {
  const { values, script, area } = legend.dataset;
  const layer = values ? await Coverage.open(map, { values, script }, failed) : null;
  const popup = new CoveragePopup(map, area, words);
  const tell = ({ latlng }) => {
    const code = layer?.at(latlng);
    if (code) popup.open(latlng, code).catch(failed);
  };
  map.on("click", tell);
  const remove = () => {
    map.off("click", tell);
    layer?.remove();
  };
  return { remove };
}
