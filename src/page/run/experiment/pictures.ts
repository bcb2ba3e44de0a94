import type { AnyDataset, Checkpoint, Prediction, RegressionPrediction } from '../../../index.ts';
import type { Network } from '../../settings/network.ts';
import { firstStride, fitsInputs, gridInputs, nodesOf, strideFor, UNIT_NODES } from '../../settings/plane.ts';
import type { Settings } from '../../settings/settings.ts';
import { outputsOf, type StudyData } from '../../settings/study-data.ts';
import { LOOK_PASSES } from '../../settings/work.ts';
import type { Frame, Insight } from '../protocol.ts';
import { PicturePrice } from './picture-price.ts';

/** The share of the time that drawing, and looking inside, may take from training. */
const DRAWING_SHARE = 0.08;
const LOOKING_SHARE = 0.04;
/** The share of figures alone, where nobody sees pictures. */
const FIGURES_SHARE = 0.05;
/** Milliseconds between two looks inside, at least, and the pictures between them, at least. */
const LOOKING_INTERVAL = 400;
const PLAIN = 2;
/** The most milliseconds that pictures wait for the tuner. */
const LONGEST_WAIT = 1500;

/** Milliseconds in which as many nodes as possible are computed. */
const SOON = 100;
/** Milliseconds of a picture that is not drawn only to be timed. */
const SLOW = 1000;

/** The smallest positive number of single precision, in place of an underflow. */
const LEAST_PROBABILITY = 2 ** -149;

/** Data with training points. */
export type Data = StudyData & { train: AnyDataset };

/** Draws a network over the plane, as often as takes little time from training. */
export class Pictures {
  #data: Data;
  #stride: number;
  #grid: Float32Array;
  #unitGrid: Float32Array;
  /** Milliseconds of a prediction of the grid, and of a look inside, without other work. */
  #drawingTime = 0;
  #lookingTime = 0;
  #lookedAt = 0;
  /** The states at the last two looks inside. */
  #looked: Checkpoint[] = [];
  readonly #prices = { pictures: new PicturePrice(DRAWING_SHARE), figures: new PicturePrice(FIGURES_SHARE) };
  #seen = true;
  /** Whether the last picture came with a look inside, and the pictures since the last look. */
  #lookedLast = false;
  #sinceLook = 0;
  /** When the tuner was first seen at work. */
  #tunedFrom: number | undefined;

  /** @param weights of the network, all of which a picture multiplies at each node */
  constructor(data: Data, weights: number) {
    this.#data = data;
    this.#unitGrid = this.#inputs(UNIT_NODES);
    this.#stride = firstStride(weights, data.inputs.length);
    this.#grid = this.#inputs(this.nodes);
  }

  /** Draws the same network over another plane from now on. */
  drawOver(data: Data): void {
    this.#data = data;
    this.#unitGrid = this.#inputs(UNIT_NODES);
    this.#grid = this.#inputs(this.nodes);
  }

  /** The network's inputs at the nodes of a grid. */
  #inputs(nodes: number): Float32Array {
    return this.#data.inputsAt(gridInputs(this.#data.range, nodes));
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

  /** Training begins, or goes on. */
  begin(): void {
    this.#price.begin();
  }

  /**
   * Milliseconds from the last picture to the next.
   * @param least the interval of pictures that cost nothing
   * @param seen whether anybody sees pictures; else there are figures alone
   */
  gap(least: number, seen: boolean): number {
    if (seen !== this.#seen) {
      this.#seen = seen;
      this.begin();
    }
    return this.#price.gap(Math.max(least, seen ? this.#drawingTime / DRAWING_SHARE : 0));
  }

