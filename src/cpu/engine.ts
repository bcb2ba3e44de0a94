import type { FloatArrayConstructor } from '../checks/numbers.ts';
import { AllFacts, type Answers, answersOf, argmax, factsOf, gatherAnswers } from '../data/answers.ts';
import { BatchOrder } from '../data/batch-order.ts';
import { Dropout, dropoutStep } from '../data/dropout.ts';
import { gatherRows } from '../data/gather-rows.ts';
import {
  type AnyMeasurement,
  Divergence,
  type Engine,
  type EngineState,
  type GradientsAt,
  isDue,
  measurement,
  type Outputs,
  type Reports,
} from '../engine.ts';
import { allocatingArrays, checkLength } from '../limits.ts';
import { momentCount, type TrainingSetup } from '../options/setup.ts';
import type { AnyDataset, FloatArray, LayerParameters, Operation, Tensor, Tuning } from '../types.ts';
import { Evaluation } from './evaluation.ts';
import { meanGradients } from './gradients.ts';
import { cpuOperations, inspect } from './inspection.ts';
import type { CpuKernels } from './kernels.ts';
import { CpuNetwork } from './network.ts';
import { l1Loss, l2Loss } from './reductions.ts';
import { inParts, TimeSlices } from './time-slices.ts';
import { penaltyGradient } from './update.ts';

const FEWER_ROWS = 'Use fewer rows at a time.';

/**
 * Training on the CPU. The arrays of the training network are its kernels' own; every array that
 * leaves the engine is a copy.
 */
export class CpuEngine implements Engine {
  readonly backend = 'cpu';
  readonly plan = 'layered';
  readonly fallback: string | undefined;
  readonly tuning: Tuning;
  readonly #setup: TrainingSetup;
  readonly #kernels: CpuKernels;
  /** The facts of the training data. */
  readonly #facts: AllFacts;
  readonly #training: CpuNetwork;
  readonly #evaluation: Evaluation;
  /** The rows of a batch: all training data, or those of a step. */
  readonly #batchRows: { inputs: FloatArray; answers: Answers };
  #order: BatchOrder;
  /** The seed of batches and dropout. */
  #seed: number;
  readonly #parameters: LayerParameters[];
  /** Moments; all but the first {@link #momentsInUse} wait until a rule needs them again. */
  readonly #moments: LayerParameters[][] = [];
  #momentsInUse = 0;
  #step = 0;
  /** The first step after which a parameter or moment was not finite. */
  #diverged: number | undefined;
  /** Settles when the update under way is whole. */
  #updating: Promise<unknown> | undefined;
  readonly #slices = new TimeSlices();

