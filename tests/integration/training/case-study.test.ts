import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type CaseStudy,
  caseStudy,
  createTrainer,
  type Dataset,
  type Precision,
  type Trainer,
  type TrainerOptions,
} from '../../../src/index.ts';
import { testDevice } from '../../helpers/devices/gpu.ts';
import { expectClose } from '../../helpers/oracle/compare.ts';
import { showFigure } from '../../helpers/oracle/figures.ts';
import { ALL } from '../../helpers/tier.ts';
import { measurements } from '../../helpers/trainers/training.ts';
import numpy from '../../reference/numpy.json' with { type: 'json' };

let device: GPUDevice;
let trainer: Trainer | undefined;
beforeAll(async () => {
  device = await testDevice();
});
afterEach(() => trainer?.destroy());

/**
 * Trains as the notes do. @param every the number of steps between the losses of `fine`, by which
 * the steps of the published losses can be divided
 */
async function reproduce(study: CaseStudy, options: Partial<TrainerOptions>, every = study.every) {
  trainer = await createTrainer({ ...study.options, ...options });
  const start = performance.now();
  const fine = await measurements(trainer, { ...study, every });
  const time = (performance.now() - start) / study.steps;
  const table = fine.filter((row) => row.step % study.every === 0);
  const losses = table.map((row) => row.loss);
  const { step, accuracy } = await trainer.measure();
  expect(step).toBe(study.steps);
  expect(table.map((row) => row.step)).toEqual(table.map((_, i) => i * study.every));
  expect(table.length).toBe(Math.ceil(study.steps / study.every));
  const { published } = study;
  const same = losses.filter((loss, i) => loss.toFixed(6) === published.losses[i].toFixed(6)).length;
  const differences = losses.map((loss, i) => Math.abs(loss - published.losses[i]));
  showFigure(
    `${trainer.backend} ${trainer.precision}, ${study.steps} steps of ${time.toFixed(2)} ms: ` +
      `losses ${losses.map((loss) => loss.toFixed(6)).join(' ')}, ${same} of ${losses.length} print as published, ` +
      `all are within ${Math.max(...differences).toExponential(1)}; accuracy ${accuracy.toFixed(2)}`,
  );
  return { losses, same, accuracy, fine: fine.map((row) => row.loss) };
}

const { linear, network } = caseStudy;

/**
 * The same rows in another order, with a stride of `stride`: the same sums with other roundings.
 */
function reordered(data: Dataset, stride: number): Dataset {
  const { inputs, labels, count, features } = data;
  const order = Array.from({ length: count }, (_, i) => (i * stride) % count);
  const rows = order.flatMap((row) => Array.from(inputs.subarray(row * features, (row + 1) * features)));
  return { ...data, inputs: Float64Array.from(rows), labels: labels.map((_, i) => labels[order[i]]) };
}

describe('on the CPU in float64', () => {
  test('all 20 losses of the linear classifier print as published', async () => {
    const { losses, accuracy } = await reproduce(linear, { backend: 'cpu', precision: 'double' });
    expect(losses.map((loss) => loss.toFixed(6))).toEqual(
      linear.published.losses.map((loss) => loss.toFixed(6)),
    );
    expectClose(losses, numpy.linear.losses, 1e-12);
    expect(accuracy).toBe(numpy.linear.accuracy);
    expect(accuracy.toFixed(2)).toBe(linear.published.accuracy);
  });

  test('the ten losses of the network are the published losses to 5e-6', async () => {
    const { losses, accuracy } = await reproduce(network, { backend: 'cpu', precision: 'double' });
    expectClose(losses, network.published.losses, 5e-6);
    expect(accuracy.toFixed(2)).toBe(network.published.accuracy);
  });
});

