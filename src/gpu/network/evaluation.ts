import type { Dataset } from '../../types.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import type { Operations } from '../kernels/operations.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { Commands } from '../submission/commands.ts';
import { type Activations, createActivations, lossPass } from './layered.ts';
import { logitsPass } from './logits.ts';
import type { ParameterBuffers } from './parameters.ts';
import { exceedsBinding, windowRows } from './row-window.ts';

/** Rows evaluated at a time, so that a large data set needs no large memory. */
export const EVALUATION_ROWS = 4096;

/** Labelled rows on the GPU. */
export interface GpuRows {
  inputs: GPUBuffer;
  labels: GPUBuffer;
}

/** Labelled rows: all of them on the GPU, or, where they are more than it can bind, with the program. */
export type Source = { rows: number } & ((GpuRows & { host?: undefined }) | { host: Dataset });

export function uploadSource(
  memory: GpuMemory,
  { count, inputs, labels }: Dataset,
): Source & GpuRows & { host?: undefined } {
  return {
    rows: count,
    inputs: memory.upload('inputs', inputs),
    labels: memory.upload('labels', labels),
  };
}

/**
 * Rows to be measured, which the caller may do anything with afterwards.
 * @throws {LimitError} if they are more than the device can bind a number for each of
 */
export function sourceOf(memory: GpuMemory, data: Dataset): Source {
  memory.checkReals('losses', data.count, 'Use fewer rows.');
  if (!exceedsBinding(memory, data)) return uploadSource(memory, data);
  return { rows: data.count, host: { ...data, inputs: data.inputs.slice(), labels: data.labels.slice() } };
}

/** Rows that a forward pass takes at a time, so that each layer's outputs fit a binding. */
export function lotRows(memory: GpuMemory, sizes: readonly number[], rows: number): number {
  const widest = Math.max(...sizes.slice(1)) * memory.format.bytes;
  return Math.max(1, Math.min(rows, EVALUATION_ROWS, Math.floor(memory.largestBinding / widest)));
}

/** Real numbers that an evaluation of a network comes to. */
export function resultCount({ parameters }: ParameterBuffers): number {
  return 2 + parameters.length;
}

/** Loss, accuracy and ΣW² at the present parameters, computed and left on the GPU. */
export class Evaluation {
  /** Real numbers: mean cross-entropy, count of correct rows, ΣW² of each layer. */
  readonly results: GPUBuffer;
  /** 32-bit words of all results. */
  readonly words: number;
  readonly #memory: GpuMemory;
  readonly #lots: Lots;
  readonly #sums: Dispatch[];

  private constructor(memory: GpuMemory, results: GPUBuffer, words: number, lots: Lots, sums: Dispatch[]) {
    this.#memory = memory;
    this.results = results;
    this.words = words;
    this.#lots = lots;
    this.#sums = sums;
  }

  /**
   * @param source what to evaluate on
   * @param pass a forward pass with loss over the whole source that training runs anyway, where there is one
   */
  static async create(
    memory: GpuMemory,
    operations: Operations,
    network: ParameterBuffers,
    source: Source,
    pass?: { activations: Activations; dispatches: Dispatch[] },
  ): Promise<Evaluation> {
    const { rows } = source;
    const { sizes, parameters } = network;
    const count = resultCount(network);
    const words = count * memory.format.words;
    const { results, lots } = await allocating(memory.device, 'measuring', () => ({
      results: memory.reals('results', count),
      lots: pass ? { ...pass, source, total: pass.activations } : createLots(memory, sizes, source),
    }));
    const { losses, correct } = lots.total;
    const [dispatches, ...sums] = await Promise.all([
      pass?.dispatches ?? lotPasses(memory, operations, network, lots.activations),
      operations.sum('losses', rows, losses, results, { at: 0, scale: 1 / rows }),
      operations.sum('correct', rows, correct, results, { at: 1 }),
      ...parameters.map(({ weights }, layer) => {
        const count = sizes[layer] * sizes[layer + 1];
        return operations.sum(`weights ${layer} squared`, count, weights, results, {
          at: 2 + layer,
          square: true,
        });
      }),
    ]);
    const sized = { ...lots, ...rowSizes(memory, sizes), dispatches };
    return new Evaluation(memory, results, words, sized, sums.flat());
  }

