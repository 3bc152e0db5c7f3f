/** The panel that says what this page fetched and how fast it answers. */
import { bytes, micros } from "./wording.js";

const MODEL_FILES = /\/(shop\.bundle|edgewise_browser_bg\.wasm)$/;

/** What a script can ask a server with; the browser's own errands, such as the icon, do not count. */
const BY_SCRIPT = new Set(["fetch", "xmlhttprequest", "beacon"]);

export class Figures {
  #requests = 0;

  /**
   * Shows what was fetched, and starts counting requests: from here on a recommendation that asked a server would
   * show. `origin` is `server`, or `kept` when the bundle came from an earlier visit because no server answered.
   */
  open(edgewise, origin) {
    put("bundle", bytes(edgewise.bytes.bundle));
    put("module", edgewise.bytes.module === null ? "–" : bytes(edgewise.bytes.module));
    put("transferred", transferred());
    put("items", edgewise.size.toLocaleString("en-GB"));
    put("digest", edgewise.digest);
    new PerformanceObserver((list) => {
      this.#requests += list.getEntries().filter((entry) => BY_SCRIPT.has(entry.initiatorType)).length;
      put("requests", String(this.#requests));
    }).observe({ type: "resource" });
    for (const change of ["online", "offline"]) addEventListener(change, () => network(navigator.onLine));
    network(navigator.onLine && origin === "server");
  }

  /** Shows what the meter knows now. */
  time(meter) {
    if (meter.answers === 0) return;
    put("last", micros(meter.last));
    put("median", micros(meter.median));
    put("answers", meter.answers.toLocaleString("en-GB"));
  }
}

/** Bytes that bundle and module took on the wire in this visit, headers and compression included. */
function transferred() {
  const entries = performance.getEntriesByType("resource").filter((entry) => MODEL_FILES.test(new URL(entry.name).pathname));
  const wire = entries.reduce((sum, entry) => sum + entry.transferSize, 0);
  return wire === 0 ? "0 B (kept here)" : bytes(wire);
}

function network(isOn) {
  put("network", isOn ? "on" : "off, still answering");
}

function put(name, text) {
  document.getElementById(`figure-${name}`).textContent = text;
}
