import type { AnyDataset, LayerParameters } from '../../../types.ts';
import type { CheckedRun } from '../check.ts';
import type { Points, Source } from '../check-data.ts';
import { filled, javascriptString, number } from '../text.ts';
import type { PointFeature } from '../types.ts';
import type { Imports } from './imports.ts';
import { valueText } from './options.ts';

/** The indentation of JavaScript. */
export const STEP = '  ';

const DEFAULTS = { classes: 2, perClass: 100, count: 300, seed: 0 };
/** The noise and the classes that each generator has where nothing is said. */
const OWN_DEFAULTS: Record<Points['generator'], { noise: number; classes?: number }> = {
  spiral: { noise: 0.2, classes: 3 },
  circles: { noise: 0.04 },
  moons: { noise: 0.03 },
  blobs: { noise: 0.12, classes: 3 },
  xor: { noise: 0.03 },
  chequerboard: { noise: 0.03 },
  plane: { noise: 0.05 },
  hills: { noise: 0.05 },
  wave: { noise: 0.05 },
};

/** Makes `data`, or `train` and `test`. @returns the name of the training rows, too */
export function dataLines(
  { source, loss }: CheckedRun,
  imports: Imports,
): { lines: string[]; train: string } {
  if (source.kind === 'given') return { lines: givenLines(source.rows), train: 'data' };
  const task = loss === 'squared-error' ? 'values' : 'classes';
  const scaled = 'scaling' in source ? source.scaling : undefined;
  const { test } = source;
  const name = scaled && !test ? 'raw' : 'data';
  const rows = rowLines(source, name, task, imports);
  if (scaled) imports.add('spiralnet/data', 'standardize');
  const targets = scaled === 'inputs and targets' && task === 'values' ? ', { targets: true }' : '';
  if (!test)
    return {
      lines: [...rows, ...(scaled ? [`const { data } = standardize(raw${targets});`] : [])],
      train: 'data',
    };
  imports.add('spiralnet', 'split');
  const part = `split(data, ${number(test.share)}${test.seed === 0 ? '' : `, ${test.seed}`})`;
  const parts = scaled
    ? [
        `const raw = ${part};`,
        `const { data: train, scaling } = standardize(raw.train${targets});`,
        'const test = scaling.applyTo(raw.test);',
      ]
    : [`const { train, test } = ${part};`];
  return { lines: [...rows, ...parts], train: 'train' };
}

function rowLines(
  source: Exclude<Source, { kind: 'given' }>,
  name: string,
  task: 'classes' | 'values',
  imports: Imports,
): string[] {
  switch (source.kind) {
    case 'points':
      return pointLines(source, imports);
    case 'file':
      return fileLines(source, name, task, imports);
    case 'digits':
      imports.add('spiralnet/data', 'digits');
      if (!source.divided) return [`const ${name} = await digits();`];
      return [
        'const images = await digits();',
        `const ${name} = { ...images, inputs: images.inputs.map((pixel) => pixel / 16) }; // from 0 to 1`,
      ];
  }
}

function pointLines({ points, features }: Extract<Source, { kind: 'points' }>, imports: Imports): string[] {
  const { kind, generator, ...values } = points;
  const call = generator === 'plane' ? 'tiltedPlane' : generator;
  imports.add('spiralnet', call);
  const defaults: Record<string, number> = { ...DEFAULTS, ...OWN_DEFAULTS[generator] };
  const options = Object.entries(values)
    .filter(([name, value]) => defaults[name] !== value)
    .map(([name, value]) => `${name}: ${number(value)}`);
  const made = `${call}(${options.length > 0 ? `{ ${options.join(', ')} }` : ''})`;
  if (features.join() === 'x,y') return [`const data = ${made};`];
  return [
    `const points = ${made};`,
    '// The columns of each point (x, y).',
    `const columns = [${features.map((feature) => COLUMNS[feature]).join(', ')}];`,
    'const inputs = new Float64Array(points.count * columns.length).map((_, i) => {',
    `${STEP}const row = Math.floor(i / columns.length);`,
    `${STEP}return columns[i % columns.length](points.inputs[2 * row], points.inputs[2 * row + 1]);`,
    '});',
    'const data = { ...points, inputs, features: columns.length, featureNames: undefined };',
  ];
}

const COLUMNS: Record<PointFeature, string> = {
  x: '(x) => x',
  y: '(x, y) => y',
  x2: '(x) => x * x',
  y2: '(x, y) => y * y',
  xy: '(x, y) => x * y',
  sinx: '(x) => Math.sin(Math.PI * x)',
  siny: '(x, y) => Math.sin(Math.PI * y)',
  r: '(x, y) => Math.hypot(x, y)',
  angle: '(x, y) => Math.atan2(y, x)',
};

/** Reads the rows of a file, which must be that of the run. */
function fileLines(
  source: Extract<Source, { kind: 'file' }>,
  name: string,
  task: 'classes' | 'values',
  imports: Imports,
): string[] {
  const { file, sha256, label, encoding, format } = source;
  const features = encoding?.features.map(({ column }) => column) ?? source.features;
  const options = {
    label,
    ...(features && { features }),
    ...(encoding && encoding.missing !== 'drop' && { missing: encoding.missing }),
    task,
  };
  imports.add('node:fs/promises', 'readFile');
  imports.add('spiralnet/data', 'readCsv', 'tableDataset');
  return [
    `const content = await readFile(${javascriptString(file)});`,
    "const hash = await crypto.subtle.digest('SHA-256', content);",
    `if (Buffer.from(hash).toString('hex') !== '${sha256}')`,
    `${STEP}throw new Error(${javascriptString(`${file} is not the file of the run.`)});`,
    `const table = await readCsv(new Blob([content]), ${valueText(format, imports)});`,
    `const ${name} = tableDataset(table, ${valueText(options, imports)});`,
  ];
}

/** An array of numbers, in a type that keeps their bits. */
function arrayLines(
  start: string,
  type: string,
  values: ArrayLike<number>,
  by: string,
  end: string,
): string[] {
  return [`${start}new ${type}([`, ...filled(Array.from(values, number), by + STEP), `${by}])${end}`];
}

function givenLines(data: AnyDataset): string[] {
  const { inputs, count, features } = data;
  const shape = [`count: ${count}`, `features: ${features}`];
  const answers =
    'labels' in data
      ? [...arrayLines(`${STEP}labels: `, 'Uint32Array', data.labels, STEP, ',')]
      : [...arrayLines(`${STEP}targets: `, 'Float64Array', data.targets, STEP, ',')];
  const width = 'labels' in data ? `classes: ${data.classes}` : `outputs: ${data.outputs}`;
  return [
    'const data = {',
    ...arrayLines(`${STEP}inputs: `, 'Float64Array', inputs, STEP, ','),
    ...answers,
    ...[...shape, width].map((field) => `${STEP}${field},`),
    '};',
  ];
}

/** The starting weights as numbers: `const parameters`. */
export function givenLayers(layers: readonly LayerParameters[]): string[] {
  return [
    'const parameters = [',
    ...layers.flatMap(({ weights, biases }) => [
      `${STEP}{`,
      ...arrayLines(`${STEP}${STEP}weights: `, 'Float64Array', weights, STEP + STEP, ','),
      ...(biases.every((bias) => bias === 0)
        ? [`${STEP}${STEP}biases: new Float64Array(${biases.length}),`]
        : arrayLines(`${STEP}${STEP}biases: `, 'Float64Array', biases, STEP + STEP, ',')),
      `${STEP}},`,
    ]),
    '];',
  ];
}
