import { caseStudy } from '../../index.ts';
import {
  type BenchmarkResults,
  type Crossover,
  type Entrant,
  type EntrantResult,
  operationsOfStep,
  type Work,
} from '../run/benchmark/results.ts';
import { benchmarkTexts } from '../texts/benchmark/benchmark.ts';
import { formatWhole, threeDigits } from '../ui/format.ts';

/** The heading of an entrant's row. */
export const entrantName = ({ way, precision }: Entrant) => benchmarkTexts.value.entrant(way, precision);

/** The present measurement in words. */
export function workInWords(work: Work): string {
  const { work: words } = benchmarkTexts.value;
  switch (work.kind) {
    case 'start':
    case 'peak':
      return words[work.kind];
    case 'prepare':
    case 'kernels':
      return words[work.kind](work.entrant.way, work.entrant.precision);
    case 'stages':
      return words.stages(work.entrant.way, work.entrant.precision, work.repetition, work.of);
    case 'sizes':
      return words.sizes(work.hidden);
  }
}

/** A time in the unit that gives it few digits. */
export function formatTime(milliseconds: number): string {
  if (milliseconds < 1) return `${threeDigits(milliseconds * 1000)} µs`;
  if (milliseconds < 1000) return `${threeDigits(milliseconds)} ms`;
  return `${threeDigits(milliseconds / 1000)} s`;
}

/** Two times in one unit, that of the second time. */
export function formatTimes(from: number, to: number): string {
  const [scale, unit] = to < 1 ? [1000, 'µs'] : to < 1000 ? [1, 'ms'] : [1e-3, 's'];
  return `${benchmarkTexts.value.range(threeDigits(from * scale), threeDigits(to * scale))} ${unit}`;
}

/** The remaining time, rounded so that the text changes rarely. */
export function formatLeft(seconds: number): string {
  const words = benchmarkTexts.value;
  return seconds < 90 ? words.seconds(Math.ceil(seconds / 5) * 5) : words.minutes(Math.ceil(seconds / 60));
}

/** Operations a second of an entrant at the case study's step. */
export function operationRate({ options }: BenchmarkResults, { times }: EntrantResult): number | undefined {
  const { data, hidden = [] } = caseStudy[options.model].options;
  const operations = operationsOfStep(data.count, [data.features, ...hidden, data.classes]);
  return times.step && (operations * 1000) / times.step.median;
}

export const formatRate = (perSecond: number) => threeDigits(perSecond / 1e9);

export function crossoverInWords({ first, last, from, best }: Crossover): string {
  const { crossover: words } = benchmarkTexts.value;
  const advantage = [threeDigits(best.ratio), formatWhole(best.hidden)] as const;
  if (from === undefined) {
    if (best.ratio <= 1) return words.never(formatWhole(first), formatWhole(last));
    return words.between(formatWhole(last), ...advantage);
  }
  if (from === first) return words.always(formatWhole(first), ...advantage);
  return words.from(formatWhole(from), ...advantage);
}
