import type { AnyDataset } from '../../../index.ts';
import { AGREEMENT_STEPS, Contestant, takeTurns, trainerSession } from '../../measure/contestant.ts';
import { spread } from '../../measure/statistics.ts';
import type { Settings } from '../../settings/settings.ts';
import { trainerOptions } from '../../settings/trainer-options.ts';
import type { PlanCache } from '../found-plans.ts';
import type { Timing } from '../protocol.ts';

/** Milliseconds of each round: far above the clock's resolution and the round trip at its end. */
const ROUND = 150;
const ROUNDS = 5;
/** The most rounds of the slower backend before the losses are compared. */
const AGREEMENT_ROUNDS = 4;

/**
 * Times both backends on one network in one precision. Each round starts from the same weights and
 * ends when the last step has run. The backends take turns, so that other work on the machine slows
 * both.
 * @throws the signal's reason after an abort
 */
export async function timeBackends(
  settings: Settings,
  data: AnyDataset,
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
      const contestant = new Contestant(await trainerSession({ ...options, backend, ...place }, signal));
      contestants.push(contestant);
      await contestant.warmUp(ROUND);
    }
    await takeTurns(contestants, ROUNDS, async (contestant, round) => {
      advance(round);
      await contestant.time();
    });
    const least = Math.min(...contestants.map(({ steps }) => steps));
    const steps = Math.min(AGREEMENT_STEPS, AGREEMENT_ROUNDS * least);
    const [gpuLoss, cpuLoss] = [await contestants[0].lossAfter(steps), await contestants[1].lossAfter(steps)];
    const [gpu, cpu] = contestants.map(({ timings }) => spread(timings.map((each) => 1000 / each)));
    const agreement = { steps, gpuLoss, cpuLoss };
    return { rounds: ROUNDS, precision: settings.precision, gpu, cpu, agreement };
  } finally {
    for (const { session } of contestants) session.destroy();
  }
}
