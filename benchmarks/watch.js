// In every page that is measured: when its list can be read, when the map has drawn, and when it moved. Milliseconds
// since the navigation began; a step is taken when the frame after it begins, so what it shows is painted.
(() => {
  const PATIENCE_MS = 60_000;
  const seen = {};
  globalThis.benchSeen = seen;
  const height = (selector) => document.querySelector(selector)?.getBoundingClientRect().height ?? 0;
  const place = () => document.querySelector(".leaflet-map-pane")?.style.transform;
  let before; // where the map is when it has the keyboard
  const steps = {
    list: () => seen.paint !== undefined && height(".results li") > 0,
    map: () => height(".leaflet-container :is(.map-pin, .map-group)") > 0,
    moved: () => before !== undefined && place() !== before,
  };

  // Resolves when a step is taken.
  seen.until = (step) =>
    new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`${step}: not within ${PATIENCE_MS} ms`)), PATIENCE_MS);
      const look = () => (step in seen ? resolve() : requestAnimationFrame(look));
      look();
    });
  seen.focus = () => {
    document.querySelector(".leaflet-container").focus({ preventScroll: true });
    before = place();
  };
  seen.tap = (selector) => {
    seen.tapped = performance.now();
    document.querySelector(selector).click();
  };
  seen.times = () => ({ list: seen.list, moved: seen.moved, tapped: seen.tapped ?? 0 });

  new PerformanceObserver((entries) => {
    for (const { name, startTime } of entries.getEntries()) if (name === "first-contentful-paint") seen.paint = startTime;
  }).observe({ type: "paint", buffered: true });
  const look = () => {
    for (const [step, reached] of Object.entries(steps)) {
      if (!reached()) continue;
      delete steps[step];
      requestAnimationFrame(() => {
        seen[step] = performance.now();
      });
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
