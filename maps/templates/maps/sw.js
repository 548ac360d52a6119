{% comment %}
The service worker. Pages come from the network; the last ones are kept, and shown when it does not answer.

- `told` is made by maps/offline.py. Comments stand outside of the script: it is under 3 kB.
- When a worker starts, it keeps the pages that are open: the visit that installs it, or updates it, leaves them too.
- What agents see, what programs read and what other sites frame is not kept, nor what was refused.
- A page that is kept goes to the end of the cache; the oldest at its beginning goes when there are too many.
{% endcomment %}const told = {{ told|safe }};
const MOST = 12, PATIENCE_MS = 8000, NOT_KEPT = /^(\/en)?\/(gestion|api|embed|integrer)\//;
const pathOf = (url) => new URL(url).pathname;
const kept = (request) => caches.match(request, { cacheName: told.cache, ignoreVary: true });

const keep = async (url, response) => {
  const type = response.headers.get("Content-Type") ?? "";
  if (!response.ok || !type.startsWith("text/html") || NOT_KEPT.test(pathOf(url))) return;
  const cache = await caches.open(told.cache);
  await cache.delete(url, { ignoreVary: true });
  await cache.put(url, response);
  const pages = (await cache.keys()).filter((page) => !told.files.includes(pathOf(page.url)));
  for (const page of pages.slice(0, -MOST)) await cache.delete(page, { ignoreVary: true });
};

const remembered = async (page) => {
  const date = new Date(page.headers.get("Date")).toLocaleString(told.language, {
    day: "numeric", month: "long", hour: "numeric", minute: "2-digit",
  });
  const said = `<p class="from-memory" role="status">${told.words.replace("{date}", date)}</p>`;
  return new Response((await page.text()).replace("<main", `${said}<main`), page);
};

const answer = async (event) => {
  const { request } = event;
  const memory = await kept(request);
  const fresh = fetch(request);
  event.waitUntil(fresh.then((response) => keep(request.url, response.clone())).catch(() => {}));
  const late = new Promise((_, reject) => memory && setTimeout(reject, PATIENCE_MS));
  try {
    return await Promise.race([fresh, late]);
  } catch {
    return memory ? remembered(memory) : kept(told.absent);
  }
};

addEventListener("install", (event) => {
  event.waitUntil(caches.open(told.cache).then((cache) => cache.addAll(told.files)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith(told.language) && name !== told.cache) await caches.delete(name);
  }
  await clients.claim();
  for (const { url } of await clients.matchAll()) await fetch(url).then((page) => keep(url, page)).catch(() => {});
})()));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || !url.startsWith(location.origin) || NOT_KEPT.test(pathOf(url))) return;
  if (mode === "navigate") event.respondWith(answer(event));
  else if (told.files.includes(pathOf(url))) {
    event.respondWith(kept(event.request).then((file) => file ?? fetch(event.request)));
  }
});
