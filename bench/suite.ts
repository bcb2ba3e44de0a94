import type { Contestant } from './contestant.ts';
import { FULL, QUICK, runWorkload, type WorkloadResult } from './measure.ts';
import { type Environment, type Report, reportMarkdown, reportText } from './report.ts';
import { WORKLOADS } from './workloads.ts';

/** What to run; everything when nothing is said. */
export interface SuiteOptions {
  /** Names of workloads, or of sweeps. */
  only?: string[];
  /** A regular expression that names of contestants match. */
  contestants?: string;
  /** Fewer and shorter timings, and no sweeps unless they are named. */
  quick?: boolean;
}

/** A run, as it is handed over to be printed and written. */
export interface Outcome {
  report: Report;
  text: string;
  markdown: string;
}

declare global {
  /** What the page offers to the process that opened it. */
  var bench: (options: SuiteOptions, host: Omit<Environment, 'adapter'>) => Promise<Outcome>;
}

/**
 * Runs the benchmark.
 * @param say is told how it goes on
 * @throws {Error} if the options leave nothing to run
 */
export async function runSuite(
  all: readonly Contestant[],
  options: SuiteOptions,
  environment: Environment,
  say: (line: string) => void,
): Promise<Outcome> {
  const settings = options.quick ? QUICK : FULL;
  const chosen = WORKLOADS.filter(({ name, sweep }) =>
    options.only ? options.only.some((only) => only === name || only === sweep) : !(options.quick && sweep),
  );
  const pattern = new RegExp(options.contestants ?? '');
  const named = all.filter(({ name }) => pattern.test(name));
  if (chosen.length === 0 || named.length === 0) {
    const names = new Set(WORKLOADS.flatMap(({ name, sweep }) => sweep ?? name));
    throw new Error(
      `Nothing to run. Workloads: ${Array.from(names).join(', ')}. Contestants: ${all.map(({ name }) => name).join(', ')}.`,
    );
  }

  const starts: Report['starts'] = {};
  const failures: Record<string, string> = {};
  for (const { name, start } of named) {
    const begin = performance.now();
    try {
      await start?.();
      if (start) starts[name] = performance.now() - begin;
    } catch (error) {
      failures[name] = error instanceof Error ? error.message : String(error);
      say(`${name}: ${failures[name]}`);
    }
  }
  const ready = named.filter(({ name }) => failures[name] === undefined);
  const workloads: WorkloadResult[] = [];
  for (const { sweep, make } of chosen) {
    const contestants = ready.filter(({ mainOnly }) => !(sweep && mainOnly));
    const result = await runWorkload(make(), contestants, settings, say);
    for (const [contestant, failure] of Object.entries(failures)) {
      result.results.push({ contestant, plan: false, failure });
    }
    workloads.push(result);
  }
  const report = { environment, settings, starts, workloads, tables: [] };
  return { report, text: reportText(report), markdown: reportMarkdown(report) };
}
