import type { Spread } from '../measure/statistics.ts';
import { type BenchmarkResults, crossover, STAGES } from '../run/benchmark/results.ts';
import { benchmarkTexts } from '../texts/benchmark/benchmark.ts';
import { en } from '../texts/benchmark/en.ts';
import { adapterName } from '../ui/adapter-name.ts';
import { formatMagnitude, formatPercent } from '../ui/format.ts';
import { crossoverInWords, entrantName, formatRate, formatTime, operationRate } from './words.ts';

/** The results for programs. Words are English in every language of the page. */
export function asJson(results: BenchmarkResults): string {
  const plain = {
    ...results,
    browser: en.machine.browserIs(results.browser),
    entrants: results.entrants.map(({ failure, ...entrant }) => ({
      ...entrant,
      ...(failure && { failure: failure.kind === 'plan' ? failure.detail : en.whyNot }),
    })),
  };
  return JSON.stringify(plain, undefined, 2);
}

/** The results as a report that can be put into an issue, in the page's language. */
export function asMarkdown(results: BenchmarkResults): string {
  const { options, date, version, browser, threads, adapter, agreement, sweep, kernels, peak } = results;
  const words = benchmarkTexts.value;
  const { report, stages, machine } = words;
  const lines = [
    `# ${report.title(version, words.models[options.model].what)}`,
    '',
    `- ${report.date(date)}`,
    `- ${report.adapter(adapterName(adapter), adapter.software)}`,
    `- ${report.browser(machine.threads(machine.browserIs(browser), threads))}`,
    ...(peak ? [`- ${report.peak(formatRate(peak))}`] : []),
    '',
    ...table(
      [
        '',
        ...STAGES.map((stage) => words.stageNames[stage]),
        report.repetitions,
        'GFLOP/s',
        report.share,
        stages.differs,
      ],
      results.entrants.map((entrant) => {
        const rate = operationRate(results, entrant);
        const { way, precision, loss, times, failure } = entrant;
        if (failure !== undefined)
          return [entrantName(entrant), failure.kind === 'plan' ? failure.detail : words.whyNot];
        return [
          entrantName(entrant),
          ...STAGES.map((stage) => cell(times[stage])),
          `${times.step?.count ?? ''}`,
          rate ? formatRate(rate) : '',
          rate && peak && way !== 'cpu' && precision === 'single' ? formatPercent(rate / peak) : '',
          loss !== undefined && agreement ? formatMagnitude(loss - agreement.loss) : '',
        ];
      }),
    ),
  ];
  const sizes = [...new Set(sweep.map(({ hidden }) => hidden))];
  if (sizes.length > 0) {
    const found = crossover(sweep);
    const names = [...new Set(sweep.map(entrantName))];
    const rows = sizes.map((size) => [
      `${size}`,
      ...names.map((name) =>
        cell(sweep.find((point) => point.hidden === size && entrantName(point) === name)?.step),
      ),
    ]);
    lines.push('', report.sizes, ...(found ? [crossoverInWords(found)] : []), '');
    lines.push(...table([words.crossover.hidden, ...names], rows));
  }
  if (kernels.length > 0) {
    lines.push('', report.kernels, '');
    lines.push(
      ...table(
        [report.plan, words.kernels.kernel, words.kernels.time],
        kernels.map((kernel) => [entrantName(kernel), kernel.label, cell(kernel.time)]),
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

function cell(time: Spread | undefined): string {
  if (!time) return '';
  return `${formatTime(time.median)} (${formatTime(time.lower)}, ${formatTime(time.upper)})`;
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${head.map((_, i) => cells[i] ?? '').join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)];
}
