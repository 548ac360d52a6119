// supercluster's answers to the views of a map, and what they take; JSON on standard output.
//
// node answer.js FOLDER, which holds `points` (doubles: longitude, latitude, …), `subset-N` (32-bit numbers of points)
// and `work.json`: {options, runs, subsets, views: [{bbox, zoom, subset: null or N}]}.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Supercluster from "supercluster";

const folder = process.argv[2];
const { options, runs, subsets, views } = JSON.parse(readFileSync(join(folder, "work.json"), "utf8"));

// A copy, so that numbers lie where their type wants them.
function numbers(name, Type) {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, name));
  return new Type(buffer.slice(byteOffset, byteOffset + byteLength));
}

function timed(work) {
  const began = performance.now();
  const result = work();
  return [performance.now() - began, result];
}

function middle(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

function features() {
  const flat = numbers("points", Float64Array);
  return Array.from({ length: flat.length / 2 }, (_, i) => ({
    type: "Feature",
    properties: {},
    geometry: { type: "Point", coordinates: [flat[2 * i], flat[2 * i + 1]] },
  }));
}

const index = (points) => timed(() => new Supercluster(options).load(points));

function answered(held, { bbox, zoom }) {
  const all = Array.from({ length: runs + 1 }, () => timed(() => held.getClusters(bbox, zoom))); // the first warms up
  const clusters = all[0][1];
  const count = clusters.reduce((sum, { properties }) => sum + (properties.point_count ?? 1), 0);
  return { ms: middle(all.slice(1).map(([ms]) => ms)), clusters: clusters.length, count };
}

const points = features();
const [loadMs, whole] = index(points);
const answers = new Array(views.length);
const builds = [];
for (let subset = -1; subset < subsets; subset++) {
  const [ms, held] = subset < 0 ? [0, whole] : index(Array.from(numbers(`subset-${subset}`, Uint32Array), (i) => points[i]));
  if (subset >= 0) builds.push(ms);
  views.forEach((view, at) => {
    if ((view.subset ?? -1) === subset) answers[at] = answered(held, view);
  });
}
const megabytes = process.memoryUsage().rss / 1e6;
console.log(JSON.stringify({ loadMs, builds, answers, megabytes, node: process.version }));
