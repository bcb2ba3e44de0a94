import type { LayerParameters, Measurement, Trainer } from '../src/index.ts';
import { expectClose } from './compare.ts';

/** All measurements of a run. */
export async function measurements(
  trainer: Trainer,
  options: { steps: number; every: number },
): Promise<Measurement[]> {
  const all: Measurement[] = [];
  for await (const measurement of trainer.run(options)) all.push(measurement);
  return all;
}

/** The error that a promise is rejected with. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection, but the promise was fulfilled');
}

export function expectParameters(
  actual: LayerParameters[],
  expected: LayerParameters[],
  tolerance: number,
): void {
  expected.forEach((layer, i) => {
    expectClose(actual[i].weights, layer.weights, tolerance, `weights ${i}`);
    expectClose(actual[i].biases, layer.biases, tolerance, `biases ${i}`);
  });
}
