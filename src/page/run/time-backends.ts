import { type Checkpoint, createTrainer, type Dataset, type Trainer } from '../../index.ts';
import type { PlanCache } from '../session/found-plans.ts';
import type { Settings } from '../settings/settings.ts';
import { trainerOptions } from '../settings/trainer-options.ts';
import type { Speed, Timing } from './protocol.ts';

/** Milliseconds of each round: far above the clock's resolution and the round trip at its end. */
const ROUND = 150;
const ROUNDS = 5;
/** Steps after which the losses are compared, at the most: early enough that rounding has not been amplified. */
const AGREEMENT_STEPS = 100;
/** The same as rounds of the slower one. */
const AGREEMENT_ROUNDS = 4;

/** A backend under the clock. */
interface Contestant {
  trainer: Trainer;
  initial: Checkpoint;
  /** Steps of a round. */
  steps: number;
  speeds: number[];
}

/**
 * Times both backends on one network in one precision. Each round starts from the same weights and ends when the last
 * step has really been computed; the backends take turns, so that what else the machine does falls on both.
 * @throws the signal's reason after an abort
 */
export async function timeBackends(
  settings: Settings,
  data: Dataset,
  { device, cache }: { device: GPUDevice; cache: PlanCache },
  signal: AbortSignal,
  onProgress: (progress: { progress: number; round: number; rounds: number }) => void,
): Promise<Timing> {
  const contestants: Contestant[] = [];
  const parts = 2 * (ROUNDS + 1);
  const options = trainerOptions(settings, data);
  let done = 0;
  const advance = (round: number) => onProgress({ progress: done++ / parts, round, rounds: ROUNDS });
  try {
    for (const backend of ['webgpu', 'cpu'] as const) {
      advance(0);
      const place = backend === 'webgpu' ? { device, tuning: { cache } } : {};
      // What is measured is this device, and no other.
      const trainer = await createTrainer({ ...options, backend, recovery: false, ...place });
      await trainer.tune();
      const contestant = { trainer, initial: await trainer.save(), steps: 1, speeds: [] };
      contestants.push(contestant);
      await warmUp(contestant, signal);
    }
    for (let round = 1; round <= ROUNDS; round++) {
      for (const contestant of contestants) {
        advance(round);
        const time = await timeRound(contestant, signal);
        contestant.speeds.push((contestant.steps * 1000) / time);
      }
    }
    const least = Math.min(...contestants.map(({ steps }) => steps));
    const steps = Math.min(AGREEMENT_STEPS, AGREEMENT_ROUNDS * least);
    const [gpuLoss, cpuLoss] = await losses(contestants, steps, signal);
    const [gpu, cpu] = contestants.map(({ speeds }) => summarize(speeds));
    const agreement = { steps, gpuLoss, cpuLoss };
    return { rounds: ROUNDS, precision: settings.precision, gpu, cpu, agreement };
  } finally {
    for (const { trainer } of contestants) trainer.destroy();
  }
}

/** Runs until the code is compiled and hot, and finds how many steps make a round. */
async function warmUp(contestant: Contestant, signal: AbortSignal): Promise<void> {
  for (;;) {
    const time = await timeRound(contestant, signal);
    if (time >= ROUND) return;
    const factor = Math.min(4, (1.2 * ROUND) / Math.max(time, 1));
    contestant.steps = Math.ceil(contestant.steps * Math.max(1.2, factor));
  }
}

/** Milliseconds that a round takes. */
async function timeRound({ trainer, initial, steps }: Contestant, signal: AbortSignal): Promise<number> {
  await trainer.restore(initial);
  const start = performance.now();
  await trainer.train(steps, { signal });
  return performance.now() - start;
}

async function losses(contestants: Contestant[], steps: number, signal: AbortSignal): Promise<number[]> {
  const values: number[] = [];
  for (const { trainer, initial } of contestants) {
    await trainer.restore(initial);
    await trainer.train(steps, { signal });
    values.push((await trainer.measure()).loss);
  }
  return values;
}

function summarize(speeds: number[]): Speed {
  const sorted = speeds.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted[sorted.length - 1] };
}
