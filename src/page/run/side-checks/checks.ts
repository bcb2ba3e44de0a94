import { checkGradients, timeKernels } from '../../../index.ts';
import { spread } from '../../measure/statistics.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Checked } from '../protocol.ts';
import { checkSanity } from './sanity.ts';

/** Entries of each tensor that a gradient check compares: two losses of the whole data each. */
const SAMPLE = 40;

/** Runs one of the checks of the view Inside at the run's present parameters. */
export async function runCheck(
  experiment: Experiment,
  what: Checked['what'],
  signal: AbortSignal,
): Promise<Checked> {
  switch (what) {
    case 'gradients':
      return { what, result: await checkGradients(experiment.trainer, { sample: SAMPLE }) };
    case 'sanity': {
      const { insight } = await experiment.frame();
      const layers = insight?.layers ?? [];
      const dead = layers.flatMap(({ dead }) => dead ?? []);
      const ratios = layers.flatMap(({ update, weights }) => (weights > 0 ? update / weights : []));
      const present = {
        ratio: ratios.length > 0 ? Math.max(...ratios) : undefined,
        dead: dead.length > 0 ? Math.max(...dead) : undefined,
      };
      const { settings, trainingData } = experiment;
      return { what, result: await checkSanity(settings, trainingData, present) };
    }
    case 'kernels': {
      const { device, cache } = experiment.resources;
      if (!device) return { what, result: {} };
      const { plan } = experiment.settings;
      const options = { ...experiment.trainerOptions, plan, device, tuning: { cache } };
      const times = await timeKernels(options, { repetitions: 5, signal });
      return {
        what,
        result: Object.fromEntries(
          times.map(({ label, milliseconds }) => [label, spread(milliseconds).median]),
        ),
      };
    }
  }
}
