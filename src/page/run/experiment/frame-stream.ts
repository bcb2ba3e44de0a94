import type { Measured } from '../../settings/network.ts';
import type { Frame } from '../protocol.ts';
import { Rate } from './rate.ts';

/** The parts of a frame beside its figures. */
export type Glance = Omit<Frame, 'latest' | 'points' | 'testPoints' | 'stepsPerSecond'>;

interface FrameStreamOptions {
  /** Milliseconds from the last picture to the next. */
  interval: () => number;
  glance: (step: number) => Promise<Glance>;
  /** What is shown at once, before the pictures; undefined if it is shown with them. */
  soon: () => Glance | undefined;
  show: (frame: Frame) => void;
}

/** Collects the measurements of a run, and shows a frame from time to time. */
export class FrameStream {
  readonly #options: FrameStreamOptions;
  readonly #rate = new Rate();
  /** The picture under way. */
  #drawing: Promise<void> | undefined;
  #drawn = performance.now();
  #latest: Measured | undefined;
  #points: Measured[] = [];
  #testPoints: Measured[] = [];

  constructor(step: number, options: FrameStreamOptions) {
    this.#options = options;
    this.#rate.add(performance.now(), step);
  }

  /** Whether a picture is due. */
  get due(): boolean {
    return !this.#drawing && performance.now() - this.#drawn >= this.#options.interval();
  }

  get latest(): Measured | undefined {
    return this.#latest;
  }

  addTest(measurement: Measured): void {
    this.#testPoints.push(measurement);
  }

  /** Adds a point of the curves. */
  add(measurement: Measured): void {
    // A segment begins with the last measurement of the segment before.
    if (this.#points[this.#points.length - 1]?.step !== measurement.step) this.#points.push(measurement);
    this.show(measurement);
  }

  /** Shows the run at a measurement, if a picture is due. */
  show(latest: Measured): void {
    this.#latest = latest;
    this.#rate.add(performance.now(), latest.step);
    if (!this.due) return;
    this.#drawn = performance.now();
    let taken = this.take();
    const soon = this.#options.soon();
    if (soon) {
      this.#options.show({ latest, ...taken, ...soon, ...this.speed });
      taken = { points: [], testPoints: [] };
    }
    this.#drawing = this.#options
      .glance(latest.step)
      .then((glance) => this.#options.show({ latest, ...taken, ...glance, ...this.speed }))
      // The run fails in the same way and reports the error. A later frame shows the points.
      .catch(() => {
        this.#points.unshift(...taken.points);
        this.#testPoints.unshift(...taken.testPoints);
      })
      .finally(() => {
        this.#drawing = undefined;
      });
  }

  get speed(): Pick<Frame, 'stepsPerSecond'> {
    const { perSecond } = this.#rate;
    return perSecond === undefined ? {} : { stepsPerSecond: perSecond };
  }

  /** The points that have not been shown yet. */
  take(): Pick<Frame, 'points' | 'testPoints'> {
    const taken = { points: this.#points, testPoints: this.#testPoints };
    this.#points = [];
    this.#testPoints = [];
    return taken;
  }

  /** Waits for the picture under way. */
  async settle(): Promise<void> {
    await this.#drawing;
  }
}
