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
/** The most milliseconds by which an answer without a reminder follows the end of the work. */
const PERIOD = 110;
/**
 * Milliseconds between two reminders, at the least and at the most, and the share of the wait so
 * far: a long wait has few reminders, and none makes it much longer.
 */
const REMINDER = { least: 1, share: 1 / 16, most: 50 };
/** Milliseconds that work takes at the least: the clock may be coarser than the work. */
const GRAIN = 0.01;

/** Gives the milliseconds since a fixed moment. */
export type Clock = () => number;

/** The milliseconds that work on a device took, as far as the time of its answer tells. */
export interface Duration {
  least: number;
  most: number;
}

/** A question for finished work while the device has none, by which its answers are measured. */
interface Question {
  asked: number;
  /** Whether work has been submitted in the meantime, which may bring the answer or delay it. */
  spoiled: boolean;
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
   * Whether answers come late; undefined until the first measurement. A busy thread or GPU also
   * gives an answer late, so that a late device is measured again when it is idle. A prompt device
   * stays so.
   */
  #late: boolean | undefined;
  #question: Question | undefined;
  /** The prompt answers in a row. */
  #prompt = 0;

  constructor(device: GPUDevice, clock: Clock) {
    this.#device = device;
    this.#clock = clock;
    this.#ask();
  }

  /** Milliseconds by which a result may come after the end of its work. */
  get delay(): number {
    return this.#late ? REMINDER.least : 0;
  }

  /** Hands commands over, which also has the device look for finished work. */
  submit(commands: GPUCommandBuffer[]): void {
    this.#looks = [this.#looks[1], this.#clock()];
    if (this.#question) this.#question.spoiled = true;
    this.#device.queue.submit(commands);
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
    // The look before the last one has shown that the work was not done.
    const least = this.#late === false ? now : Math.max(start, this.#looks[0], now - PERIOD);
    const end = { least, most: now };
    const duration = {
      least: Math.max(GRAIN, end.least - Math.max(start, this.#lastEnd.most)),
      most: Math.max(GRAIN, end.most - Math.max(start, this.#lastEnd.least)),
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
        this.submit([]);
      }
      this.#remind();
    }, pause);
    // In Node and Deno a timer keeps the process alive.
    (this.#reminder as { unref?: () => void }).unref?.();
  }

  /** Whether the first measurement is under way, which a reminder would spoil. */
  get #undecided(): boolean {
    const question = this.#question;
    if (this.#late !== undefined || !question || question.spoiled) return false;
    return this.#clock() - question.asked < PROMPT;
  }

  /** Measures the time of an answer, unless the device is known as prompt. */
  #ask(): void {
    if (this.#question || this.#late === false) return;
    const question: Question = { asked: this.#clock(), spoiled: false };
    this.#question = question;
    const learn = () => {
      this.#question = undefined;
      const { asked, spoiled } = question;
      const prompt = this.#clock() - asked <= PROMPT;
      this.#prompt = prompt && !spoiled ? this.#prompt + 1 : 0;
      if (!prompt && !spoiled) this.#late = true;
      if (this.#prompt === ENOUGH) this.#late = false;
      else if (this.#prompt > 0) this.#ask();
    };
    this.#device.queue.onSubmittedWorkDone().then(learn, () => {});
  }
}
