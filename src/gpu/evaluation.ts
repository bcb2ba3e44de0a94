import type { Dataset } from '../data/dataset.ts';
import { type Dispatch, encode } from './dispatch.ts';
import { type Activations, createActivations, lossPass } from './layered.ts';
import { logitsPass } from './logits.ts';
import type { GpuMemory } from './memory.ts';
import type { Operations } from './operations.ts';
import type { ParameterBuffers } from './parameters.ts';

/** Rows evaluated at a time, so that a large data set needs no large memory and no long dispatch. */
export const EVALUATION_ROWS = 4096;

/** Labelled rows on the GPU. */
export interface Source {
  rows: number;
  inputs: GPUBuffer;
  labels: GPUBuffer;
}

export function uploadSource(memory: GpuMemory, { count, inputs, labels }: Dataset): Source {
  return {
    rows: count,
    inputs: memory.upload('inputs', inputs),
    labels: memory.upload('labels', labels),
  };
}

/**
 * Checks what every plan needs to evaluate, without allocating it.
 * @throws {LimitError} if a layer's outputs are more than the device can bind
 */
export function checkEvaluation(memory: GpuMemory, sizes: readonly number[], rows: number): void {
  for (const width of sizes.slice(1)) memory.checkReals('outputs', Math.min(rows, EVALUATION_ROWS) * width);
}

/** Loss, accuracy and ΣW² at the present parameters, computed and left on the GPU. */
export class Evaluation {
  /** Real numbers: mean cross-entropy, count of correct rows, ΣW² of each layer. */
  readonly results: GPUBuffer;
  /** 32-bit words of all results. */
  readonly words: number;
  readonly #lots: Lots;
  readonly #sums: Dispatch[];

  private constructor(results: GPUBuffer, words: number, lots: Lots, sums: Dispatch[]) {
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
    const count = 2 + parameters.length;
    const results = memory.reals('results', count);
    const words = count * memory.format.words;
    const { passes, ...lots } = pass
      ? { ...rowSizes(memory, sizes), ...pass, passes: pass.dispatches, source, total: pass.activations }
      : createLots(memory, operations, network, source);
    const { losses, correct } = lots.total;
    const [dispatches, ...sums] = await Promise.all([
      passes,
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
    return new Evaluation(results, words, { ...lots, dispatches }, sums.flat());
  }

  /** Records the evaluation, which leaves {@link results} as they are at this point of the queue. */
  encode(encoder: GPUCommandEncoder): void {
    const { realBytes, rowBytes, activations, dispatches, source, total } = this.#lots;
    for (let start = 0; start < source.rows; start += activations.rows) {
      const count = Math.min(activations.rows, source.rows - start);
      if (activations.inputs !== source.inputs) {
        const bytes = count * rowBytes;
        encoder.copyBufferToBuffer(source.inputs, start * rowBytes, activations.inputs, 0, bytes);
        encoder.copyBufferToBuffer(source.labels, start * 4, activations.labels, 0, count * 4);
      }
      const pass = encoder.beginComputePass({ label: 'evaluate' });
      encode(pass, dispatches);
      pass.end();
      if (activations.losses !== total.losses) {
        encoder.copyBufferToBuffer(activations.losses, 0, total.losses, start * realBytes, count * realBytes);
        encoder.copyBufferToBuffer(
          activations.correct,
          0,
          total.correct,
          start * realBytes,
          count * realBytes,
        );
      }
    }
    const pass = encoder.beginComputePass({ label: 'evaluate sums' });
    encode(pass, this.#sums);
    pass.end();
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

/** The buffers at once, and the dispatches when they have been compiled. */
function createLots(
  memory: GpuMemory,
  operations: Operations,
  network: ParameterBuffers,
  source: Source,
): Omit<Lots, 'dispatches'> & { passes: Promise<Dispatch[]> } {
  const whole = source.rows <= EVALUATION_ROWS;
  const rows = whole ? source.rows : EVALUATION_ROWS;
  const { sizes } = network;
  const lot = whole
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
  const passes = Promise.all([
    logitsPass(memory, operations, network, activations),
    lossPass(operations, network, activations),
  ]);
  return { ...rowSizes(memory, sizes), activations, passes: passes.then((all) => all.flat()), source, total };
}

function rowSizes({ format }: GpuMemory, sizes: readonly number[]): Pick<Lots, 'realBytes' | 'rowBytes'> {
  return { realBytes: format.bytes, rowBytes: sizes[0] * format.bytes };
}
