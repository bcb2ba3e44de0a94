import { formatMagnitude, formatPercent } from '../format.ts';
import { MODELS } from './models.ts';
import { type BenchmarkResults, crossover, STAGES } from './results.ts';
import type { Spread } from './statistics.ts';
import {
  crossoverInWords,
  entrantName,
  formatRate,
  formatTime,
  operationRate,
  STAGE_NAMES,
} from './words.ts';

export const asJson = (results: BenchmarkResults) => JSON.stringify(results, undefined, 2);

/** The results as a report that can be put into an issue. */
export function asMarkdown(results: BenchmarkResults): string {
  const { options, date, version, browser, threads, adapter, agreement, sweep, kernels, peak } = results;
  const lines = [
    `# spiralnet ${version}, ${MODELS[options.model].what}`,
    '',
    `- Date: ${date}`,
    `- Adapter: ${adapter.name}${adapter.software ? ' (software, not a GPU)' : ''}`,
    `- Browser: ${browser}, ${threads} threads`,
    ...(peak ? [`- Peak of multiplications and additions, as measured: ${formatRate(peak)} GFLOP/s`] : []),
    '',
    ...table(
      [
        '',
        ...STAGES.map((stage) => STAGE_NAMES[stage]),
        'repetitions',
        'GFLOP/s',
        'of peak',
        'loss differs by',
      ],
      results.entrants.map((entrant) => {
        const rate = operationRate(results, entrant);
        const { way, precision, loss, times, failure } = entrant;
        if (failure !== undefined) return [entrantName(entrant), failure];
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
    lines.push('', 'A step by hidden units.', ...(found ? [crossoverInWords(found)] : []), '');
    lines.push(...table(['hidden units', ...names], rows));
  }
  if (kernels.length > 0) {
    lines.push('', 'Each kernel, by batched repetition.', '');
    lines.push(
      ...table(
        ['plan', 'kernel', 'time'],
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
