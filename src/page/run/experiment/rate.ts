/**
 * Milliseconds over which the rate is averaged: long enough for a steady figure, short enough to
 * follow changes.
 */
const WINDOW = 1500;
/**
 * A gap between marks of so many milliseconds means that the machine slept or the page was stopped,
 * unless marks are rare. The gap does not count.
 */
const GAP = 3000;
const RARE = 5;

/** Steps per second while a run is under way. */
export class Rate {
  readonly #marks: { time: number; step: number }[] = [];

  add(time: number, step: number): void {
    const last = this.#marks[this.#marks.length - 1];
    // Of slow steps a measurement may come after a later step.
    if (last && step < last.step) return;
    const before = this.#marks[this.#marks.length - 2];
    const gap = Math.max(GAP, before ? RARE * (last.time - before.time) : Number.POSITIVE_INFINITY);
    if (last && time - last.time > gap) this.#marks.length = 0;
    this.#marks.push({ time, step });
    while (this.#marks.length > 2 && this.#marks[1].time < time - WINDOW) this.#marks.shift();
  }

  get perSecond(): number | undefined {
    const first = this.#marks[0];
    const last = this.#marks[this.#marks.length - 1];
    if (!first || last.time - first.time < 1) return undefined;
    return ((last.step - first.step) * 1000) / (last.time - first.time);
  }
}
