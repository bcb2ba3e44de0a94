import { createHash } from 'node:crypto';
import type {
  Checkpoint,
  Dataset,
  LayerParameters,
  LossMeasurement,
  Measurement,
  RegressionMeasurement,
} from '../../src/index.ts';

/** Digests of one case, by the name of the tensor or figure. */
export type Digests = Record<string, string>;

/** The first 64 bits of the SHA-256 of the bytes of some arrays, in order. */
export function digestOf(arrays: readonly ArrayBufferView[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of arrays) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex').slice(0, 16);
}

/** A measurement of a classifier or of a regression. */
type AnyMeasurement = LossMeasurement & Partial<Measurement & RegressionMeasurement>;

export function digestOfMeasurements(measurements: readonly AnyMeasurement[]): string {
  return digestOf(
    measurements.map(({ step, loss, dataLoss, l2Loss, accuracy, r2 = Number.NaN }) =>
      Float64Array.of(step, loss, dataLoss, l2Loss, accuracy ?? r2),
    ),
  );
}

export function digestOfLayers(layers: readonly LayerParameters[]): string {
  return digestOf(layers.flatMap(({ weights, biases }) => [weights, biases]));
}

export function digestOfDataset({ inputs, labels }: Dataset): string {
  return digestOf([inputs, labels]);
}

/**
 * The step of a checkpoint as text, with the digests of its parameters and of the optimizer's
 * moments.
 */
export function digestsOfCheckpoint({ step, parameters, optimizer }: Checkpoint): Digests {
  const moments = optimizer.moments.map((layers, i) => [`moment ${i}`, digestOfLayers(layers)]);
  return { step: `${step}`, parameters: digestOfLayers(parameters), ...Object.fromEntries(moments) };
}
