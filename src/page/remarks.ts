import type { Precision } from '../index.ts';
import type { AdapterReport, Choice } from './protocol.ts';

type Backend = AdapterReport['backend'];

/** How numbers are computed and kept, for a clause of a sentence. */
export function arithmetic(precision: Precision, backend: Backend): string {
  if (precision === 'single') return 'float32';
  return backend === 'cpu' ? 'float64' : 'double-single arithmetic';
}

/** The same with what it keeps. */
export function arithmeticInFull(precision: Precision, backend: Backend): string {
  if (precision === 'single') return 'single: float32, about 7 digits';
  if (backend === 'cpu') return 'double: float64, about 16 digits';
  return 'double: double-single arithmetic, each number the sum of two float32, about 14 digits';
}

/** Why the losses of a run agree with the published ones as far as they do. */
export function remark({ model, precision }: Choice, backend: Backend): string {
  if (precision === 'single') return SINGLE[model];
  const numbers =
    backend === 'cpu'
      ? 'Each number is a float64, as in the notes’ program, and keeps about 16 digits.'
      : 'Each number is the sum of two float32, which keep about 14 digits; WebGPU has no float64.';
  return `${numbers} ${DOUBLE[model]}`;
}

const SINGLE: Record<Choice['model'], string> = {
  linear:
    'The notes computed in double precision, this run in single precision: each number is a float32, which keeps about 7 digits. Rounding differences stay small on this model’s way down, so the losses agree to about the last printed digit.',
  network:
    'The notes computed in double precision, this run in single precision: each number is a float32, which keeps about 7 digits. Training starts near a saddle, and leaving it multiplies rounding differences: the loss at iteration 1000 lands between 0.29 and 0.37, depending on the order in which a device adds. Later losses come closer again as training settles.',
};

const DOUBLE: Record<Choice['model'], string> = {
  linear: 'Rounding then stays far below the digits that are printed.',
  network:
    'Leaving the saddle near the start still multiplies rounding differences, but from so little that they stay below what is printed, except in the last digit: that one depends on the order in which sums are added, and is within 5e-6 of the published one.',
};
