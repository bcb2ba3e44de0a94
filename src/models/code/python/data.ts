import type { AnyDataset, LayerParameters } from '../../../types.ts';
import type { CheckedRun } from '../check.ts';
import type { Source, Test } from '../check-data.ts';
import { filled, indented, number } from '../text.ts';
import { fileLines } from './file.ts';
import { featureLines, pointLines, TITLES } from './generators.ts';
import { type Names, STEP } from './names.ts';

/** Makes `X`, and `y` or `T`; with rows for testing `X_test` and `y_test` or `T_test` too. */
export function dataLines({ source, train, sizes }: CheckedRun, names: Names): string[] {
  switch (source.kind) {
    case 'given':
      return ['# The data.', ...givenLines(source.rows)];
    case 'points': {
      const { points, features, test } = source;
      return [
        `# The data: ${TITLES[points.generator]}.`,
        ...pointLines(points),
        ...featureLines(features),
        ...(test ? splitLines(test, names) : []),
      ];
    }
    case 'digits':
      return [
        '# The data: handwritten digits, which scikit-learn has.',
        'X, y = load_digits(return_X_y=True)',
        ...(source.divided ? ['X = X / 16  # pixels from 0 to 1'] : []),
        ...(source.test ? splitLines(source.test, names) : []),
      ];
    case 'file': {
      const sized = sizes[0] !== undefined;
      return [
        ...fileLines(source, names),
        ...(source.test ? [] : guardLines(train, names)),
        ...(source.test ? [...splitLines(source.test, names), ...guardLines(train, names)] : []),
        ...(source.scaling ? scalingLines(source, names) : []),
        ...(sized ? [] : ['', 'D = X.shape[1]  # features', ...kinds(names)]),
      ];
    }
  }
}

/** Stops a script that reads other rows than the run had. */
function guardLines(train: AnyDataset | undefined, { answers }: Names): string[] {
  if (!train) return [];
  const { count, features } = train;
  return [
    `if X.shape != (${count}, ${features}) or len(${answers}) != ${count}:`,
    `${STEP}raise SystemExit('This script reads plain numbers, and other rows than those of the run.')`,
  ];
}

const kinds = ({ answers }: Names) =>
  answers === 'y' ? ['K = len(classes)'] : ['K = T.shape[1]  # targets'];

/** An array of all numbers, and its shape. */
function matrixLines(name: string, values: ArrayLike<number>, rows: number, columns: number): string[] {
  const items = Array.from(values, number);
  const tail = `], dtype=float).reshape(${rows}, ${columns})`;
  return [`${name} = np.array([`, ...filled(items, STEP), tail];
}

function givenLines(data: AnyDataset): string[] {
  const { inputs, count, features } = data;
  const rows = matrixLines('X', inputs, count, features);
  if ('targets' in data) return [...rows, ...matrixLines('T', data.targets, count, data.outputs)];
  const runs = runsOf(data.labels);
  if (4 * runs.length > count)
    return [...rows, 'y = np.array([', ...filled(Array.from(data.labels, String), STEP), '])'];
  const [labels, lengths] = [runs.map(([label]) => label), runs.map(([, length]) => length)];
  return [...rows, `y = np.repeat([${labels.join(', ')}], [${lengths.join(', ')}])`];
}

/** Each label with the number of rows in a row that have it. */
function runsOf(labels: Uint32Array): [label: number, length: number][] {
  const runs: [number, number][] = [];
  for (const label of labels) {
    const last = runs[runs.length - 1];
    if (last?.[0] === label) last[1]++;
    else runs.push([label, 1]);
  }
  return runs;
}

/** Moves rows to `X_test`, as `split` does. */
function splitLines({ share, seed }: Test, { answers }: Names): string[] {
  const tail = [
    `X, X_test, ${answers}, ${answers}_test = X[~tested], X[tested], ${answers}[~tested], ${answers}[tested]`,
  ];
  const start = ['', 'tested = np.zeros(len(X), dtype=bool)  # the rows that are kept for testing'];
  const part = number(share);
  if (answers === 'T')
    return [
      ...start,
      `kept = min(int(${part} * len(X) + 0.5), len(X) - 1)`,
      `tested[permutation(len(X), ${seed})[:kept]] = True`,
      ...tail,
    ];
  const body = ['if lacking[y[row]] > 0:', `${STEP}tested[row] = True`, `${STEP}lacking[y[row]] -= 1`];
  return [
    ...start,
    `lacking = [min(int(${part} * n + 0.5), n - 1) for n in np.bincount(y)]  # of each class`,
    `for row in permutation(len(X), ${seed}):`,
    ...indented(body, STEP),
    ...tail,
  ];
}

/**
 * Scales the columns by the training rows. From numbers that begin at 0 the mean and the deviation keep
 * their digits.
 */
function scalingLines(
  { scaling, test }: Extract<Source, { scaling: unknown }>,
  { answers }: Names,
): string[] {
  const arrays = ['X', ...(scaling === 'inputs and targets' && answers === 'T' ? ['T'] : [])];
  return [
    '',
    '# Each column gets mean 0 and standard deviation 1; a constant column becomes 0.',
    ...arrays.flatMap((x) => [
      `least = ${x}.min(axis=0)`,
      ...(test ? [`${x}_test = ${x}_test - least`] : []),
      `${x} = ${x} - least`,
      `mean, deviation = ${x}.mean(axis=0), np.where(${x}.max(axis=0) > 0, ${x}.std(axis=0), np.inf)`,
      ...(test ? [`${x}_test = (${x}_test - mean) / deviation`] : []),
      `${x} = (${x} - mean) / deviation`,
    ]),
  ];
}

/** The starting weights as numbers. */
export function givenLayers(layers: readonly LayerParameters[], names: Names): string[] {
  return layers.flatMap(({ weights, biases }, layer) => {
    const [rows, columns] = [weights.length / biases.length, biases.length];
    const zeros = biases.every((bias) => bias === 0);
    return [
      ...matrixLines(names.W(layer), weights, rows, columns),
      ...(zeros
        ? [`${names.b(layer)} = np.zeros(${columns})`]
        : [`${names.b(layer)} = np.array([`, ...filled(Array.from(biases, number), STEP), '], dtype=float)']),
    ];
  });
}
