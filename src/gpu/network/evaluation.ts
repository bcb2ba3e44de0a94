import { type Chunk, chunks } from '../../data/chunks.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import { sum } from '../kernels/operations.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { Commands } from '../submission/commands.ts';
import { type Activations, createActivations, logitsPass, lossPass } from './forward.ts';
import type { ParameterBuffers } from './parameters.ts';
import { chunkRows, type Source } from './rows.ts';

/** Real numbers that an evaluation of a network comes to. */
export function resultCount({ parameters }: ParameterBuffers): number {
  return 2 + parameters.length;
}

/** A forward pass with loss over a chunk of rows. */
interface LossPass {
  activations: Activations;
  dispatches: Dispatch[];
}

/** Loss, accuracy and ΣW² at the present parameters, computed and left on the GPU. */
export class Evaluation {
  /** Real numbers: mean cross-entropy, count of correct rows, ΣW² of each layer. */
  readonly results: GPUBuffer;
  /** 32-bit words of all results. */
  readonly words: number;
  /** All that are to be {@link compiled}. */
  readonly dispatches: readonly Dispatch[];
  readonly #memory: GpuMemory;
  readonly #source: Source;
  readonly #pass: LossPass;
  /** Of all rows: those of the pass, where it takes all of them at once. */
  readonly #rows: { losses: GPUBuffer; correct: GPUBuffer };
  readonly #sums: Dispatch[];
  readonly #features: number;

  /**
   * Makes buffers: within {@link allocating}.
   * @param source what to evaluate on
   * @param pass a forward pass with loss over the whole source that training runs anyway, where there is one
   */
  constructor(
    memory: GpuMemory,
    network: ParameterBuffers,
    source: Source,
    pass = createPass(memory, network, source),
  ) {
    const { sizes, parameters } = network;
    const { rows } = source;
    const count = resultCount(network);
    this.#memory = memory;
    this.#source = source;
    this.#pass = pass;
    this.#features = sizes[0];
    this.words = count * memory.format.words;
    this.results = memory.reals('results', count);
    this.#rows =
      pass.activations.rows === rows
        ? pass.activations
        : { losses: memory.reals('all losses', rows), correct: memory.reals('all correct', rows) };
    const { losses, correct } = this.#rows;
    this.#sums = [
      ...sum(memory, 'losses', rows, losses, this.results, { at: 0, scale: 1 / rows }),
      ...sum(memory, 'correct', rows, correct, this.results, { at: 1 }),
      ...parameters.flatMap(({ weights }, layer) => {
        const count = sizes[layer] * sizes[layer + 1];
        const squares = { at: 2 + layer, square: true };
        return sum(memory, `weights ${layer} squared`, count, weights, this.results, squares);
      }),
    ];
    this.dispatches = [...pass.dispatches, ...this.#sums];
  }

  /** Whether the rows are streamed: before {@link encode}, {@link stream} is to send them. */
  get streamed(): boolean {
    return this.#source.streamed !== undefined;
  }

  /**
   * Computes what {@link encode} adds up of rows that are streamed, chunk by chunk. Nothing else may change the
   * parameters meanwhile.
   * @param stopped whether the result is no longer needed
   * @throws {OutOfMemoryError} if there is no memory left to send rows
   */
  async stream(stopped: () => boolean = () => false): Promise<void> {
    const { rows, streamed } = this.#source;
    if (!streamed) return;
    const { device } = this.#memory;
    const { activations } = this.#pass;
    let before: Promise<unknown> = Promise.resolve();
    for (const chunk of chunks(rows, activations.rows)) {
      if (stopped()) break;
      const { features } = streamed;
      const { start } = chunk;
      const end = start + chunk.count;
      this.#memory.checkFreed();
      await allocating(device, 'the rows to measure', () => {
        this.#memory.write(activations.inputs, streamed.inputs.subarray(start * features, end * features));
        this.#memory.write(activations.labels, streamed.labels.subarray(start, end));
      });
      const commands = new Commands(this.#memory, 'evaluate');
      this.#encodeChunk(commands, chunk);
      await commands.submit();
      // Without this wait, all chunks would lie ready to be sent at the same time.
      await before;
      before = device.queue.onSubmittedWorkDone();
    }
    await before;
  }

  /** Records the evaluation, which leaves {@link results} as they are at this point of the queue. */
  encode(commands: Commands): void {
    const { activations } = this.#pass;
    const source = this.#source;
    if (!source.streamed) {
      const rowBytes = this.#features * this.#memory.format.bytes;
      for (const chunk of chunks(source.rows, activations.rows)) {
        const { start, count } = chunk;
        if (activations.inputs !== source.inputs) {
          commands.copy(source.inputs, start * rowBytes, activations.inputs, 0, count * rowBytes);
          commands.copy(source.labels, start * 4, activations.labels, 0, count * 4);
        }
        this.#encodeChunk(commands, chunk);
      }
    }
    commands.dispatch(this.#sums);
  }

  #encodeChunk(commands: Commands, { start, count }: Chunk): void {
    const { activations, dispatches } = this.#pass;
    const { losses, correct } = this.#rows;
    commands.dispatch(dispatches);
    if (activations.losses === losses) return;
    const { bytes } = this.#memory.format;
    commands.copy(activations.losses, 0, losses, start * bytes, count * bytes);
    commands.copy(activations.correct, 0, correct, start * bytes, count * bytes);
  }
}

function createPass(memory: GpuMemory, network: ParameterBuffers, source: Source): LossPass {
  const { sizes } = network;
  const rows = Math.min(source.rows, chunkRows(memory, Math.max(...sizes)));
  const chunk =
    rows === source.rows && !source.streamed
      ? source
      : {
          inputs: memory.reals('evaluation inputs', rows * sizes[0]),
          labels: memory.words('evaluation labels', rows),
        };
  const activations = createActivations(memory, 'evaluation', sizes, rows, chunk, false);
  const dispatches = [...logitsPass(memory, network, activations), ...lossPass(memory, network, activations)];
  return { activations, dispatches };
}
