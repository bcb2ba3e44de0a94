import { isEnded } from './guard.ts';

/**
 * The most milliseconds in which an idle device answers that looks for finished work by itself.
 * Chrome takes 0.1 to 0.5 ms, Deno 11 ms, and Firefox up to 101 ms.
 */
const PROMPT = 30;
/**
 * The prompt answers in a row after which a device counts as prompt. Firefox looks every 100 ms, so
 * that an answer directly after another one takes all of this time.
 */
const ENOUGH = 2;
/**
 * Milliseconds between two reminders, at the least and at the most, and the share of the wait so
 * far: a long wait has few reminders, and none makes it much longer.
 */
const REMINDER = { least: 1, share: 1 / 16, most: 50 };

/** Gives the milliseconds since a fixed moment. */
export type Clock = () => number;

/** The milliseconds that work on a device took, as far as the time of its answer tells. */
export interface Duration {
  least: number;
  most: number;
}

/**
 * The waits for a device's answers. Firefox looks for finished work every 100 ms and at each
 * submission (Mozilla bug 1870699). While such a device owes an answer, it gets empty submissions
 * as reminders.
 */
export class Answers {
  readonly #device: GPUDevice;
  readonly #clock: Clock;
  /** The answers that are due, and the moment of the last change of their number. */
  #due = 0;
  #changed = 0;
  #reminder: ReturnType<typeof setTimeout> | undefined;
  /** The moments of the last two submissions: each has the device look for finished work. */
  #looks: [previous: number, last: number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  /** The moments between which the last measured work ended. */
  #lastEnd = { least: Number.NEGATIVE_INFINITY, most: Number.NEGATIVE_INFINITY };
  /**
   * Whether answers come late; undefined until the first measurement. A busy thread also notices an
   * answer late, so that only a prompt device is never measured again.
   */
  #late: boolean | undefined;
  /** The moment of the question by which the device is measured, while no answer has come. */
  #asked: number | undefined;
  /** The prompt answers in a row. */
  #prompt = 0;

  constructor(device: GPUDevice, clock: Clock) {
    this.#device = device;
    this.#clock = clock;
    this.#ask();
  }

  /** Milliseconds by which a result may come after the end of its work. */
  get delay(): number {
    return this.#late === false ? 0 : REMINDER.least;
  }

  /** Notes a submission. */
  look(): void {
    this.#looks = [this.#looks[1], this.#clock()];
  }

  /** Waits for an answer of the device, and reminds a late device meanwhile. */
  wait<T>(answer: Promise<T>): Promise<T> {
    if (this.#late === false) return answer;
    this.#change(1);
    const settled = () => {
      this.#change(-1);
      if (this.#due > 0) return;
      clearTimeout(this.#reminder);
      this.#reminder = undefined;
      this.#ask();
    };
    answer.then(settled, settled);
    this.#remind();
    return answer;
  }

  /**
   * The milliseconds of work that ran after all earlier work, from the end of the wait for it.
   * @param start the moment of the work's submission
   */
  ended(start: number): Duration {
    const now = this.#clock();
    // The look before the last one, if not the start, has shown that the work was not done.
    const end = { least: this.#late === false ? now : Math.max(start, this.#looks[0]), most: now };
    const duration = {
      least: Math.max(0, end.least - Math.max(start, this.#lastEnd.most)),
      most: end.most - Math.max(start, this.#lastEnd.least),
    };
    this.#lastEnd = end;
    return duration;
  }

  #change(by: number): void {
    this.#due += by;
    this.#changed = this.#clock();
  }

  #remind(): void {
    if (this.#reminder !== undefined) return;
    const waited = this.#clock() - this.#changed;
    const pause = Math.min(REMINDER.most, Math.max(REMINDER.least, waited * REMINDER.share));
    this.#reminder = setTimeout(() => {
      this.#reminder = undefined;
      if (this.#late === false || isEnded(this.#device)) return;
      if (!this.#undecided) {
        this.#late = true;
        this.look();
        this.#device.queue.submit([]);
      }
      this.#remind();
    }, pause);
    // In Node and Deno a timer keeps the process alive.
    if (typeof this.#reminder === 'object') this.#reminder.unref();
  }

  /** Whether the first measurement is under way, which a submission would spoil. */
  get #undecided(): boolean {
    if (this.#late !== undefined || this.#asked === undefined) return false;
    return this.#clock() - this.#asked < PROMPT;
  }

  /** Measures the time of an answer of the idle device, unless the device is known as prompt. */
  #ask(): void {
    if (this.#asked !== undefined || this.#late === false) return;
    const asked = this.#clock();
    const [, look] = this.#looks;
    this.#asked = asked;
    const learn = () => {
      this.#asked = undefined;
      // A submission in the meantime brings the answer early, or makes it wait for work.
      if (this.#looks[1] !== look) this.#prompt = 0;
      else if (this.#clock() - asked > PROMPT) [this.#prompt, this.#late] = [0, true];
      else this.#prompt++;
      if (this.#prompt === ENOUGH) this.#late = false;
      else if (this.#prompt > 0) this.#ask();
    };
    this.#device.queue.onSubmittedWorkDone().then(learn, () => {});
  }
}