describe('on the GPU in double-single precision', () => {
  test('all 20 losses of the linear classifier are the published losses, digit by digit', async () => {
    const { losses, same, accuracy } = await reproduce(linear, { device, precision: 'double' });
    expectClose(losses, linear.published.losses, 1e-6);
    expect(same).toBeGreaterThanOrEqual(18);
    // With more digits than the notes print: the losses in float64.
    expectClose(losses, numpy.linear.losses, 1e-11);
    expect(accuracy).toBe(numpy.linear.accuracy);
    expect(accuracy.toFixed(2)).toBe(linear.published.accuracy);
  });

  // By default up to the first losses after the saddle at the start; in the tier `all` the whole
  // run.
  const steps = ALL ? network.steps : 1001;
  test(`the network's losses are the published losses over ${steps} steps`, async () => {
    const { losses, accuracy } = await reproduce({ ...network, steps }, { device, precision: 'double' });
    expectClose(losses, network.published.losses.slice(0, losses.length), 5e-6);
    if (steps === network.steps) expect(accuracy.toFixed(2)).toBe(network.published.accuracy);
  }, 900_000);

  if (ALL) {
    test('training leaves the saddle alike with the rows in any order, unlike in single precision', async () => {
      for (const precision of ['single', 'double'] as const) {
        const losses: number[] = [];
        for (const stride of [1, 7, 11, 13, 17, 19]) {
          const data = reordered(network.options.data, stride);
          const study = { ...network, options: { ...network.options, data }, steps: 1001 };
          losses.push((await reproduce(study, { device, precision })).losses[1]);
          trainer?.destroy();
        }
        const spread = Math.max(...losses) - Math.min(...losses);
        showFigure(`at iteration 1000 in ${precision} precision, rows reordered: ${losses.join(' ')}`);
        // The saddle amplifies the 2⁻²⁴ of single precision about 10⁶ times, and 2⁻⁴⁸ to 4e-9.
        if (precision === 'double') expect(spread).toBeLessThan(1e-8);
        else expect(spread).toBeGreaterThan(1e-4);
      }
    }, 900_000);
  }

  // This test needs a fast machine, so it runs only on request.
  if (process.env.ACCURACY) {
    test('a step of the network takes less than 15 ms', async () => {
      const precisions = ['single', 'double'] as const;
      const create = (precision: Precision) => createTrainer({ ...network.options, device, precision });
      const timed = await Promise.all(
        precisions.map(async (precision) => ({ trainer: await create(precision), times: [] as number[] })),
      );
      // The rounds alternate, so that both meet the same load.
      for (let round = 0; round < 15; round++) {
        for (const { trainer, times } of timed) {
          const start = performance.now();
          await trainer.train(100);
          times.push((performance.now() - start) / 100);
        }
      }
      const [single, double] = timed.map(({ times }) => times.sort((a, b) => a - b)[7]);
      for (const { trainer } of timed) trainer.destroy();
      showFigure(`a step of the network: ${single.toFixed(2)} ms single, ${double.toFixed(2)} ms double`);
      // The fastest round counts, because other programs may delay a round.
      expect(timed[1].times[0]).toBeLessThan(15);
    }, 900_000);
  }
});

describe('on the GPU in single precision', () => {
  test('all 20 losses of the linear classifier are the published losses to 2e-6', async () => {
    const { losses, accuracy } = await reproduce(linear, { device });
    expectClose(losses, linear.published.losses, 2e-6);
    expect(accuracy.toFixed(2)).toBe(linear.published.accuracy);
  });

  // By default to the first losses after the saddle; e2e/network.spec.ts goes on to the last loss.
  const steps = ALL ? network.steps : 3001;
  // The saddle multiplies the roundings of the first steps, so that the loss at iteration 1000 is a
  // matter of luck: orders of the rows whose sums are equally accurate gave 0.289 to 0.399 on
  // SwiftShader and Mesa's llvmpipe, with the plans `layered` and `fused`, six orders each. So what
  // no rounding decides is compared: the losses before the saddle, with tight bounds; the median of
  // the losses around iteration 1000, which one jump does not move; and the losses after the saddle.
  // Their bounds are about twice the largest difference of the same runs.
  test(`the network learns like the published network over ${steps} steps`, async () => {
    const every = 10;
    const exact = await reproduce(
      { ...network, steps: 1201 },
      { backend: 'cpu', precision: 'double' },
      every,
    );
    trainer?.destroy();
    const { losses, fine, accuracy } = await reproduce({ ...network, steps }, { device }, every);
    const { published } = network;
    // Up to iteration 50 the runs differed by 1.3e-7, twice the unit of rounding.
    expectClose(fine.slice(0, 50 / every + 1), exact.fine.slice(0, 50 / every + 1), 1e-6);
    // Measured: 0.293 to 0.316, beside 0.299 in double precision.
    const around = (all: number[]) => median(all.slice(800 / every, 1200 / every + 1));
    expectClose([around(fine)], [around(exact.fine)], 0.03);
    // Measured: 0.0035 at iteration 3000, 0.0011 from 4000 on.
    const tolerance = (i: number) => (i < 2 ? 0.007 : 0.002);
    expectClose(losses.slice(2), published.losses.slice(2, losses.length), tolerance);
    if (steps === network.steps) expect(accuracy).toBeGreaterThanOrEqual(0.98);
  }, 900_000);
});

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
