import type { Result, Settings, WorkloadResult } from '../workloads/measure.ts';
import { type GoalResult, goals, ratios, rightStep } from './ratios.ts';
import { digits, type Table, toMarkdown, toText } from './table.ts';

/** The machine and the software of a run. */
export interface Environment {
  date: string;
  /** Browser or other program, with its version. */
  runtime: string;
  cpu: string;
  /** Absent where there is none. */
  adapter?: { name: string; software: boolean };
}

/** The whole run, as it is written to JSON. */
export interface Report {
  environment: Environment;
  settings: Settings;
  /** Milliseconds in which libraries were loaded and their backends started, by contestant. */
  starts: Record<string, number>;
  workloads: WorkloadResult[];
  /** Further tables, such as of single kernels. */
  tables: Table[];
}

const NONE = '–';
const HOW_TO_READ =
  'Milliseconds. “Create” makes the network and compiles ahead, “first step” is by itself and compiles the rest, “step” is ' +
  'warm: the median over timings, each of many steps and a readback. “× plain” and “× best” say how many times as long a ' +
  "step takes as with plain loops and as with spiralnet's fastest WebGPU plan in single precision. “Loss off” is the " +
  'relative distance to the CPU twin in float64 after as many steps as stand behind it; a contestant that is too far off is WRONG.';

export function reportText(report: Report): string {
  return [environmentLine(report.environment), ...tables(report).map(toText), goalLines(report).join('\n')]
    .filter(Boolean)
    .join('\n\n');
}

export function reportMarkdown(report: Report): string {
  const lines = goalLines(report).map((line) => `- ${line}`);
  return [
    '# Benchmark results',
    environmentLine(report.environment),
    HOW_TO_READ,
    ...(lines.length > 0 ? ['## Ratios', lines.join('\n')] : []),
    ...tables(report).map(toMarkdown),
    '',
  ].join('\n\n');
}

function environmentLine({ date, runtime, cpu, adapter }: Environment): string {
  const gpu = adapter
    ? `adapter ${adapter.name}${adapter.software ? ' (software: it computes on the CPU)' : ''}`
    : 'no WebGPU adapter';
  return `${date}, ${runtime}, ${cpu}, ${gpu}.`;
}

function tables({ workloads, tables: further }: Report): Table[] {
  const main = workloads.filter(({ sweep }) => sweep === undefined);
  const sweeps = new Set(workloads.flatMap(({ sweep }) => sweep?.title ?? []));
  return [
    ...main.map(workloadTable),
    ...Array.from(sweeps, (title) =>
      sweepTable(
        title,
        workloads.filter(({ sweep }) => sweep?.title === title),
      ),
    ),
    ...further,
  ];
}

function workloadTable({ title, results }: WorkloadResult): Table {
  const header = [
    '',
    'create',
    'first step',
    'step',
    'quartiles',
    'timings',
    '× plain',
    '× best',
    'loss off',
  ];
  const of = ratios(results);
  const rows = results.map((result, i) => {
    const { contestant, create, firstStep, step, stepsPerTiming } = result;
    return [
      contestant,
      optional(create),
      optional(firstStep),
      optional(step?.median),
      step ? `${digits(step.lower)} … ${digits(step.upper)}` : NONE,
      step ? `${step.count} × ${stepsPerTiming}` : NONE,
      optional(of[i].toPlain),
      optional(of[i].toBest),
      verdict(result),
    ];
  });
  return { title, header, rows, notes: failures(results) };
}

function verdict({ check, failure }: Result): string {
  if (!check) return NONE;
  const distance = `${check.difference.toExponential(0)} (${check.steps})`;
  return check.wrong || failure !== undefined ? `WRONG ${distance}` : distance;
}

function sweepTable(title: string, members: WorkloadResult[]): Table {
  const names = Array.from(new Set(members.flatMap(({ results }) => results.map((r) => r.contestant))));
  const rows = names.map((name) => [
    name,
    ...members.map(({ results }) => {
      const result = results.find(({ contestant }) => contestant === name);
      const step = rightStep(result);
      return step === undefined && result?.check?.wrong ? 'WRONG' : optional(step);
    }),
  ]);
  return {
    title: `${title}, milliseconds a step`,
    header: ['', ...members.map(({ sweep }) => sweep?.column ?? '')],
    rows,
    notes: Array.from(new Set(members.flatMap(({ results }) => failures(results)))),
  };
}

function failures(results: readonly Result[]): string[] {
  return results.flatMap(({ contestant, failure }) =>
    failure === undefined ? [] : [`${contestant}: ${failure.split('\n', 1)[0]}`],
  );
}

function goalLines({ workloads }: Report): string[] {
  return goals(workloads).map(({ workload, than, wanted, reached, plan }: GoalResult) => {
    const outcome = reached >= wanted ? 'reached' : 'not reached';
    return `${workload}: ${plan} is ${digits(reached)} times as fast as ${than}; wanted ${digits(wanted)}: ${outcome}.`;
  });
}

function optional(value: number | undefined): string {
  return value === undefined ? NONE : digits(value);
}
