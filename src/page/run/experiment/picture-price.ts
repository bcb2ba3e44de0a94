/** The gaps between pictures, as parts of their interval. Two lengths show what a picture costs. */
const SHORT = 0.75;
const LONG = 1.25;
/** The last estimates that count, and the fewest that say something. */
const KEPT = 5;
const FEWEST = 3;
/** The interval changes by at most this factor from picture to picture. */
const MOST_CHANGE = 1.5;
/** Milliseconds between the first pictures: gaps shorter than a picture's own time cannot tell it. */
const FIRST = 150;
/** Milliseconds between pictures, at most: estimates may be wrong, and a run shall not seem to stand. */
const RAREST = 700;

interface Gap {
  milliseconds: number;
  steps: number;
  /** Whether the picture at its beginning came with a look inside. */
  looked: boolean;
}

/**
 * The training time that a picture takes, wherever the time goes: the worker's, the GPU's, the page's
 * or the browser's. The steps between two pictures grow linearly with the time between them. A short
 * and a long gap in a row give this line; it meets zero steps at the time that a picture takes.
 */
export class PicturePrice {
  readonly #share: number;
  /** Milliseconds of training that pictures took, and looks inside beside their pictures. */
  readonly #pictures: number[] = [];
  readonly #looks: number[] = [];
  #long = false;
  #last: { time: number; step: number } | undefined;
  #before: Gap | undefined;
  /** Steps a millisecond beside pictures, at last. */
  #speed: number | undefined;
  #wanted = FIRST;
  #interval = 0;

  /** @param share of the time that pictures may take */
  constructor(share: number) {
    this.#share = share;
  }

  /** Training begins, or goes on: the time before does not count. */
  begin(): void {
    this.#last = undefined;
    this.#before = undefined;
  }

  /**
   * A picture is begun.
   * @param looked whether the picture before came with a look inside, which takes longer
   */
  mark(time: number, step: number, looked: boolean): void {
    const last = this.#last;
    this.#last = { time, step };
    this.#long = !this.#long;
    if (!last) return;
    const gap = { milliseconds: time - last.time, steps: step - last.step, looked };
    this.#learn(gap);
    this.#before = gap;
    const picture = this.#pictures.length < FEWEST ? undefined : median(this.#pictures);
    if (picture === undefined) return;
    const least = this.#interval / MOST_CHANGE;
    const most = Math.min(this.#interval * MOST_CHANGE, RAREST);
    this.#wanted = Math.min(Math.max(picture / this.#share, least), most);
  }

  #learn(gap: Gap): void {
    const { milliseconds, steps, looked } = gap;
    const before = this.#before;
    if (looked) {
      if (this.#speed === undefined || this.#pictures.length === 0) return;
      keep(this.#looks, Math.max(0, milliseconds - steps / this.#speed - median(this.#pictures)));
    } else if (before && !before.looked) {
      const speed = (steps - before.steps) / (milliseconds - before.milliseconds);
      // Other work on the machine, pictures without an end, or gaps of one slow step.
      if (!(speed > 0 && speed < Number.POSITIVE_INFINITY)) return;
      this.#speed = speed;
      keep(this.#pictures, Math.max(0, milliseconds - steps / speed));
    }
  }

  /**
   * Milliseconds from the last picture to the next.
   * @param least the interval of pictures that cost nothing
   */
  gap(least: number): number {
    this.#interval = Math.max(least, this.#wanted);
    return this.#interval * (this.#long ? LONG : SHORT);
  }

  /** Milliseconds of training that a look inside takes beside its picture; 0 while gaps do not say. */
  get look(): number {
    return this.#looks.length < FEWEST ? 0 : median(this.#looks);
  }
}

function keep(values: number[], value: number): void {
  values.push(value);
  if (values.length > KEPT) values.shift();
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
