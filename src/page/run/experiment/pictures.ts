import type { Checkpoint, Dataset, Trainer } from '../../../index.ts';
import { gridInputs, NODES, UNIT_NODES } from '../../settings/plane.ts';
import type { PlaneData } from '../../settings/plane-data.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Frame, Insight } from '../protocol.ts';

/** The share of the time that drawing, and looking inside, may take from training. */
const DRAWING_SHARE = 0.2;
const LOOKING_SHARE = 0.1;
/** Milliseconds between two looks inside, at least. */
const LOOKING_INTERVAL = 400;

/** The smallest positive number of single precision, in place of an underflow. */
const LEAST_PROBABILITY = 2 ** -149;

/** Data with training points. */
export type Data = PlaneData & { train: Dataset };

/** Draws a network over the plane, as often as takes little time from training. */
export class Pictures {
  readonly #data: Data;
  readonly #grid: Float32Array;
  readonly #unitGrid: Float32Array;
  /** Milliseconds of a prediction of the grid, and of a look inside, without other work. */
  #drawingTime = 0;
  #lookingTime = 0;
  #lookedAt = 0;
  #looked: Checkpoint | undefined;

  constructor(data: Data) {
    this.#data = data;
    this.#grid = gridInputs(data.range, NODES);
    this.#unitGrid = gridInputs(data.range, UNIT_NODES);
  }

  /** Milliseconds between two pictures, at least. */
  get interval(): number {
    return this.#drawingTime / DRAWING_SHARE;
  }

  /** The state at the last look inside. */
  get looked(): Checkpoint | undefined {
    return this.#looked;
  }

  /** Forgets the looks inside, because training begins again. */
  forget(): void {
    this.#looked = undefined;
  }

  /** Pictures during training: the regions, and now and then insight. */
  async glance(trainer: Trainer, settings: Settings): Promise<Pick<Frame, 'evidence' | 'insight'>> {
    const interval = Math.max(LOOKING_INTERVAL, this.#lookingTime / LOOKING_SHARE);
    const due = performance.now() - this.#lookedAt >= interval;
    // A look inside may need too much memory. The regions and the figures are shown all the same.
    const look = due ? this.look(trainer, settings).catch(() => undefined) : undefined;
    const [evidence, insight] = await Promise.all([this.evidence(trainer), look]);
    return { evidence, ...(insight && { insight }) };
  }

  /** Times drawing. The first pictures have compiled their kernels by then. */
  async time(trainer: Trainer, settings: Settings): Promise<void> {
    const start = performance.now();
    await this.evidence(trainer);
    const drawn = performance.now();
    await this.look(trainer, settings);
    this.#drawingTime = drawn - start;
    this.#lookingTime = performance.now() - drawn;
  }

  async look(trainer: Trainer, settings: Settings): Promise<Insight> {
    this.#lookedAt = performance.now();
    const { lookInside } = await import('./insight.ts');
    const { insight, checkpoint } = await lookInside(trainer, settings, this.#data, this.#unitGrid);
    this.#looked = checkpoint;
    return insight;
  }

  /** Logarithm of each class's probability at each node of the grid. */
  async evidence(trainer: Trainer): Promise<Float32Array<ArrayBuffer>> {
    const { probabilities } = await trainer.predict(this.#grid);
    const evidence = new Float32Array(probabilities);
    // A plain loop: a map of Float32Array.from is five times slower.
    for (let i = 0; i < evidence.length; i++)
      evidence[i] = Math.log(Math.max(evidence[i], LEAST_PROBABILITY));
    return evidence;
  }
}