  /** Whether the rows are with the program: before {@link encode}, {@link feed} is to send them. */
  get fed(): boolean {
    return this.#lots.source.host !== undefined;
  }

  /**
   * Computes what {@link encode} adds up, of rows that are with the program, a few lots at a time. Nothing else may change the
   * parameters meanwhile.
   * @param stopped whether it is not needed any more
   * @throws {OutOfMemoryError} if there is no memory left to send rows
   */
  async feed(stopped: () => boolean = () => false): Promise<void> {
    const { source, activations } = this.#lots;
    const { host } = source;
    if (!host) return;
    const { device } = this.#memory;
    let before: Promise<unknown> = Promise.resolve();
    for (let start = 0; start < source.rows && !stopped(); start += activations.rows) {
      const end = Math.min(start + activations.rows, source.rows);
      this.#memory.checkFreed();
      await allocating(device, 'the rows to measure', () => {
        const { features } = host;
        this.#memory.write(activations.inputs, host.inputs.subarray(start * features, end * features));
        this.#memory.write(activations.labels, host.labels.subarray(start, end));
      });
      const commands = new Commands(this.#memory, 'evaluate');
      this.#encodeLot(commands, start, end - start);
      await commands.submit();
      // Else all lots would be waiting to be sent at the same time.
      await before;
      before = device.queue.onSubmittedWorkDone();
    }
    await before;
  }

  /** Records the evaluation, which leaves {@link results} as they are at this point of the queue. */
  encode(commands: Commands): void {
    const { rowBytes, activations, source } = this.#lots;
    if (!source.host) {
      for (let start = 0; start < source.rows; start += activations.rows) {
        const count = Math.min(activations.rows, source.rows - start);
        if (activations.inputs !== source.inputs) {
          commands.copy(source.inputs, start * rowBytes, activations.inputs, 0, count * rowBytes);
          commands.copy(source.labels, start * 4, activations.labels, 0, count * 4);
        }
        this.#encodeLot(commands, start, count);
      }
    }
    commands.dispatch(this.#sums);
  }

  #encodeLot(commands: Commands, start: number, count: number): void {
    const { realBytes, activations, dispatches, total } = this.#lots;
    commands.dispatch(dispatches);
    if (activations.losses === total.losses) return;
    commands.copy(activations.losses, 0, total.losses, start * realBytes, count * realBytes);
    commands.copy(activations.correct, 0, total.correct, start * realBytes, count * realBytes);
  }
}

/** A forward pass with loss that goes over a source in lots, and where the rows' results are collected. */
interface Lots {
  /** Of one number, and of the inputs of one row. */
  realBytes: number;
  rowBytes: number;
  activations: Activations;
  dispatches: Dispatch[];
  source: Source;
  total: { losses: GPUBuffer; correct: GPUBuffer };
}

function createLots(
  memory: GpuMemory,
  sizes: readonly number[],
  source: Source,
): Pick<Lots, 'activations' | 'source' | 'total'> {
  const sent = source.host ? windowRows(memory, sizes[0] * memory.format.bytes) : source.rows;
  const rows = Math.min(sent, lotRows(memory, sizes, source.rows));
  const whole = rows === source.rows;
  const lot =
    whole && !source.host
      ? source
      : {
          inputs: memory.reals('evaluation inputs', rows * sizes[0]),
          labels: memory.words('evaluation labels', rows),
        };
  const { inputs, labels } = lot;
  const activations = createActivations(memory, 'evaluation', sizes, rows, { inputs, labels }, false);
  const total = whole
    ? activations
    : {
        losses: memory.reals('all losses', source.rows),
        correct: memory.reals('all correct', source.rows),
      };
  return { activations, source, total };
}

async function lotPasses(
  memory: GpuMemory,
  operations: Operations,
  network: ParameterBuffers,
  activations: Activations,
): Promise<Dispatch[]> {
  const passes = await Promise.all([
    logitsPass(memory, operations, network, activations),
    lossPass(operations, network, activations),
  ]);
  return passes.flat();
}

function rowSizes({ format }: GpuMemory, sizes: readonly number[]): Pick<Lots, 'realBytes' | 'rowBytes'> {
  return { realBytes: format.bytes, rowBytes: sizes[0] * format.bytes };
}
