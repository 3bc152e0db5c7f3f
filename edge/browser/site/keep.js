/** Keeps the shop for visits without a network: the shell by the service worker, the bundle by its digest. */

/** Also named in `sw.js`, which reads it. */
const BUNDLE_CACHE = "edgewise-bundle";
/** Marks a kept response, so that a page knows which one it was given. */
const KEPT_HEADER = "x-edgewise-kept";

/** Whether a response is the kept one, because no server answered. */
export function isKept(response) {
  return response.headers.has(KEPT_HEADER);
}

/** Keeps a verified bundle under its digest, and forgets every other. */
export async function keepBundle(digest, response) {
  if (globalThis.caches === undefined) return;
  const cache = await caches.open(BUNDLE_CACHE);
  const key = new URL(`./shop.bundle?digest=${digest}`, import.meta.url).href;
  if ((await cache.match(key)) === undefined) {
    await cache.put(key, new Response(response.body, { headers: { [KEPT_HEADER]: "yes" } }));
  }
  for (const kept of await cache.keys()) {
    if (kept.url !== key) await cache.delete(kept);
  }
}

/** Lets the service worker keep the page itself; resolves when it has. */
export async function keepShell() {
  if (navigator.serviceWorker === undefined) return;
  await navigator.serviceWorker.register(new URL("./sw.js", import.meta.url));
  await navigator.serviceWorker.ready;
}
