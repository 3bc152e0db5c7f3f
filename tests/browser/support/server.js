/** A static server on loopback that serves the assembled page and one bundle, and can be made to misbehave. */
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { SITE } from "./paths.js";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".bundle": "application/octet-stream",
};

/** What `edgewise serve` sends with every file of a page. */
const HEADERS = {
  "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cache-control": "no-cache",
};

/**
 * Serves until `close()`; `bundle` is the bytes of `/shop.bundle`, which may be exchanged meanwhile; `null`
 * is none.
 */
export async function serveSite(bundle) {
  const site = { bundle, requests: [], url: "", close };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://loopback");
    site.requests.push(pathname);
    const file = await find(site, pathname);
    const type = TYPES[extname(file?.name ?? "")] ?? "text/plain";
    response.writeHead(file === null ? 404 : 200, { ...HEADERS, "content-type": type });
    response.end(file?.bytes ?? "not found");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  site.url = `http://127.0.0.1:${server.address().port}/`;
  return site;

  async function close() {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function find(site, pathname) {
  if (pathname === "/shop.bundle") return site.bundle && { name: pathname, bytes: site.bundle };
  const name = normalize(pathname === "/" ? "/index.html" : pathname);
  return readFile(join(SITE, name)).then((bytes) => ({ name, bytes }), () => null);
}
