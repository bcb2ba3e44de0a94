import type { Spread } from '../measure/statistics.ts';
import {
  type BenchmarkResults,
  type Entrant,
  type EntrantResult,
  type MeasuredNetwork,
  operationsOfStep,
  type Work,
} from '../run/benchmark/results.ts';
import { benchmarkTexts } from '../texts/benchmark/benchmark.ts';
import type { BenchmarkTexts } from '../texts/benchmark/en.ts';
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
    case 'steps':
      return words.repetition(work.entrant.way, work.entrant.precision, work.repetition, work.of);
    case 'sizes':
      return words.sizes(formatWhole(work.hidden));
  }
}

/** The unit that gives a time few digits, and how many there are in a millisecond. */
function unitOf(milliseconds: number): [perMillisecond: number, unit: string] {
  // In three digits, 0.9996 ms is a whole one.
  const rounded = Number(milliseconds.toPrecision(3));
  return rounded < 1 ? [1000, 'µs'] : rounded < 1000 ? [1, 'ms'] : [1e-3, 's'];
}

/** A time in the unit that gives it few digits. */
export function formatTime(milliseconds: number): string {
  const [scale, unit] = unitOf(milliseconds);
  return `${threeDigits(milliseconds * scale)} ${unit}`;
}

/**
 * A median in words, and its quartiles in the same unit.
 * @param grain milliseconds between two readings of the clock, where each repetition was timed by itself
 */
export function spreadInWords(
  { median, lower, upper, count }: Spread,
  grain = 0,
): { time: string; range?: string } {
  const words = benchmarkTexts.value;
  if (median < grain) return { time: words.under(formatTime(grain)) };
  const time = formatTime(median);
  if (count === 1) return { time };
  const [scale, unit] = unitOf(median);
  return { time, range: `${words.range(threeDigits(lower * scale), threeDigits(upper * scale))} ${unit}` };
}

/** A median and its quartiles in one text. */
export function spreadText(spread: Spread, grain?: number): string {
  const { time, range } = spreadInWords(spread, grain);
  return range ? `${time} (${range})` : time;
}

/** A duration, rounded so that the text changes rarely. */
export function formatDuration(seconds: number): string {
  const words = benchmarkTexts.value;
  return seconds < 90 ? words.seconds(Math.ceil(seconds / 5) * 5) : words.minutes(Math.round(seconds / 60));
}

/** Why an entrant has no times, or no more; the words of the library are English. */
export function failureInWords(
  { way, failure }: EntrantResult,
  { whyNot: words }: Pick<BenchmarkTexts, 'whyNot'> = benchmarkTexts.value,
): { text: string; english?: true } | undefined {
  if (!failure) return undefined;
  switch (failure.kind) {
    case 'plan':
      return { text: failure.detail, english: true };
    case 'same':
      return { text: words.same[way === 'plain' ? 'plain' : 'threads'] };
    case 'threads':
      return { text: words.threads(failure.detail) };
    case 'slow':
      return { text: words.slow(failure.seconds) };
    case 'diverged':
      return { text: words.diverged(formatWhole(failure.step)) };
    default:
      return { text: words[failure.kind] };
  }
}

/** The threads of the CPU, or why there is one only. */
export function threadsInWords({
  threads,
  isolated,
}: Pick<BenchmarkResults, 'threads' | 'isolated'>): string {
  const { machine: words } = benchmarkTexts.value;
  if (threads < 2) return words.oneCore;
  return isolated ? words.threads(threads) : words.notIsolated(threads);
}

/** The layers and the rows of the network. */
export function networkInWords({ sizes, rows, batch, of }: MeasuredNetwork): string {
  const { machine: words } = benchmarkTexts.value;
  const fewer = batch < rows ? formatWhole(batch) : undefined;
  const network = words.networkIs(sizes.map(formatWhole).join(' → '), formatWhole(rows), fewer);
  return of === undefined ? network : network + words.of(formatWhole(of));
}

/** Operations a second of an entrant at the network's step. */
export function operationRate({ network }: BenchmarkResults, { times }: EntrantResult): number | undefined {
  return times.step && (operationsOfStep(network.batch, network.sizes) * 1000) / times.step.median;
}

export const formatRate = (perSecond: number) => threeDigits(perSecond / 1e9);
