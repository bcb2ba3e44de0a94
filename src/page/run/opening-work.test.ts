import { afterEach, expect, it, type MockInstance, vi } from 'vitest';
import { createTrainer, type Dataset, type Trainer } from '../../index.ts';
import { loadPointKit, planeData } from '../settings/plane-data.ts';
import { DEFAULTS, type Settings } from '../settings/settings.ts';
import { openingWork, PASSES, sizesOf, weightCount } from '../settings/work.ts';
import { Pictures } from './experiment/pictures.ts';
import { Runner } from './runner.ts';

await loadPointKit();

afterEach(() => void vi.restoreAllMocks());

/**
 * Watches all trainers.
 * @returns counts the rows of a trainer's forward passes, of which gradients take as many as a step
 */
async function watchRows(settings: Settings): Promise<(trainer: Trainer) => number> {
  const { train } = planeData(settings);
  if (!train) throw new Error('there is nothing to train on');
  const first = await createTrainer({ data: train as Dataset, hidden: [1], learningRate: 1, backend: 'cpu' });
  const all: Trainer = Object.getPrototypeOf(first);
  first.destroy();
  const measure = vi.spyOn(all, 'measure');
  const gradients = vi.spyOn(all, 'gradients');
  const predict = vi.spyOn(all, 'predict');
  const activations = vi.spyOn(all, 'activations');
  // Trainers of other tests may still be at work.
  const callsOf = <Call extends (...given: never[]) => unknown>(
    trainer: Trainer,
    { mock }: MockInstance<Call>,
  ) => mock.calls.filter((_, i) => mock.contexts[i] === trainer);
  return (trainer) => {
    const measured = callsOf(trainer, measure).map(([rows]) => rows?.count ?? train.count);
    const passed = [...callsOf(trainer, predict), ...callsOf(trainer, activations)].map(
      ([inputs]) => inputs.length / train.features,
    );
    const sum = [...measured, ...passed].reduce((sum, rows) => sum + rows, 0);
    return sum + PASSES * train.count * callsOf(trainer, gradients).length;
  };
}

it.each<[what: string, part: Partial<Settings>]>([
  ['an ordinary network', { hidden: [16] }],
  ['points for testing', { hidden: [16], testShare: 0.5, perClass: 2000 }],
  ['a network whose pictures are coarse', { hidden: [320, 320], perClass: 10 }],
])(
  'the work of opening is what opening does, and at most twice as much: %s',
  async (_, part) => {
    const settings: Settings = { ...DEFAULTS, backend: 'cpu', initialization: 'he', ...part };
    const rowsOf = await watchRows(settings);
    const { calls, results } = vi.spyOn(Pictures.prototype, 'time').mock;
    const runner = new Runner(() => {});
    runner.handle({ type: 'open', run: 1, settings, turns: [], step: 0 });
    // Opening ends with timing the pictures.
    const last = () => calls.findIndex(([, timed]) => timed === settings);
    await vi.waitUntil(() => last() >= 0, { timeout: 100_000 });
    await results[last()].value;
    const weights = weightCount(sizesOf(settings, planeData(settings)));
    const made = weights * rowsOf(calls[last()][0] as Trainer);
    const work = openingWork(settings, planeData(settings));
    expect(work).toBeGreaterThanOrEqual(made);
    expect(work).toBeLessThanOrEqual(2 * made);
  },
  120_000,
);
