import type { Spread } from '../../measure/statistics.ts';
import { isOnCpu, type SweepPoint, type Way } from './results.ts';

/** What is shown of a comparison: which side is faster, or that neither is. */
export type Outcome = 'gpu' | 'cpu' | 'tie';

/** The time of a step, computed in one way. */
export interface TimedWay {
  way: Way;
  step: Spread;
}

/** Both sides on one network. */
export interface Comparison {
  outcome: Outcome;
  /**
   * The fastest way of each side, by its median; in a tie, of the slower side the fastest one whose
   * quartiles overlap with those of the fastest way of all.
   */
  gpu: TimedWay;
  cpu: TimedWay;
  /** How many times as fast the faster of both is: by the medians, and by the quartiles. */
  times: { median: number; least: number; most: number };
}

/** The fewest timings of a way that a verdict takes. */
export const FEWEST = 3;

/**
 * Compares the fastest plan with the fastest way on the CPU. A side is faster if the upper quartile of its
 * fastest way lies below the lower quartiles of all ways of the other side; else it is a tie.
 * @returns undefined if a side has no way with enough timings
 */
export function compare(ways: readonly TimedWay[]): Comparison | undefined {
  const timed = ways.filter(({ step }) => step.count >= FEWEST);
  const sides = {
    gpu: timed.filter(({ way }) => !isOnCpu(way)),
    cpu: timed.filter(({ way }) => isOnCpu(way)),
  };
  if (sides.gpu.length === 0 || sides.cpu.length === 0) return undefined;
  const ahead = fastest(sides.gpu).step.median <= fastest(sides.cpu).step.median ? 'gpu' : 'cpu';
  const first = fastest(sides[ahead]);
  const others = sides[ahead === 'gpu' ? 'cpu' : 'gpu'];
  const overlapping = others.filter(({ step }) => step.lower <= first.step.upper);
  const second = fastest(overlapping.length > 0 ? overlapping : others);
  const [{ step: fast }, { step: slow }] = [first, second];
  return {
    outcome: overlapping.length > 0 ? 'tie' : ahead,
    ...(ahead === 'gpu' ? { gpu: first, cpu: second } : { gpu: second, cpu: first }),
    times: {
      median: slow.median / fast.median,
      least: slow.lower / fast.upper,
      most: slow.upper / fast.lower,
    },
  };
}

const fastest = (ways: readonly TimedWay[]): TimedWay =>
  ways.reduce((a, b) => (b.step.median < a.step.median ? b : a));

/** Sizes that were measured one after the other and have the same outcome. */
export interface Stretch {
  outcome: Outcome;
  first: number;
  last: number;
}

/** What the times of all sizes show. */
export interface Verdict {
  /** All sizes that were measured on both sides, from the smallest on. */
  stretches: Stretch[];
  /**
   * The two sizes between which one side overtakes the other: all smaller sizes at which a side is faster
   * are the one's, all larger ones the other's. Absent where there is no such border.
   */
  border?: { below: number; above: number; overtakes: 'gpu' | 'cpu' };
  /** Where each side is ahead by the most, if it is ahead anywhere. */
  best: Partial<Record<'gpu' | 'cpu', { hidden: number; times: Comparison['times'] }>>;
}

/** @returns undefined if no size was measured on both sides */
export function verdictOf(points: readonly SweepPoint[]): Verdict | undefined {
  const compared = sizesIn(points).flatMap((hidden) => {
    const comparison = compare(points.filter((point) => point.hidden === hidden));
    return comparison ? [{ hidden, ...comparison }] : [];
  });
  if (compared.length === 0) return undefined;
  const stretches: Stretch[] = [];
  for (const { hidden, outcome } of compared) {
    const present = stretches[stretches.length - 1];
    if (present?.outcome === outcome) present.last = hidden;
    else stretches.push({ outcome, first: hidden, last: hidden });
  }
  const best: Verdict['best'] = {};
  for (const { hidden, outcome, times } of compared) {
    if (outcome !== 'tie' && times.median > (best[outcome]?.times.median ?? 0))
      best[outcome] = { hidden, times };
  }
  const border = borderOf(compared);
  return { stretches, ...(border && { border }), best };
}

function borderOf(compared: readonly { hidden: number; outcome: Outcome }[]): Verdict['border'] {
  const won = compared.filter(({ outcome }) => outcome !== 'tie');
  const [first, last] = [won[0], won[won.length - 1]];
  // From the first size of the other side on, all are the other side's.
  const change = won.findIndex(({ outcome }) => outcome !== first.outcome);
  if (change < 0 || won.slice(change).some(({ outcome }) => outcome !== last.outcome)) return undefined;
  const overtakes = last.outcome === 'gpu' ? 'gpu' : 'cpu';
  return { below: won[change - 1].hidden, above: won[change].hidden, overtakes };
}

/** The sizes that were measured, from the smallest on. */
export const sizesIn = (points: readonly SweepPoint[]): number[] =>
  [...new Set(points.map(({ hidden }) => hidden))].sort((a, b) => a - b);
