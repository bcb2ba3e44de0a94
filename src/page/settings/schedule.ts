import { cosineDecay, exponentialDecay, type Schedule, stepDecay, warmup } from '../../index.ts';
import type { Settings } from './settings.ts';

/** The settings that make the learning rate. */
export const SCHEDULED = [
  'learningRate',
  'schedule',
  'warmup',
  'decayEvery',
  'decayFactor',
  'cosineSteps',
  'cosineEnd',
] as const satisfies (keyof Settings)[];

export type Scheduled = Pick<Settings, (typeof SCHEDULED)[number]>;

/** The learning rate of a trainer: a number, or a schedule. */
export function learningRateOf(settings: Scheduled): number | Schedule {
  const rate = afterWarmup(settings);
  return settings.warmup > 0 ? warmup(settings.warmup, rate) : rate;
}

function afterWarmup(settings: Scheduled): number | Schedule {
  const { learningRate, decayEvery: every, decayFactor: factor } = settings;
  switch (settings.schedule) {
    case 'constant':
      return learningRate;
    case 'step':
      return stepDecay(learningRate, { every, factor });
    case 'exponential':
      return exponentialDecay(learningRate, { every, factor });
    case 'cosine':
      return cosineDecay(learningRate, { steps: settings.cosineSteps, end: settings.cosineEnd });
  }
}

/** The learning rate of the update after `step` updates. */
export function rateAt(settings: Scheduled, step: number): number {
  const rate = learningRateOf(settings);
  return typeof rate === 'number' ? rate : rate(step);
}
