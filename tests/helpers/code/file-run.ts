import { createHash } from 'node:crypto';
import { type Dataset, RandomState, type RegressionDataset } from '../../../src/index.ts';
import type { CodeRun } from '../../../src/models/index.ts';
import { digits, readCsv, tableDataset } from '../../../src/tables/index.ts';

/** A table of text, what a script is told of it, and its rows as the script must come to them. */
export interface FileRun {
  run: CodeRun & { data: { file: string } };
  content: string;
  rows: Dataset | RegressionDataset;
}

const COUNT = 90;
const NAMES = ["plant's 잎", 'b', 'seconds since 1970'];

/** Rows of three features of very different sizes, which tell the species. */
function measured(): { values: number[][]; species: number[] } {
  const random = new RandomState(12);
  const species = Array.from({ length: COUNT }, (_, row) => row % 3);
  const values = species.map((label) => {
    const [a, b, c] = random.randn(3);
    return [
      Number((label + 0.4 * a).toFixed(3)),
      Number((10 * b).toFixed(2)),
      1.7e9 + Math.round(60 * c) + 20 * label,
    ];
  });
  return { values, species };
}

const hashOf = (content: string) => createHash('sha256').update(content).digest('hex');

const settings = { hidden: [8], learningRate: 0.1, seed: 2 };

/** Names of classes, a missing value, a byte order mark, quotes: a classifier on scaled columns. */
export function classesFile(test = false): FileRun {
  const { values, species } = measured();
  const words = ['versicolor, 잎', 'setosa', 'virginica'];
  const records = values.map((row, i) => `${row.join(',')},"${words[species[i]]}"`);
  const content = `\ufeff"${NAMES[0]}",${NAMES[1]},${NAMES[2]},species\r\n${records.join('\r\n')}\r\n1,?,2,setosa\r\n`;
  // In the order of code units: setosa, versicolor, virginica.
  const labels = Uint32Array.from(species, (label) => [1, 0, 2][label]);
  return {
    run: {
      options: settings,
      steps: 100,
      every: 10,
      data: {
        file: "it's a table.csv",
        sha256: hashOf(content),
        label: 'species',
        scaling: true,
        ...(test && { test: { share: 0.3 } }),
      },
    },
    content,
    rows: { inputs: Float64Array.from(values.flat()), labels, count: COUNT, features: 3, classes: 3 },
  };
}

/** A semicolon, decimal commas and no header: a regression on two of the columns. */
export function valuesFile(scaled = false): FileRun {
  const { values } = measured();
  const content = values.map(([a, b]) => `${a};${b};x;${(a * b).toFixed(4)}`.replaceAll('.', ',')).join('\n');
  return {
    run: {
      options: { ...settings, learningRate: 0.001, loss: 'squared-error' },
      steps: 100,
      every: 10,
      data: {
        file: 'values.txt',
        sha256: hashOf(content),
        label: scaled ? 'column 4' : -1,
        features: ['column 2', 'column 1'],
        ...(scaled && { scaling: { targets: true }, test: { share: 0.4, seed: 1 } }),
        format: { delimiter: ';', decimal: ',', header: false },
      },
    },
    content,
    rows: {
      inputs: Float64Array.from(values.flatMap(([a, b]) => [b, a])),
      targets: Float64Array.from(values, ([a, b]) => Number((a * b).toFixed(4))),
      count: COUNT,
      features: 2,
      outputs: 1,
    },
  };
}

/**
 * Texts, truths and numbers, some of them missing, of which the encoding of the table tells.
 * @param label `above` has true and false, which are written in several ways
 */
export async function encodedFile(missing: 'drop' | 'mean', label = 'grade'): Promise<FileRun> {
  const { values, species } = measured();
  const truths = (truth: boolean) => (truth ? ['true', 'TRUE', 'True'] : ['false', 'FALSE', 'False ']);
  const colours = ['red', ' pale blue', "wine's"];
  const records = values.map(([a, b], i) => {
    const colour = i % 11 === 5 ? 'NA' : colours[(species[i] + (i % 2)) % 3];
    return [i % 7 === 3 ? '' : a, b, colour, i % 13 === 1 ? '' : truths(b > 0)[i % 3], 1 + species[i]].join(
      '\t',
    );
  });
  const content = `a\tb\tcolour\tabove\tgrade\n${records.join('\n')}\n`;
  const { encoding, ...rows } = tableDataset(await readCsv(content), { label, missing });
  return {
    run: {
      options: { ...settings, data: missing === 'drop' ? rows : undefined },
      steps: 100,
      every: 10,
      data: {
        file: 'colours.tsv',
        sha256: hashOf(content),
        label,
        encoding,
        format: { delimiter: '\t' },
      },
    },
    content,
    rows,
  };
}

/** The digits, scaled, in a script for which `files` stand in for scikit-learn. */
export async function digitsRun(): Promise<{ run: CodeRun; rows: Dataset; files: Record<string, string> }> {
  const rows = await digits();
  const array = (values: Iterable<number>) => `np.array(${JSON.stringify(Array.from(values))})`;
  const loader = [
    'import numpy as np',
    'def load_digits(return_X_y):',
    `    return ${array(rows.inputs)}.reshape(-1, 64).astype(float), ${array(rows.labels)}`,
  ];
  return {
    run: {
      options: { hidden: [16], learningRate: 0.01, optimizer: { name: 'adam' }, batchSize: 32 },
      steps: 60,
      every: 20,
      data: { generator: 'digits', scaling: true, test: { share: 0.25 } },
    },
    rows,
    files: { 'sklearn/__init__.py': '', 'sklearn/datasets.py': `${loader.join('\n')}\n` },
  };
}
