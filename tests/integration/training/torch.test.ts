import { describe, expect, test } from 'vitest';
import { createTrainer, type LossMeasurement, type TrainerOptions } from '../../../src/index.ts';
import { expectClose } from '../../helpers/oracle/compare.ts';
import { measurements } from '../../helpers/trainers/training.ts';
import torch from '../../reference/torch.json' with { type: 'json' };

interface Case {
  name: string;
  data: keyof typeof torch.data;
  start: keyof typeof torch.parameters;
  options: Pick<TrainerOptions, 'learningRate'> & Partial<TrainerOptions>;
  /** Before each step, over all rows. */
  losses: number[];
  /** The number of rows in their class, before each step; of a classifier. */
  correct?: number[];
  /** Of a regression, before each step. */
  r2?: number[];
  /** After the last step. */
  parameters: { weights: number[]; biases: number[] }[];
}

const CASES = torch.cases as unknown as Case[];

/** The data of a case as a trainer of its kind takes it. */
function dataOf(name: Case['data']): TrainerOptions['data'] {
  const { inputs, ...rest } = torch.data[name];
  const answers =
    'labels' in rest
      ? { labels: Uint32Array.from(rest.labels) }
      : { targets: Float64Array.from(rest.targets) };
  return { ...rest, inputs: Float64Array.from(inputs), ...answers } as unknown as TrainerOptions['data'];
}

describe.each([
  ['double', 1e-9],
  // Roundings to 24 bits, which twenty steps amplify less than six times.
  ['single', 2e-5],
] as const)('on the CPU in %s precision', (precision, tolerance) => {
  const close = (actual: ArrayLike<number>, expected: number[], what: string) =>
    expectClose(actual, expected, tolerance * Math.max(...expected.map(Math.abs)), what);

  test.each(CASES)('twenty steps are those of PyTorch: $name', async (expected) => {
    const { start, options, losses, correct, r2, parameters } = expected;
    const data = dataOf(expected.data);
    const trainer = await createTrainer({
      ...options,
      data,
      parameters: torch.parameters[start] as unknown as TrainerOptions['parameters'],
      backend: 'cpu',
      precision,
    });
    const run: (LossMeasurement & { accuracy?: number; r2?: number })[] = await measurements(trainer, {
      steps: losses.length,
      every: 1,
    });
    const reported = run.map(({ loss }) => loss);
    close(reported, losses, 'losses');
    const share = (row: number) => correct && correct[row] / data.count;
    expect(run.map(({ accuracy }) => accuracy)).toEqual(run.map((_, row) => share(row)));
    if (r2)
      close(
        run.map((row) => row.r2 ?? Number.NaN),
        r2,
        'r2',
      );
    const after = await trainer.parameters();
    expect(after.length).toBe(parameters.length);
    for (const [layer, { weights, biases }] of parameters.entries()) {
      close(after[layer].weights, weights, `weights ${layer}`);
      close(after[layer].biases, biases, `biases ${layer}`);
    }
  });
});
