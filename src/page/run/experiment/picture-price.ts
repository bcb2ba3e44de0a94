/** The gaps between pictures, as parts of their interval. Two lengths show what a picture costs. */
const SHORT = 0.8;
const LONG = 1.2;
/** The last gaps of a kind that count, and the fewest that say something. */
const KEPT = 5;
const FEWEST = 3;
/** The interval changes by at most this factor from picture to picture. */
const MOST_CHANGE = 1.5;
/**
 * Milliseconds between the first pictures: gaps shorter than a picture's own time cannot tell it.
 */
const FIRST = 200;
/** Milliseconds to which gaps grow while they do not say what a picture takes. */
const TELLING = 500;
/** Milliseconds between pictures, at most: an estimate is never so wrong that a run seems to stand. */
const RAREST = 2000;

interface Gap {
  milliseconds: number;
  steps: number;
}

/**
 * The training time that a picture takes, wherever the time goes: the worker's, the GPU's, the page's
 * or the browser's. The steps between two pictures grow linearly with the time between them. Short
 * and long gaps give this line; it meets zero steps at the time that a picture takes.
 */
export class PicturePrice {
  readonly #share: number;
  readonly #gaps: { short: Gap[]; long: Gap[]; looked: Gap[] } = { short: [], long: [], looked: [] };
  #next: 'short' | 'long' = 'short';
  #last: { time: number; step: number } | undefined;
  #wanted = FIRST;
  #interval = 0;

  /** @param share of the time that pictures may take */
  constructor(share: number) {
    this.#share = share;
  }

  /** Training begins, or goes on: the time before does not count. */
  begin(): void {
    this.#last = undefined;
  }

  /**
   * A picture is begun.
   * @param looked whether the picture before came with a look inside, which takes longer
   */
  mark(time: number, step: number, looked: boolean): void {
    const last = this.#last;
    this.#last = { time, step };
    if (!last) return;
    const gaps = this.#gaps[looked ? 'looked' : this.#next];
    gaps.push({ milliseconds: time - last.time, steps: step - last.step });
    if (gaps.length > KEPT) gaps.shift();
    this.#next = this.#next === 'short' ? 'long' : 'short';
    if (!this.#full) return;
    const line = this.#line();
    const wanted = line ? Math.min(line.milliseconds / this.#share, RAREST) : TELLING;
    const least = this.#interval / MOST_CHANGE;
    const most = this.#interval * MOST_CHANGE;
    this.#wanted = Math.min(Math.max(wanted, least), most);
  }

  /**
   * Milliseconds from the last picture to the next.
   * @param least the interval of pictures that cost nothing
   */
  gap(least: number): number {
    this.#interval = Math.max(least, this.#wanted);
    return this.#interval * (this.#next === 'short' ? SHORT : LONG);
  }

  /** Milliseconds of training that a look inside takes beside its picture; 0 while gaps do not say. */
  get look(): number {
    const line = this.#line();
    if (!line || this.#gaps.looked.length < FEWEST) return 0;
    const { milliseconds, steps } = middle(this.#gaps.looked);
    return Math.max(0, milliseconds - line.milliseconds - steps / line.speed);
  }

  get #full(): boolean {
    return this.#gaps.short.length >= FEWEST && this.#gaps.long.length >= FEWEST;
  }

  /** The time of a picture, and the steps a millisecond beside pictures; undefined while gaps do not say. */
  #line(): { milliseconds: number; speed: number } | undefined {
    if (!this.#full) return undefined;
    const [short, long] = [middle(this.#gaps.short), middle(this.#gaps.long)];
    const speed = (long.steps - short.steps) / (long.milliseconds - short.milliseconds);
    // Pictures without an end, other work on the machine, or gaps of one slow step.
    if (!(speed > 0 && speed < Number.POSITIVE_INFINITY)) return undefined;
    return { milliseconds: Math.max(0, short.milliseconds - short.steps / speed), speed };
  }
}

/** The medians of lengths and of steps. */
function middle(gaps: readonly Gap[]): Gap {
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
  return {
    milliseconds: median(gaps.map(({ milliseconds }) => milliseconds)),
    steps: median(gaps.map(({ steps }) => steps)),
  };
}