  /**
   * @param fallback why the engine replaces one on the GPU
   * @param reason why these kernels compute
   * @throws {LimitError} {OutOfMemoryError} if the network does not fit; no weight is drawn in that
   * case
   */
  constructor(setup: TrainingSetup, kernels: CpuKernels, reason: string, fallback?: string) {
    this.fallback = fallback;
    const { data, batchSize, seed } = setup;
    this.#setup = setup;
    this.#kernels = kernels;
    this.tuning = { chosen: kernels.name, plan: this.plan, reason, done: true, candidates: [] };
    this.#facts = new AllFacts(data);
    this.#training = new CpuNetwork(setup, batchSize, kernels);
    // A lack of memory for these gradients must show here and not in the first step.
    void this.#training.dOutputs;
    this.#evaluation = new Evaluation(setup, data.count, kernels.beside(), this.#slices);
    this.#parameters = allocatingArrays('the parameters', () => placedLayers(setup.start(), kernels));
    this.#withMoments();
    const all = batchSize === data.count;
    this.#batchRows = allocatingArrays('the batch', () => {
      const empty = () => emptyRows(data, batchSize, kernels.Float);
      const { inputs, answers } = all ? { inputs: data.inputs, answers: answersOf(data) } : empty();
      return { inputs: kernels.placed(inputs), answers: kernels.placed(answers) };
    });
    this.#order = new BatchOrder(data.count, batchSize, seed);
    this.#seed = seed;
  }

  get step(): number {
    return this.#step;
  }

  async *run(
    steps: number,
    reports: Reports | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<AnyMeasurement, void, void> {
    this.#checkDiverged();
    const end = this.#step + steps;
    while (this.#step < end || reports?.last) {
      await this.#slices.pause(signal);
      if (reports && isDue(reports, this.#step, end)) {
        yield await this.#report(reports, signal);
        if (this.#step === end) break;
        signal?.throwIfAborted();
      }
      await this.#advance(signal);
    }
  }

  async #report({ measure, parameters }: Reports, signal?: AbortSignal): Promise<AnyMeasurement> {
    const { data, batchSize } = this.#setup;
    const rows = measure === 'batch' && batchSize < data.count ? this.#batch().rows : data;
    const report = await this.#measure(this.#parameters, rows, signal);
    if (!parameters) return report;
    return {
      ...report,
      parameters: allocatingArrays('the parameters', () => this.#copyLayers(this.#parameters)),
    };
  }

  async measure(data?: AnyDataset): Promise<AnyMeasurement> {
    if (this.#updating) await this.#updating;
    this.#checkDiverged();
    if (data) checkLength('inputs', data.inputs.length, this.#kernels.Float, FEWER_ROWS);
    const [parameters, rows] = allocatingArrays('the data to measure', () => [
      this.#copyLayers(this.#parameters),
      data ? this.#copyRows(data) : this.#setup.data,
    ]);
    return this.#measure(parameters, rows);
  }

  async predict(inputs: FloatArray): Promise<Outputs> {
    if (this.#updating) await this.#updating;
    this.#checkDiverged();
    const { data, loss, sizes } = this.#setup;
    const width = sizes[sizes.length - 1];
    const rows = inputs.length / data.features;
    checkLength('inputs', inputs.length, this.#kernels.Float, FEWER_ROWS);
    checkLength('the prediction', rows * width, this.#kernels.Float, FEWER_ROWS);
    const { kernels } = this.#evaluation;
    const [values, labels, parameters, copy] = allocatingArrays('the prediction', () => [
      new this.#kernels.Float(rows * width),
      new Uint32Array(rows),
      this.#copyLayers(this.#parameters),
      this.#copy(inputs),
    ]);
    await this.#evaluation.forward(parameters, copy, rows, function* (logits, start, count) {
      yield* inParts(count, width, (first, end) => {
        for (let i = first; i < end; i++) labels[start + i] = argmax(logits, i * width, width);
      });
      if (loss === 'cross-entropy') yield* kernels.softmax(logits, logits, count, width);
      values.set(logits.subarray(0, count * width), start * width);
    });
    return { values, labels };
  }

  async activations(inputs: FloatArray): Promise<FloatArray[]> {
    if (this.#updating) await this.#updating;
    this.#checkDiverged();
    const [features, ...widths] = this.#setup.sizes;
    const rows = inputs.length / features;
    checkLength('inputs', inputs.length, this.#kernels.Float, FEWER_ROWS);
    widths.forEach((width, layer) => {
      checkLength(`outputs ${layer}`, rows * width, this.#kernels.Float, FEWER_ROWS);
    });
    const [layers, parameters, copy] = allocatingArrays('the activations', () => [
      widths.map((width) => new this.#kernels.Float(rows * width)),
      this.#copyLayers(this.#parameters),
      this.#copy(inputs),
    ]);
    const { outputs } = this.#evaluation;
    await this.#evaluation.forward(parameters, copy, rows, function* (_, start, count) {
      for (const [layer, width] of widths.entries()) {
        layers[layer].set(outputs[layer].subarray(0, count * width), start * width);
        yield;
      }
    });
    return layers;
  }

  async tune(): Promise<void> {}

  async gradients(): Promise<GradientsAt> {
    if (this.#updating) await this.#updating;
    this.#checkDiverged();
    const { data, settings } = this.#setup;
    const { l2, l1, classWeights } = settings.from(this.#step);
    const parameters = allocatingArrays('the parameters', () => this.#copyLayers(this.#parameters));
    const rows = Math.min(this.#evaluation.capacity, data.count);
    return this.#kernels.temporarily(async (kernels) => {
      const network = new CpuNetwork(this.#setup, rows, kernels);
      await this.#slices.take(meanGradients(network, parameters, data, classWeights));
      const gradients = allocatingArrays('the gradients', () => this.#copyLayers(network.gradients));
      for (const [layer, { weights }] of parameters.entries()) {
        const dW = gradients[layer].weights;
        const decay = inParts(dW.length, 1, (start, end) => {
          for (let i = start; i < end; i++) dW[i] += penaltyGradient(weights[i], l2, l1);
        });
        await this.#slices.take(decay);
      }
      return { gradients, parameters, l2, l1, classWeights };
    });
  }

  get operations(): readonly Operation[] {
    return cpuOperations(this.#setup);
  }

  async inspect(): Promise<Tensor[]> {
    if (this.#updating) await this.#updating;
    this.#checkDiverged();
    const { data, batchSize } = this.#setup;
    const { rows: batch, dropout } = this.#batch();
    const { settings } = this.#setup;
    return this.#kernels.temporarily((kernels) => {
      // Training goes on meanwhile, and gathers the rows of its next batch.
      const [parameters, moments, own] = allocatingArrays('the parameters', () => [
        placedLayers(this.#parameters, kernels),
        this.#withMoments().map((layers) => placedLayers(layers, kernels)),
        batchSize === data.count ? batch : this.#copyRows(batch),
      ]);
      const work = inspect({
        // Settings may change meanwhile.
        setup: { ...this.#setup, settings: settings.fixed(settings.at(this.#step)) },
        inputs: own.inputs,
        answers: answersOf(own),
        rows: own.count,
        dropout,
        network: new CpuNetwork(this.#setup, batchSize, kernels),
        parameters,
        moments,
        step: this.#step,
      });
      return this.#slices.take(work);
    });
  }

  async state(): Promise<EngineState> {
    if (this.#updating) await this.#updating;
    this.#checkDiverged();
    const state = allocatingArrays('the checkpoint', () => ({
      step: this.#step,
      parameters: this.#copyLayers(this.#parameters),
      moments: this.#withMoments().map((layers) => this.#copyLayers(layers)),
    }));
    await this.#slices.pause();
    return state;
  }

  async restore(state: EngineState, seed: number): Promise<void> {
    if (this.#updating) await this.#updating;
    // If there is no memory for a moment, the old state stays whole.
    this.#allocateMoments(state.moments.length);
    const kept = [this.#parameters, ...this.#moments];
    for (const [which, layers] of [state.parameters, ...state.moments].entries()) {
      for (const [layer, { weights, biases }] of layers.entries()) {
        kept[which][layer].weights.set(weights);
        kept[which][layer].biases.set(biases);
      }
    }
    this.#momentsInUse = state.moments.length;
    this.#step = state.step;
    this.#diverged = undefined;
    this.#order = new BatchOrder(this.#setup.data.count, this.#setup.batchSize, seed);
    this.#seed = seed;
  }

  destroy(): void {
    this.#slices.end();
    this.#kernels.end();
  }

  /** The batch of the next step. */
  #batch(): { rows: AnyDataset; dropout: Dropout | undefined } {
    const { data, batchSize, settings } = this.#setup;
    const { dropout: share } = settings.from(this.#step);
    const drops = (order?: Uint32Array) =>
      share > 0 ? new Dropout(dropoutStep(share, this.#seed, this.#step), order) : undefined;
    const { inputs, answers } = this.#batchRows;
    const own = answers instanceof Uint32Array ? { labels: answers } : { targets: answers };
    const rows = { ...data, inputs, ...own } as AnyDataset;
    if (batchSize === data.count) return { rows, dropout: drops() };
    const order = this.#order.rows(this.#step);
    gatherRows(data.inputs, data.features, order, inputs);
    gatherAnswers(order, data, answers);
    return { rows: { ...rows, count: order.length }, dropout: drops(order) };
  }

  /**
   * One step: forward, backward, update. An abort before the update changes no parameter, and a
   * later one waits for the whole update.
   */
  async #advance(signal?: AbortSignal): Promise<void> {
    const used = () => {
      const { dropout, classWeights } = this.#setup.settings.from(this.#step);
      return { dropout, classWeights };
    };
    const [parameters, network] = [this.#parameters, this.#training];
    for (let before = used(), same = false; !same; ) {
      const { classWeights } = before;
      const { rows, dropout } = this.#batch();
      const { inputs, count } = rows;
      await this.#slices.take(network.forward(parameters, inputs, count, dropout), signal);
      const backward = network.backward(parameters, inputs, answersOf(rows), count, classWeights, dropout);
      await this.#slices.take(backward, signal);
      // Settings that change before the update hold for this step.
      const now = used();
      same = now.dropout === before.dropout && now.classWeights === classWeights;
      before = now;
    }
    const updating = this.#update();
    this.#updating = updating.catch(() => {});
    await updating;
    this.#checkDiverged();
  }

  /** An update, which counts as applied from its start: reads wait until it is whole. */
  async #update(): Promise<void> {
    const now = this.#setup.settings.at(this.#step);
    const update = this.#training.update(this.#parameters, this.#withMoments(), now, this.#step);
    const step = ++this.#step;
    const finite = await this.#slices.take(update);
    if (!finite) this.#diverged = step;
    this.#updating = undefined;
  }

  /** The moments of the present rule: SGD that is given a momentum gains a velocity, 0 at first. */
  #withMoments(): LayerParameters[][] {
    const count = Math.max(this.#momentsInUse, momentCount(this.#setup));
    this.#allocateMoments(count);
    for (const layers of this.#moments.slice(this.#momentsInUse, count)) {
      for (const { weights, biases } of layers) for (const values of [weights, biases]) values.fill(0);
    }
    this.#momentsInUse = count;
    return this.#moments.slice(0, count);
  }

  /** Has arrays for so many moments, which the kernels' memory never takes back. */
  #allocateMoments(count: number): void {
    const zero = ({ length }: FloatArray) => this.#kernels.floats(length);
    const moment = () =>
      this.#parameters.map(({ weights, biases }) => ({ weights: zero(weights), biases: zero(biases) }));
    while (this.#moments.length < count) this.#moments.push(allocatingArrays('the moments', moment));
  }

  #checkDiverged(): void {
    if (this.#diverged !== undefined) throw new Divergence(this.#diverged);
  }

  async #measure(
    parameters: LayerParameters[],
    rows: AnyDataset,
    signal?: AbortSignal,
  ): Promise<AnyMeasurement> {
    const step = this.#step;
    const { l2, l1, classWeights } = this.#setup.settings.from(step);
    const facts = rows === this.#setup.data ? this.#facts.at(classWeights) : factsOf(rows, classWeights);
    const score = await this.#evaluation.score(parameters, rows, classWeights, signal);
    const dataLoss = score.sum / (facts.weight || 1);
    return measurement(step, dataLoss, score.correct / facts.rows, facts.spread, {
      l2Loss: await this.#slices.take(l2Loss(parameters, l2), signal),
      l1Loss: await this.#slices.take(l1Loss(parameters, l1), signal),
    });
  }

  #copy(values: FloatArray): FloatArray {
    const copy = new this.#kernels.Float(values.length);
    copy.set(values);
    return copy;
  }

  #copyRows(data: AnyDataset): AnyDataset {
    const inputs = this.#copy(data.inputs);
    return 'labels' in data
      ? { ...data, inputs, labels: data.labels.slice() }
      : { ...data, inputs, targets: data.targets.slice() };
  }

  #copyLayers(layers: LayerParameters[]): LayerParameters[] {
    return layers.map(({ weights, biases }) => ({
      weights: this.#copy(weights),
      biases: this.#copy(biases),
    }));
  }
}

/** Copies of layers, which the kernels may write to. */
function placedLayers(layers: readonly LayerParameters[], kernels: CpuKernels): LayerParameters[] {
  const placed = (values: FloatArray) => {
    const copy = kernels.floats(values.length);
    copy.set(values);
    return copy;
  };
  return layers.map(({ weights, biases }) => ({ weights: placed(weights), biases: placed(biases) }));
}

/** Space for rows of data. */
function emptyRows(data: AnyDataset, rows: number, Float: FloatArrayConstructor) {
  const answers = 'labels' in data ? new Uint32Array(rows) : new Float(rows * data.outputs);
  return { inputs: new Float(rows * data.features), answers };
}
