/** How long answers take in this browser, measured finely enough for the coarse clocks of browsers. */

/** A clock that moves in steps of up to 0.1 ms needs this long a run to be right within a few per cent. */
const RUN_MS = 2;
const MAX_REPEATS = 400;

export class Meter {
  #times = [];

  /** Time of the newest answer in microseconds; `null` before the first. */
  get last() {
    return this.#times.at(-1) ?? null;
  }

  /** Median over all answers in microseconds; `null` before the first. */
  get median() {
    if (this.#times.length === 0) return null;
    const sorted = this.#times.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Number of answers given. */
  get answers() {
    return this.#times.length;
  }

  /** Answers, then asks the same again until the clock can tell, and notes the mean of one asking. */
  measure(ask) {
    const answer = ask();
    const start = performance.now();
    let repeats = 0;
    let elapsed = 0;
    do {
      ask();
      repeats += 1;
      elapsed = performance.now() - start;
    } while (elapsed < RUN_MS && repeats < MAX_REPEATS);
    this.#times.push((elapsed / repeats) * 1000);
    return answer;
  }
}