  get #price(): PicturePrice {
    return this.#seen ? this.#prices.pictures : this.#prices.figures;
  }

  /** The states at the last looks inside, the last one first. */
  get looked(): readonly Checkpoint[] {
    return this.#looked;
  }

  /** Forgets the looks inside, because training begins again. */
  forget(): void {
    this.#looked = [];
  }

  /**
   * Pictures during training: the regions, and now and then insight; where nobody sees them, none.
   * @param step of the figures with which they are shown
   */
  async glance(
    trainer: Network,
    settings: Settings,
    step: number,
  ): Promise<Pick<Frame, 'evidence' | 'insight'>> {
    if (this.#waitsForTuner(trainer, settings)) return {};
    this.#price.mark(performance.now(), step, this.#lookedLast);
    const dear = Math.max(this.#lookingTime, this.#prices.pictures.look);
    const waited = performance.now() - this.#lookedAt;
    this.#sinceLook++;
    // Pictures without a look show what a picture takes.
    const due = this.#sinceLook > PLAIN && waited >= Math.max(LOOKING_INTERVAL, dear / LOOKING_SHARE);
    this.#lookedLast = due;
    if (!this.#seen) {
      if (due) this.#keep(await trainer.save());
      return {};
    }
    // A look inside may need too much memory. The regions and the figures are shown all the same.
    const look = due ? this.look(trainer, settings).catch(() => undefined) : undefined;
    const [evidence, insight] = await Promise.all([this.evidence(trainer), look]);
    return { evidence, ...(insight && { insight }) };
  }

  /**
   * Whether pictures wait, as they would make plans look slow in the tuner's trials. A slowed run leaves
   * the tuner no time, and a large network may need long: pictures do not wait for those.
   */
  #waitsForTuner({ tuning }: Network, { speed }: Settings): boolean {
    if (tuning.done || speed > 0) return false;
    this.#tunedFrom ??= performance.now();
    return performance.now() - this.#tunedFrom < LONGEST_WAIT;
  }

  /**
   * Times drawing, and draws finer from then on if there is time. The first pictures have compiled
   * their kernels by then.
   */
  async time(trainer: Network, settings: Settings): Promise<void> {
    if (this.#drawingTime > SLOW) return;
    const start = performance.now();
    await this.evidence(trainer);
    const drawn = performance.now();
    await this.look(trainer, settings);
    this.#lookingTime = performance.now() - drawn;
    this.#drawingTime = drawn - start;
    if (!this.late) return;
    const nodeTime = this.#drawingTime / this.nodes ** 2;
    const stride = strideFor(
      (nodes) => nodeTime * nodes <= SOON && fitsInputs(this.#data.inputs.length, nodes),
    );
    if (stride >= this.#stride) return;
    this.#stride = stride;
    this.#grid = this.#inputs(this.nodes);
    this.#drawingTime = nodeTime * this.nodes ** 2;
  }

  async look(trainer: Network, settings: Settings): Promise<Insight> {
    this.#lookedAt = performance.now();
    const { lookInside } = await import('./insight.ts');
    const { insight, checkpoint } = await lookInside(trainer, settings, this.#data, this.#unitGrid);
    this.#keep(checkpoint);
    return insight;
  }

  #keep(checkpoint: Checkpoint): void {
    this.#lookedAt = performance.now();
    this.#sinceLook = 0;
    this.#looked = [checkpoint, ...this.#looked].slice(0, 2);
  }

  /** Logarithm of each class's probability at each node of the grid; of a regression the value. */
  async evidence(trainer: Network): Promise<Float32Array<ArrayBuffer>> {
    const stride = this.#stride;
    const width = outputsOf(this.#data.train);
    const evidence = evidenceOf(await trainer.predict(this.#grid), width);
    if (stride === 1) return evidence;
    const { atAllNodes } = await import('./all-nodes.ts');
    return atAllNodes(evidence, stride, width);
  }
}

/**
 * The logarithm of each class's probability. Scores of the hinge loss are no logarithms of
 * probabilities: those of their softmax stand for them, with the same differences.
 */
function evidenceOf(
  prediction: Prediction | RegressionPrediction,
  classes: number,
): Float32Array<ArrayBuffer> {
  if ('values' in prediction) return new Float32Array(prediction.values);
  const { scores } = prediction;
  const evidence = new Float32Array(scores ?? prediction.probabilities);
  // Plain loops: a map of Float32Array.from is five times slower.
  if (!scores) {
    for (let i = 0; i < evidence.length; i++)
      evidence[i] = Math.log(Math.max(evidence[i], LEAST_PROBABILITY));
    return evidence;
  }
  for (let start = 0; start < evidence.length; start += classes) {
    const row = evidence.subarray(start, start + classes);
    let [most, sum] = [Number.NEGATIVE_INFINITY, 0];
    for (let k = 0; k < classes; k++) most = Math.max(most, row[k]);
    for (let k = 0; k < classes; k++) sum += Math.exp(row[k] - most);
    const normalizer = most + Math.log(sum);
    for (let k = 0; k < classes; k++) row[k] -= normalizer;
  }
  return evidence;
}
