import type { Checkpoint, Dataset, Trainer } from '../../../index.ts';
import { firstStride, gridInputs, NODES, nodesOf, strideFor, UNIT_NODES } from '../../settings/plane.ts';
import type { PlaneData } from '../../settings/plane-data.ts';
import type { Settings } from '../../settings/settings.ts';
import { LOOK_PASSES } from '../../settings/work.ts';
import type { Frame, Insight } from '../protocol.ts';

/** The share of the time that drawing, and looking inside, may take from training. */
const DRAWING_SHARE = 0.2;
const LOOKING_SHARE = 0.1;
/** Milliseconds between two looks inside, at least. */
const LOOKING_INTERVAL = 400;

/** Milliseconds in which as many nodes as possible are computed. */
const SOON = 100;
/** Milliseconds of a picture that is not drawn only to be timed. */
const SLOW = 1000;

/** The smallest positive number of single precision, in place of an underflow. */
const LEAST_PROBABILITY = 2 ** -149;

/** Data with training points. */
export type Data = PlaneData & { train: Dataset };

/** Draws a network over the plane, as often as takes little time from training. */
export class Pictures {
  readonly #data: Data;
  #stride: number;
  #grid: Float32Array;
  readonly #unitGrid: Float32Array;
  /** Milliseconds of a prediction of the grid, and of a look inside, without other work. */
  #drawingTime = 0;
  #lookingTime = 0;
  #lookedAt = 0;
  /** The states at the last two looks inside. */
  #looked: Checkpoint[] = [];

  /** @param weights of the network, all of which a picture multiplies at each node */
  constructor(data: Data, weights: number) {
    this.#data = data;
    this.#unitGrid = gridInputs(data.range, UNIT_NODES);
    this.#stride = firstStride(weights);
    this.#grid = gridInputs(data.range, this.nodes);
  }

  /** Nodes along each side at which the network is computed; the others lie between. */
  get nodes(): number {
    return nodesOf(this.#stride);
  }

  /** Whether the network is so large that its figures are shown before its pictures. */
  get late(): boolean {
    return this.#stride > 1;
  }

  /** @param rowTime milliseconds of a forward pass, per row: the first guess at the times */
  expect(rowTime: number): void {
    if (!this.late) return;
    const { nodes, points } = LOOK_PASSES;
    this.#drawingTime = rowTime * this.nodes ** 2;
    this.#lookingTime = rowTime * (nodes * UNIT_NODES ** 2 + points * this.#data.train.count);
    // The first figures of a training run do not wait for a look inside.
    this.#lookedAt = performance.now();
  }

  /** Milliseconds between two pictures, at least. */
  get interval(): number {
    return this.#drawingTime / DRAWING_SHARE;
  }

  /** The states at the last looks inside, the last one first. */
  get looked(): readonly Checkpoint[] {
    return this.#looked;
  }

  /** Forgets the looks inside, because training begins again. */
  forget(): void {
    this.#looked = [];
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

  /**
   * Times drawing, and draws finer from then on if there is time. The first pictures have compiled
   * their kernels by then.
   */
  async time(trainer: Trainer, settings: Settings): Promise<void> {
    if (this.#drawingTime > SLOW) return;
    const start = performance.now();
    await this.evidence(trainer);
    const drawn = performance.now();
    await this.look(trainer, settings);
    this.#lookingTime = performance.now() - drawn;
    this.#drawingTime = drawn - start;
    if (!this.late) return;
    const nodeTime = this.#drawingTime / this.nodes ** 2;
    const stride = strideFor((nodes) => nodeTime * nodes <= SOON);
    if (stride >= this.#stride) return;
    this.#stride = stride;
    this.#grid = gridInputs(this.#data.range, this.nodes);
    this.#drawingTime = nodeTime * this.nodes ** 2;
  }

  async look(trainer: Trainer, settings: Settings): Promise<Insight> {
    this.#lookedAt = performance.now();
    const { lookInside } = await import('./insight.ts');
    const { insight, checkpoint } = await lookInside(trainer, settings, this.#data, this.#unitGrid);
    this.#looked = [checkpoint, ...this.#looked].slice(0, 2);
    return insight;
  }

  /** Logarithm of each class's probability at each node of the grid. */
  async evidence(trainer: Trainer): Promise<Float32Array<ArrayBuffer>> {
    const stride = this.#stride;
    const { probabilities } = await trainer.predict(this.#grid);
    const evidence = new Float32Array(probabilities);
    // A plain loop: a map of Float32Array.from is five times slower.
    for (let i = 0; i < evidence.length; i++)
      evidence[i] = Math.log(Math.max(evidence[i], LEAST_PROBABILITY));
    return stride === 1 ? evidence : atAllNodes(evidence, stride, this.#data.train.classes);
  }
}

/**
 * The evidence at all nodes, bilinear between the computed ones.
 * @param coarse `nodes² × classes`
 * @returns `NODES² × classes`
 */
export function atAllNodes(coarse: Float32Array, stride: number, classes: number): Float32Array<ArrayBuffer> {
  const nodes = nodesOf(stride);
  const fine = new Float32Array(NODES * NODES * classes);
  for (let row = 0; row < NODES; row++) {
    const top = Math.min(Math.floor(row / stride), nodes - 2);
    const down = row / stride - top;
    for (let column = 0; column < NODES; column++) {
      const left = Math.min(Math.floor(column / stride), nodes - 2);
      const right = column / stride - left;
      const corner = (top * nodes + left) * classes;
      const at = (row * NODES + column) * classes;
      for (let k = 0; k < classes; k++) {
        const [a, b] = [coarse[corner + k], coarse[corner + classes + k]];
        const below = corner + nodes * classes + k;
        const [c, d] = [coarse[below], coarse[below + classes]];
        fine[at + k] = (1 - down) * (a + right * (b - a)) + down * (c + right * (d - c));
      }
    }
  }
  return fine;
}
