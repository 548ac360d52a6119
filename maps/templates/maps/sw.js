{% comment %}
The service worker. Pages come from the network; the last ones are kept, and shown when it does not answer.

- `told` is made by maps/offline.py. Comments stand outside of the script: it is under 3 kB.
- When a worker starts, it keeps the pages that are open: the visit that installs it, or updates it, leaves them too.
- Public pages are kept: what agents and owners see is not, nor what programs read or other sites frame, nor what was
  refused, nor an answer around somebody's position.
- One worker speaks both languages, each page in its own: a reader who changes keeps what was kept.
- What is open is asked for once more, and no longer than a moment: a page that is opened meanwhile waits for it.
- A page that is kept goes to the end of the cache; the oldest at its beginning goes when there are too many.
{% endcomment %}const told = {{ told|safe }};
const MOST = 12, PATIENCE_MS = 8000, MOMENT_MS = 2000;
const NOT_OURS = /^(\/en)?\/(gestion|api|embed|integrer)\//;
const pathOf = (url) => new URL(url).pathname;
const ANY = { ignoreVary: true };
const open = () => caches.open(told.cache);
const kept = async (request) => (await open()).match(request, ANY);

const keep = async (url, response) => {
  if (!response.ok || !/^public/.test(response.headers.get("Cache-Control"))) return;
  if (NOT_OURS.test(pathOf(url)) || /[?&]lat=/.test(url)) return;
  const cache = await open();
  await cache.delete(url, ANY);
  await cache.put(url, response);
  const pages = (await cache.keys()).filter((page) => !told.files.includes(pathOf(page.url)));
  for (const page of pages.slice(0, -MOST)) await cache.delete(page, ANY);
};

const remembered = async (page, language) => {
  const date = new Date(page.headers.get("Date")).toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
  const said = `<p class="from-memory" role="status">${told[language].replace("{date}", date)}</p>`;
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
    const english = pathOf(request.url).startsWith("/en/");
    return memory ? remembered(memory, english ? "en" : "fr") : kept(told.files[+english]);
  }
};

addEventListener("install", (event) => {
  event.waitUntil(open().then((cache) => cache.addAll(told.files)).then(skipWaiting));
});

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name !== told.cache) await caches.delete(name);
  }
  await clients.claim();
  await Promise.all((await clients.matchAll()).map(({ url }) =>
    fetch(url, { signal: AbortSignal.timeout(MOMENT_MS) }).then((page) => keep(url, page)).catch(() => {})));
})()));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || NOT_OURS.test(pathOf(url))) return;
  if (mode === "navigate") event.respondWith(answer(event));
  else if (told.files.includes(pathOf(url))) {
    event.respondWith(kept(event.request).then((file) => file ?? fetch(event.request)));
  }
});
