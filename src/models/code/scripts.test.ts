import { expect, test } from 'vitest';
import { expectPrinted } from '../../../tests/helpers/code/compare.ts';
import { classesFile, digitsRun, encodedFile, valuesFile } from '../../../tests/helpers/code/file-run.ts';
import { runModule } from '../../../tests/helpers/code/module.ts';
import { pythonWith, runScript } from '../../../tests/helpers/code/python.ts';
import { notes, RUNS } from '../../../tests/helpers/code/runs.ts';
import { type Printed, trained } from '../../../tests/helpers/code/trained.ts';
import { ALL } from '../../../tests/helpers/tier.ts';
import {
  type AnyDataset,
  createTrainer,
  type Dataset,
  type RegressionDataset,
  spiral,
  split,
  type TrainerOptions,
} from '../../index.ts';
import { standardize } from '../../tables/index.ts';
import { type CodeRun, exportCode, exportModel, type FileData } from '../index.ts';

const isLinear = ({ options }: CodeRun) => (options.hidden ?? []).length === 0;

/** A run in the precision in which trainers print the same digits everywhere. */
const inDouble = (run: CodeRun): CodeRun => ({
  ...run,
  options: { ...run.options, precision: 'double', backend: 'cpu' } as CodeRun['options'],
});

const STUDIES: Record<string, CodeRun> = {
  'the notes’ linear classifier': notes('linear'),
  'the notes’ network': notes('network', ALL ? undefined : 1),
};

for (const [name, run] of Object.entries({ ...STUDIES, ...RUNS })) {
  test(`the script of spiralnet prints the losses of its run: ${name}`, async () => {
    const short = ALL ? run : { ...run, steps: Math.min(run.steps, 120) };
    expectPrinted(
      await runModule(exportCode(inDouble(short), 'spiralnet')),
      await (ALL ? printedBy(name, run) : trained(short)),
      true,
    );
  });
}

test('the script of the case study prints the notes’ own table', async () => {
  const lines = await runModule(exportCode(inDouble(notes('linear')), 'spiralnet'));
  expect(lines.slice(0, 3)).toEqual([
    'iteration 0: loss 1.096956',
    'iteration 10: loss 0.917265',
    'iteration 20: loss 0.851503',
  ]);
  expect(lines.at(-1)).toBe('training accuracy: 0.49');
});

const FILES = {
  'with classes': classesFile(),
  'with classes and rows for testing': classesFile(true),
  'with targets': valuesFile(),
  'with scaled targets and rows for testing': valuesFile(true),
  'with texts, truths and gaps': await encodedFile('drop'),
  'with means in its gaps': await encodedFile('mean'),
  'with truths as classes': await encodedFile('mean', 'above'),
};

/** The digits as the run's options ask for them. */
function digitsFor(run: CodeRun, images: Dataset) {
  const inputs = images.inputs.map((pixel) => pixel / 16);
  return rowsFor({ ...run, data: { ...run.data, scaling: false } as CodeRun['data'] }, { ...images, inputs });
}

/** The rows as the run's options ask for them. */
function rowsFor({ data }: CodeRun, rows: AnyDataset) {
  const { test: kept, scaling } = data as FileData;
  const { train, test } = kept
    ? split(rows as Dataset, kept.share, kept.seed)
    : { train: rows as Dataset, test: undefined };
  if (!scaling) return { train, test };
  const targets = typeof scaling === 'object' && { targets: true };
  const scaled = standardize(train as AnyDataset as RegressionDataset, targets || undefined);
  return { train: scaled.data, test: test && scaled.scaling.applyTo(test) };
}

for (const [name, { run, content, rows }] of Object.entries(FILES)) {
  test(`the script of spiralnet reads a file: ${name}`, async () => {
    const script = exportCode(inDouble(run), 'spiralnet');
    const bytes = (text: string) => new TextEncoder().encode(text);
    const lines = await runModule(script, { [run.data.file]: bytes(content) });
    expectPrinted(lines, await trained(run, rowsFor(run, rows)), true);
    const other = runModule(script, { [run.data.file]: bytes(`${content} `) });
    await expect(other).rejects.toThrow('is not the file of the run');
  });
}

test('the script of spiralnet trains on the digits', async () => {
  const { run, rows } = await digitsRun();
  const script = exportCode(inDouble(run), 'spiralnet');
  expectPrinted(await runModule(script), await trained(run, digitsFor(run, rows)), true);
});

/** A run from weights in a file, and the same run with the weights in its options. */
async function fromWeights(): Promise<{
  run: CodeRun;
  files: { [name: string]: Uint8Array };
  given: CodeRun;
}> {
  const options: TrainerOptions = { data: spiral(), hidden: [30], activation: 'tanh', learningRate: 0.2 };
  const trainer = await createTrainer({ ...options, seed: 6, backend: 'cpu' });
  await trainer.train(20);
  const [file, parameters] = [await exportModel(trainer, 'npz'), await trainer.parameters()];
  trainer.destroy();
  const run: CodeRun = { options, steps: 60, every: 20, weights: 'start.npz' };
  const { weights: _, ...rest } = run;
  return { run, files: { 'start.npz': file }, given: { ...rest, options: { ...options, parameters } } };
}

test('the script of spiralnet starts from weights in a file', async () => {
  const { run, files, given } = await fromWeights();
  expectPrinted(await runModule(exportCode(inDouble(run), 'spiralnet'), files), await trained(given), true);
});

/** Each run is trained once. */
const printed = new Map<string, Promise<Printed>>();
function printedBy(name: string, run: CodeRun): Promise<Printed> {
  const known = printed.get(name) ?? trained(run);
  printed.set(name, known);
  return known;
}

for (const [language, module] of [
  ['numpy', 'numpy'],
  ['pytorch', 'torch'],
] as const) {
  const python = ALL ? await pythonWith(module) : { absent: 'the tier all runs Python' };
  for (const [name, run] of ALL ? Object.entries({ ...STUDIES, ...RUNS }) : []) {
    test(`the script of ${language} prints the losses of the trainer: ${name}`, async (context) => {
      if ('absent' in python) return context.skip(python.absent);
      const lines = await runScript(python.command, exportCode(run, language));
      expectPrinted(lines, await printedBy(name, run), isLinear(run));
    });
  }
  if (ALL) {
    test(`the script of ${language} trains on the digits`, async (context) => {
      if ('absent' in python) return context.skip(python.absent);
      const { run, rows, files } = await digitsRun();
      const lines = await runScript(python.command, exportCode(run, language), files);
      expectPrinted(lines, await trained(run, digitsFor(run, rows)), false);
    });
    test(`the script of ${language} starts from weights in a file`, async (context) => {
      if ('absent' in python) return context.skip(python.absent);
      const { run, files, given } = await fromWeights();
      const lines = await runScript(python.command, exportCode(run, language), files);
      expectPrinted(lines, await trained(given), false);
    });
  }
  for (const [name, { run, content, rows }] of ALL ? Object.entries(FILES) : []) {
    test(`the script of ${language} reads a file: ${name}`, async (context) => {
      if ('absent' in python) return context.skip(python.absent);
      const script = exportCode(run, language);
      const { file } = run.data;
      const lines = await runScript(python.command, script, { [file]: content });
      expectPrinted(lines, await trained(run, rowsFor(run, rows)), false);
      const other = runScript(python.command, script, { [file]: `${content} ` });
      await expect(other).rejects.toThrow('is not the file of the run');
    });
  }
}
