import { caseStudy } from '../../index.ts';
import { formatWhole, threeDigits } from '../format.ts';
import {
  type BenchmarkResults,
  type Crossover,
  type Entrant,
  type EntrantResult,
  operationsOfStep,
  type Stage,
} from './results.ts';

export const STAGE_NAMES: Record<Stage, string> = {
  compile: 'compile',
  upload: 'upload',
  firstStep: 'first step',
  step: 'a step',
  readback: 'read back',
};

/** An entrant as a row is headed. */
export function entrantName({ way, precision }: Entrant): string {
  if (way === 'cpu') return `CPU, ${precision === 'single' ? 'float32' : 'float64'}`;
  return `${way}, ${precision === 'single' ? 'float32' : 'double-single'}`;
}

/** A time in the unit that gives it few digits. */
export function formatTime(milliseconds: number): string {
  if (milliseconds < 1) return `${threeDigits(milliseconds * 1000)} µs`;
  if (milliseconds < 1000) return `${threeDigits(milliseconds)} ms`;
  return `${threeDigits(milliseconds / 1000)} s`;
}

/** Two times in the unit of the second. */
export function formatTimes(from: number, to: number): string {
  const [scale, unit] = to < 1 ? [1000, 'µs'] : to < 1000 ? [1, 'ms'] : [1e-3, 's'];
  return `${threeDigits(from * scale)} to ${threeDigits(to * scale)} ${unit}`;
}

/** What is left, so that it holds still. */
export function formatLeft(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds / 5) * 5} s` : `${Math.ceil(seconds / 60)} min`;
}

/** Operations a second of an entrant at the case study's step. */
export function operationRate({ options }: BenchmarkResults, { times }: EntrantResult): number | undefined {
  const { data, hidden = [] } = caseStudy[options.model].options;
  const operations = operationsOfStep(data.count, [data.features, ...hidden, data.classes]);
  return times.step && (operations * 1000) / times.step.median;
}

export const formatRate = (perSecond: number) => threeDigits(perSecond / 1e9);

export function crossoverInWords({ first, last, from, best }: Crossover): string {
  const units = (count: number) => `${formatWhole(count)} hidden units`;
  const advantage = `by ${threeDigits(best.ratio)} times at ${units(best.hidden)}`;
  if (from === undefined) {
    const range = `from ${formatWhole(first)} to ${units(last)}`;
    if (best.ratio <= 1) return `On this machine the GPU never wins in this range, ${range}.`;
    return `On this machine the CPU is ahead at ${units(last)}, the largest size measured; the GPU wins only in between, ${advantage}.`;
  }
  if (from === first)
    return `On this machine the GPU wins at every size measured, from ${units(first)} on, ${advantage}.`;
  return `On this machine the GPU wins from ${units(from)} on, ${advantage}.`;
}
