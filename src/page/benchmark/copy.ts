import type { Spread } from '../measure/statistics.ts';
import { agrees, type BenchmarkResults, isOnCpu, STAGES } from '../run/benchmark/results.ts';
import { compare, sizesIn, verdictOf } from '../run/benchmark/verdict.ts';
import { formatLink } from '../settings/link.ts';
import { benchmarkTexts } from '../texts/benchmark/benchmark.ts';
import { en } from '../texts/benchmark/en.ts';
import { trainingInWords } from '../train/run/about-run.tsx';
import { adapterName } from '../ui/adapter-name.ts';
import { formatLoss, formatMagnitude, formatPercent, formatWhole } from '../ui/format.ts';
import { headlineInWords, timedIn, verdictInWords } from './verdict-words.ts';
import {
  entrantName,
  failureInWords,
  formatRate,
  networkInWords,
  operationRate,
  spreadText,
  threadsInWords,
} from './words.ts';

/** The results for programs. Words are English in every language of the page. */
export function asJson(results: BenchmarkResults): string {
  const { network, browser, entrants, sweep } = results;
  const { settings, ...facts } = network;
  const plain = {
    ...results,
    network: { ...facts, ...(settings && { settings: formatLink(settings) }) },
    browser: en.machine.browserIs(browser),
    comparison: compare(timedIn(results)),
    verdict: verdictOf(sweep),
    entrants: entrants.map((result) => {
      const failure = failureInWords(result, en);
      return { ...result, ...(failure && { failure: failure.text }) };
    }),
  };
  return JSON.stringify(plain, undefined, 2);
}

/** The results as a report that can be put into an issue, in the page's language. */
export function asMarkdown(results: BenchmarkResults): string {
  const { options, network, date, version, browser, adapter, agreement, sweep, kernels, peak, clock } =
    results;
  const words = benchmarkTexts.value;
  const { report, stages, machine } = words;
  const { settings, sizes: layers } = network;
  const lines = [
    `# ${report.title(version, words.models[options.model].what)}`,
    '',
    headlineInWords(results).join(' '),
    '',
    `- ${report.network(networkInWords(network))}`,
    ...(settings ? [`- ${trainingInWords(settings, layers[layers.length - 1])}`] : []),
    `- ${report.date(date)}`,
    `- ${report.adapter(adapterName(adapter), adapter.software)}`,
    `- ${report.cpu(threadsInWords(results))}`,
    `- ${report.browser(machine.browserIs(browser))}`,
    ...(peak ? [`- ${report.peak(formatRate(peak))}`] : []),
    ...(agreement
      ? [`- ${stages.agreement(formatLoss(agreement.loss), formatWhole(agreement.steps), agreement.way)}`]
      : []),
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
        const { way, precision, loss, times } = entrant;
        const failure = failureInWords(entrant);
        if (failure) return [entrantName(entrant), failure.text];
        return [
          entrantName(entrant),
          ...STAGES.map((stage) => cell(times[stage], stage === 'step' ? undefined : clock)),
          `${times.step?.count ?? ''}`,
          rate ? formatRate(rate) : '',
          rate && peak && !isOnCpu(way) && precision === 'single' ? formatPercent(rate / peak) : '',
          loss !== undefined && agreement
            ? `${formatMagnitude(loss - agreement.loss)}${agrees(entrant, results) ? '' : ` (${stages.wrong})`}`
            : '',
        ];
      }),
    ),
  ];
  if (sweep.length > 0) {
    const found = verdictOf(sweep);
    const names = [...new Set(sweep.map(entrantName))];
    const rows = sizesIn(sweep).map((size) => [
      formatWhole(size),
      ...names.map((name) =>
        cell(sweep.find((point) => point.hidden === size && entrantName(point) === name)?.step),
      ),
    ]);
    const verdict = found ? [verdictInWords(found, options.pace).join(' ')] : [];
    lines.push('', report.sizes, ...verdict, '');
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

function cell(time: Spread | undefined, grain?: number): string {
  return time ? spreadText(time, grain) : '';
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${head.map((_, i) => cells[i] ?? '').join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)];
}
