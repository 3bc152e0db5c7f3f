/**
 * The shop without a network: the newest of everything while there is one, the last that worked when there is none.
 *
 * Files of the shell are asked from the server first and kept as they pass. The bundle is kept by the page, after the
 * module has verified it (`keep.js`); this worker only hands it out. Nothing else is touched.
 */
const SHELL_CACHE = "edgewise-shell";
/** Also named in `keep.js`, which fills it. */
const BUNDLE_CACHE = "edgewise-bundle";

const SHELL = [
  "./",
  "shop.css",
  "shop.js",
  "catalogue.js",
  "figures.js",
  "keep.js",
  "meter.js",
  "motifs.js",
  "shelf.js",
  "tiles.js",
  "wording.js",
  "icon.svg",
  "edgewise.js",
  "history.js",
  "edgewise_browser.js",
  "edgewise_browser_bg.wasm",
].map((path) => new URL(path, self.location).href);
const BUNDLE = new URL("shop.bundle", self.location).href;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(SHELL_CACHE).then((cache) => cache.addAll(SHELL)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const address = origin + pathname;
  if (request.method !== "GET") return;
  if (address === BUNDLE) event.respondWith(networkFirst(request, keptBundle));
  else if (SHELL.includes(address)) event.respondWith(networkFirst(request, keptFile, keepFile));
});

/** The server's answer when there is one, else what `kept` finds, else the failure itself. */
async function networkFirst(request, kept, keep) {
  try {
    const response = await fetch(request);
    if (response.ok && keep) await keep(request, response.clone());
    if (response.ok || response.status < 500) return response;
    return (await kept(request)) ?? response;
  } catch (failure) {
    const response = await kept(request);
    if (response === undefined) throw failure;
    return response;
  }
}

async function keptBundle() {
  const cache = await caches.open(BUNDLE_CACHE);
  const [newest] = await cache.keys();
  return newest && cache.match(newest);
}

async function keptFile(request) {
  const cache = await caches.open(SHELL_CACHE);
  return cache.match(request, { ignoreSearch: true, ignoreVary: true });
}

async function keepFile(request, response) {
  const { origin, pathname } = new URL(request.url);
  const cache = await caches.open(SHELL_CACHE);
  await cache.put(origin + pathname, response);
}
