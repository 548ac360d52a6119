// The page without a line: names the pages that the service worker kept, and comes back with the line.
const PAUSE_MS = 10_000;

// A browser knows that it has a network, not that it leads here. The service worker lets HEAD pass.
const look = () =>
  fetch(location.href, { method: "HEAD", cache: "no-store" }).then(({ ok }) => ok && location.reload(), () => {});
addEventListener("online", look);
setInterval(() => document.hidden || look(), PAUSE_MS);

const part = document.querySelector("[data-kept]");
const list = document.createElement("ul");

const pageOf = async (cache, request) => {
  const html = await (await cache.match(request, { ignoreVary: true })).text();
  return new DOMParser().parseFromString(html, "text/html");
};

for (const cache of await Promise.all((await caches.keys()).map((name) => caches.open(name)))) {
  for (const request of (await cache.keys()).reverse()) {
    const { pathname } = new URL(request.url);
    if (/^\/static\/|\/hors-ligne\/$/.test(pathname)) continue;
    const link = document.createElement("a");
    link.href = request.url;
    const page = await pageOf(cache, request);
    link.textContent = page.title.replace(/ – [^–]*$/, "");
    link.lang = page.documentElement.lang;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
}
part.append(list);
part.hidden = !list.children.length;
