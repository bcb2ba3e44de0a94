import { allocatingArrays } from '../limits.ts';
import { permutation } from './permutation.ts';
import { RandomState } from './random-state.ts';

/**
 * The rows of each mini-batch: a new permutation every epoch, divided into batches. The last batch
 * of an epoch is shorter if the batch size does not divide the row count. The rows depend on seed
 * and step alone, so that a restored trainer has the same batches.
 */
export class BatchOrder {
  readonly stepsPerEpoch: number;
  readonly #count: number;
  readonly #batchSize: number;
  readonly #seed: number;
  #epoch = -1;
  #permutation: Uint32Array = new Uint32Array(0);

  constructor(count: number, batchSize: number, seed: number) {
    this.#count = count;
    this.#batchSize = batchSize;
    this.#seed = seed;
    this.stepsPerEpoch = Math.ceil(count / batchSize);
  }

  /**
   * Row indices of the batch of update number `step`, from 0. The array is valid until the next
   * call.
   * @throws {OutOfMemoryError} if there is no memory left for an epoch's permutation
   */
  rows(step: number): Uint32Array {
    const epoch = Math.floor(step / this.stepsPerEpoch);
    if (epoch !== this.#epoch) {
      this.#permutation = allocatingArrays('the order of rows', () =>
        permutation(this.#count, new RandomState(mix(this.#seed, epoch))),
      );
      this.#epoch = epoch;
    }
    const start = (step % this.stepsPerEpoch) * this.#batchSize;
    return this.#permutation.subarray(start, start + this.#batchSize);
  }
}

/**
 * A seed for each epoch, unrelated to the seeds of its neighbours: the finaliser of MurmurHash3
 * (Appleby).
 */
function mix(seed: number, epoch: number): number {
  let hash = (seed ^ Math.imul(epoch + 1, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
