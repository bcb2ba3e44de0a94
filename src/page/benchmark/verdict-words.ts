import { agrees, type BenchmarkResults, isOnCpu } from '../run/benchmark/results.ts';
import { type Comparison, compare, FEWEST, type TimedWay, type Verdict } from '../run/benchmark/verdict.ts';
import type { Pace } from '../run/protocol.ts';
import { benchmarkTexts } from '../texts/benchmark/benchmark.ts';
import { adapterName } from '../ui/adapter-name.ts';
import { formatWhole, threeDigits } from '../ui/format.ts';
import { entrantName, spreadText } from './words.ts';

/** The ways with enough timings of a step, in single precision. */
export const timedIn = ({ entrants }: BenchmarkResults): TimedWay[] =>
  entrants.flatMap(({ way, precision, times: { step }, failure }) =>
    precision === 'single' && step && step.count >= FEWEST && !failure ? [{ way, step }] : [],
  );

/** Which side is faster, by how much, and whether all are right: a sentence each. */
export function headlineInWords(results: BenchmarkResults): string[] {
  const { headline: words } = benchmarkTexts.value;
  const timed = timedIn(results);
  const fastest = timed.toSorted((a, b) => a.step.median - b.step.median)[0];
  if (!fastest) return [words.waiting];
  const { adapter } = results;
  const software = adapter.software ? adapterName(adapter) : undefined;
  const comparison = compare(timed);
  const sentences = comparison ? comparisonInWords(comparison, software) : onlyInWords(fastest, software);
  return [...sentences, ...plainInWords(timed), ...lossesInWords(results), words.precision];
}

function comparisonInWords({ outcome, gpu, cpu, times }: Comparison, software: string | undefined): string[] {
  const { headline: words } = benchmarkTexts.value;
  const told = ({ way, step }: TimedWay) => ({ way, time: spreadText(step) });
  if (outcome === 'tie') return [words.tie(software), words.overlap(told(cpu), told(gpu))];
  const [first, second] = outcome === 'gpu' ? [gpu, cpu] : [cpu, gpu];
  return [
    words.faster(outcome, formatFactor(times.median), factorsInWords(times), software),
    words.steps(told(first), told(second)),
  ];
}

function onlyInWords({ way, step }: TimedWay, software: string | undefined): string[] {
  const { headline: words } = benchmarkTexts.value;
  return [words.only(isOnCpu(way) ? 'cpu' : 'gpu', software), words.step(spreadText(step), way)];
}

/** What WebAssembly gains over plain loops. */
function plainInWords(timed: readonly TimedWay[]): string[] {
  const plain = timed.find(({ way }) => way === 'plain');
  const others = timed.filter(({ way }) => isOnCpu(way) && way !== 'plain');
  const least = Math.min(...others.map(({ step }) => step.median));
  if (!plain || plain.step.median <= least || others.length === 0) return [];
  return [benchmarkTexts.value.headline.plain(formatFactor(plain.step.median / least))];
}

function lossesInWords(results: BenchmarkResults): string[] {
  const { losses: words } = benchmarkTexts.value.headline;
  const compared = results.entrants.filter(({ loss }) => loss !== undefined);
  if (!results.agreement) return [];
  const wrong = compared.filter((entrant) => !agrees(entrant, results));
  if (wrong.length === 0) return [words.agree(compared.length)];
  return [words.differ(wrong.map((entrant) => `“${entrantName(entrant)}”`).join(', '))];
}

/** What the times of all sizes show, a sentence each. */
export function verdictInWords({ stretches, border, best }: Verdict, pace: Pace): string[] {
  const { crossover: words } = benchmarkTexts.value;
  const claims = stretches.map(({ outcome, first, last }) =>
    words.outcome[outcome](
      first === last ? words.at(formatWhole(first)) : words.fromTo(formatWhole(first), formatWhole(last)),
    ),
  );
  const ahead = (['cpu', 'gpu'] as const).flatMap((side) => {
    const found = best[side];
    if (!found) return [];
    const { hidden, times } = found;
    return [words.best(side, formatWhole(hidden), formatFactor(times.median), factorsInWords(times))];
  });
  const changes = best.cpu && best.gpu;
  return [
    words.measured(claims),
    ...(border ? [words.border(formatWhole(border.below), formatWhole(border.above), border.overtakes)] : []),
    ...(border && pace === 'quick' ? [words.narrower] : []),
    ...(changes && !border ? [words.noBorder] : []),
    ...ahead,
  ];
}

/** How many times as fast: digits enough to see that it is more than once. */
const formatFactor = (times: number) => (times < 1.1 ? times.toFixed(3) : threeDigits(times));

const factorsInWords = ({ least, most }: Comparison['times']) =>
  benchmarkTexts.value.range(formatFactor(least), formatFactor(most));
