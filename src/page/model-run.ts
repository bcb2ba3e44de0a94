import {
  type CaseStudy,
  type Checkpoint,
  caseStudy,
  createTrainer,
  type Measurement,
  type Trainer,
} from '../index.ts';
import type { PlanCache } from './found-plans.ts';
import { gridInputs, plotRange } from './grid.ts';
import type { Choice, Way } from './protocol.ts';
import { Rate } from './rate.ts';

/** Points of the loss curve over a whole run. */
const POINTS = 200;
/** The part of the time that drawing may take from training. */
const DRAWING_SHARE = 0.2;

/** The smallest positive number of single precision, for what has underflowed. */
const LEAST_PROBABILITY = 2 ** -149;

/** The state of a run at one moment, as the page shows it. */
export interface Frame {
  latest: Measurement;
  points: Measurement[];
  /** Logarithm of each class's probability at each node of the grid. */
  evidence: Float32Array<ArrayBuffer>;
  stepsPerSecond?: number;
  way: Way;
}

/** One of the case study's runs: a trainer, its starting point and the grid that its regions are drawn on. */
export class ModelRun {
  readonly choice: Choice;
  readonly #study: CaseStudy;
  readonly #trainer: Trainer;
  readonly #initial: Checkpoint;
  readonly #grid: Float32Array;
  /** Milliseconds that predicting the grid takes when nothing else runs. */
  #drawingTime = 0;

  private constructor(choice: Choice, trainer: Trainer, initial: Checkpoint) {
    this.choice = choice;
    this.#study = caseStudy[choice.model];
    this.#trainer = trainer;
    this.#initial = initial;
    this.#grid = gridInputs(plotRange(this.#study.options.data));
  }

  /** @param device to train on; without it, training runs on the CPU */
  static async create(choice: Choice, cache: PlanCache, device: GPUDevice | undefined): Promise<ModelRun> {
    const backend = device ? 'webgpu' : 'cpu';
    const { options } = caseStudy[choice.model];
    const { precision } = choice;
    const place = { backend, tuning: { cache }, ...(device && { device }) } as const;
    const trainer = await createTrainer({ ...options, precision, ...place });
    try {
      return new ModelRun(choice, trainer, await trainer.save());
    } catch (error) {
      trainer.destroy();
      throw error;
    }
  }

  get step(): number {
    return this.#trainer.step;
  }

  get finished(): boolean {
    return this.#trainer.step >= this.#study.steps;
  }

  /** Finds out what drawing costs, once the first picture has compiled what it needs. */
  async timeDrawing(): Promise<void> {
    const start = performance.now();
    await this.#trainer.predict(this.#grid);
    this.#drawingTime = performance.now() - start;
  }

  /**
   * Trains to the last step, or until the signal is aborted. Drawing goes on beside training, at most once an interval.
   * @returns the state at the step where training ended, with the mean speed
   */
  async train(signal: AbortSignal, interval: number, show: (frame: Frame) => void): Promise<Frame> {
    const { steps } = this.#study;
    const first = this.#trainer.step;
    const start = performance.now();
    const pause = Math.max(interval, this.#drawingTime / DRAWING_SHARE);
    const rate = new Rate();
    rate.add(start, first);
    let points: Measurement[] = [];
    let drawing: Promise<void> | undefined;
    let drawn = start;
    let seconds: number;
    try {
      const run = this.#trainer.run({ steps: steps - first, every: steps / POINTS, signal });
      for await (const measurement of run) {
        const now = performance.now();
        points.push(measurement);
        rate.add(now, measurement.step);
        if (drawing || now - drawn < pause) continue;
        drawn = now;
        const fresh = points;
        points = [];
        drawing = this.#evidence()
          .then((evidence) =>
            show({
              latest: measurement,
              points: fresh,
              evidence,
              stepsPerSecond: rate.perSecond,
              way: this.#way,
            }),
          )
          // What fails here fails the run as well, which reports it.
          .catch(() => {})
          .finally(() => {
            drawing = undefined;
          });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      seconds = (performance.now() - start) / 1000;
      await drawing;
    }
    const trained = this.#trainer.step - first;
    const frame = await this.frame();
    const mean = trained > 0 ? { stepsPerSecond: trained / seconds } : {};
    return { ...frame, points: [...points, ...frame.points], ...mean };
  }

  /** Applies so many updates, or as many as are left. */
  async advance(steps: number): Promise<void> {
    await this.#trainer.train(Math.min(steps, this.#study.steps - this.#trainer.step));
  }

  async rewind(): Promise<void> {
    await this.#trainer.restore(this.#initial);
  }

  /** The present state. */
  async frame(): Promise<Frame> {
    const [latest, evidence] = await Promise.all([this.#trainer.measure(), this.#evidence()]);
    return { latest, points: [latest], evidence, way: this.#way };
  }

  get #way(): Way {
    const { plan, tuning } = this.#trainer;
    return { plan, chosen: tuning.chosen, reason: tuning.reason };
  }

  destroy(): void {
    this.#trainer.destroy();
  }

  /** Logarithm of each class's probability at each node of the grid. */
  async #evidence(): Promise<Float32Array<ArrayBuffer>> {
    const { probabilities } = await this.#trainer.predict(this.#grid);
    const evidence = new Float32Array(probabilities);
    // A plain loop: a map of Float32Array.from is five times slower.
    for (let i = 0; i < evidence.length; i++)
      evidence[i] = Math.log(Math.max(evidence[i], LEAST_PROBABILITY));
    return evidence;
  }
}
