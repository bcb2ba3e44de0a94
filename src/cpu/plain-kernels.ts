import type { FloatArrayConstructor } from '../checks/numbers.ts';
import type { Answers } from '../data/answers.ts';
import { ACTIVATIONS, addBiases } from './activations.ts';
import type { CpuKernels } from './kernels.ts';
import { lossGradient } from './losses.ts';
import { matrix, pausableMatmul, transpose } from './matmul.ts';
import { columnSums } from './reductions.ts';
import { softmax } from './softmax.ts';
import { inParts } from './time-slices.ts';
import { update } from './update.ts';

/**
 * The operations in plain loops over typed arrays: the oracle of every test in float64, and what
 * computes where WebAssembly may not. In single precision every tensor is stored in 32 bits, and sums
 * within an operation have 64 bits.
 */
export class PlainKernels implements CpuKernels {
  readonly name = 'plain loops';
  readonly Float: FloatArrayConstructor;

  constructor(Float: FloatArrayConstructor) {
    this.Float = Float;
  }

  floats(length: number) {
    return new this.Float(length);
  }

  placed<T extends Answers>(values: T): T {
    return values;
  }

  beside(): CpuKernels {
    return this;
  }

  temporarily<T>(work: (kernels: CpuKernels) => Promise<T>): Promise<T> {
    return work(this);
  }

  end(): void {}

  *outputs(...[x, { weights, biases }, y, rows, activation]: Parameters<CpuKernels['outputs']>) {
    const fanOut = biases.length;
    const fanIn = weights.length / fanOut;
    yield* pausableMatmul(matrix(x, fanIn), matrix(weights, fanOut), matrix(y, fanOut), rows, fanIn, fanOut);
    yield;
    yield* inParts(rows, fanOut, (start, end) => {
      const own = y.subarray(start * fanOut, end * fanOut);
      addBiases(own, biases, end - start);
      ACTIVATIONS[activation].apply(own, own.length);
    });
  }

  readonly lossGradient = lossGradient;

  *weightsGradient(...[x, dY, dW, rows, fanOut]: Parameters<CpuKernels['weightsGradient']>) {
    const fanIn = dW.length / fanOut;
    yield* pausableMatmul(transpose(x, fanIn), matrix(dY, fanOut), matrix(dW, fanOut), fanIn, rows, fanOut);
  }

  readonly biasesGradient = columnSums;

  *inputGradient(...[dY, weights, dX, rows, fanIn, fanOut]: Parameters<CpuKernels['inputGradient']>) {
    const [left, right] = [matrix(dY, fanOut), transpose(weights, fanOut)];
    yield* pausableMatmul(left, right, matrix(dX, fanIn), rows, fanOut, fanIn);
  }

  *hiddenGradient(...args: Parameters<CpuKernels['hiddenGradient']>) {
    const [dY, weights, dX, y, rows, fanIn, fanOut, activation] = args;
    yield* this.inputGradient(dY, weights, dX, rows, fanIn, fanOut);
    yield;
    yield* this.activationGradient(dX, y, rows * fanIn, activation, 1);
  }

  *activationGradient(...[dY, y, count, activation, keep]: Parameters<CpuKernels['activationGradient']>) {
    yield* inParts(count, 1, (start, end) => {
      const own = y.subarray(start, end);
      // The gradient on outputs that are dropped is 0.
      ACTIVATIONS[activation].chain(
        dY.subarray(start),
        keep < 1 ? own.map((h) => h * keep) : own,
        end - start,
      );
    });
  }

  readonly update = update;
  readonly softmax = softmax;
}
