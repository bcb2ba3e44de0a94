import { describeAdapter } from './adapter.ts';
import type { Entrant } from './contestants/entrant.ts';
import { measureCpuProducts } from './kernels/cpu-products.ts';
import { measureKernels } from './kernels/kernels.ts';
import { measureProducts, parseProducts } from './kernels/products.ts';
import { type Environment, type Report, reportMarkdown, reportText } from './report/report.ts';
import { measureActivations } from './workloads/activations.ts';
import { measureLargeData } from './workloads/large-data.ts';
import { FULL, QUICK, type Result, runWorkload } from './workloads/measure.ts';
import { WORKLOADS } from './workloads/workloads.ts';

/** The parts to run; all by default. */
export interface SuiteOptions {
  /**
   * Names of workloads or of sweeps, `kernels`, or what runs only if it is named: `activations`,
   * `cpu-products` and `large-data`.
   */
  only?: string[];
  /** A regular expression that names of contestants match. */
  contestants?: string;
  /**
   * Networks such as `300x2-100-3`: all kernels of their products are timed, and nothing else
   * unless `only` names it.
   */
  products?: string[];
  /** Fewer and shorter timings, and neither sweeps nor single kernels unless they are named. */
  quick?: boolean;
}

/** A run, ready to be printed and written. */
export interface Outcome {
  report: Report;
  text: string;
  markdown: string;
}

declare global {
  /** The page's entry point for the process that opened it. */
  var bench: (options: SuiteOptions, host: Omit<Environment, 'adapter'>) => Promise<Outcome>;
}

const KERNELS = 'kernels';
const ACTIVATIONS = 'activations';
const CPU_PRODUCTS = 'cpu-products';
const LARGE_DATA = 'large-data';

/**
 * The parts that the options select.
 * @throws {Error} that lists the choices, if the options leave nothing to run
 */
export function select(all: readonly Entrant[], { only, contestants, products, quick }: SuiteOptions) {
  const names = new Set([
    ...WORKLOADS.flatMap(({ name, sweep }) => [sweep ?? [], name].flat()),
    KERNELS,
    ACTIVATIONS,
    CPU_PRODUCTS,
    LARGE_DATA,
  ]);
  const pattern = new RegExp(contestants ?? '');
  const selection = {
    workloads: WORKLOADS.filter(({ name, sweep }) =>
      only ? only.includes(name) || only.includes(sweep ?? name) : !(products || (quick && sweep)),
    ),
    contestants: all.filter(({ name }) => pattern.test(name)),
    kernels: only ? only.includes(KERNELS) : !(products || quick),
    activations: only?.includes(ACTIVATIONS) ?? false,
    cpuProducts: only?.includes(CPU_PRODUCTS) ?? false,
    largeData: only?.includes(LARGE_DATA) ?? false,
    products: products?.map(parseProducts) ?? [],
  };
  const unknown = only?.find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw new Error(`There is no workload ${unknown}, but there are ${Array.from(names).join(', ')}.`);
  }
  if (selection.workloads.length > 0 && selection.contestants.length === 0) {
    const present = all.map(({ name }) => name).join(', ');
    throw new Error(`No contestant matches ${pattern}. There are ${present}.`);
  }
  return selection;
}

/**
 * Runs the benchmark.
 * @param all contestants to choose from; those on WebGPU use the global `navigator`
 * @param say gets lines about the progress
 * @throws {Error} if the options leave nothing to run
 */
export async function runSuite(
  all: readonly Entrant[],
  options: SuiteOptions,
  host: Omit<Environment, 'adapter'>,
  say: (line: string) => void,
): Promise<Outcome> {
  const settings = options.quick ? QUICK : FULL;
  const { workloads, contestants, kernels, activations, cpuProducts, largeData, products } = select(
    all,
    options,
  );
  const gpu = globalThis.navigator?.gpu;
  const adapter = await describeAdapter(gpu);
  const report: Report = {
    environment: { ...host, ...(adapter && { adapter }) },
    settings,
    starts: {},
    workloads: [],
    tables: [],
  };
  if (workloads.length > 0) {
    const { ready, starts, absent } = await startAll(contestants, say);
    report.starts = starts;
    for (const { sweep, make } of workloads) {
      const entrants = ready.filter(({ mainOnly }) => !(sweep && mainOnly));
      const result = await runWorkload(make(), entrants, settings, say);
      result.results.push(...absent);
      report.workloads.push(result);
    }
  }
  if (adapter && kernels) report.tables.push(await measureKernels(gpu, settings, say));
  if (activations) report.tables.push(await measureActivations(adapter !== undefined, settings, say));
  if (cpuProducts) report.tables.push(await measureCpuProducts(settings, say));
  if (largeData) report.tables.push(await measureLargeData(adapter !== undefined, settings, say));
  for (const network of products) report.tables.push(...(await measureProducts(gpu, network, settings, say)));
  return { report, text: reportText(report), markdown: reportMarkdown(report) };
}

/**
 * Starts every contestant's library. A contestant that does not start is absent from all workloads,
 * with the reason.
 */
async function startAll(contestants: readonly Entrant[], say: (line: string) => void) {
  const ready: Entrant[] = [];
  const starts: Report['starts'] = {};
  const absent: Result[] = [];
  for (const contestant of contestants) {
    const { name } = contestant;
    const begin = performance.now();
    try {
      await contestant.start?.();
      if (contestant.start) starts[name] = performance.now() - begin;
      ready.push(contestant);
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      absent.push({ contestant: name, plan: false, failure });
      say(`${name}: ${failure}`);
    }
  }
  return { ready, starts, absent };
}
