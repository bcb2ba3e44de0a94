import { plainNumber } from '../../../tables/csv/numbers.ts';
import { areTruths } from '../../../tables/dataset/columns.ts';
import type { FeatureEncoding, TableEncoding } from '../../../tables/dataset/encoding.ts';
import type { Source } from '../check-data.ts';
import { filled, indented, number, pythonString } from '../text.ts';
import { type Names, STEP } from './names.ts';

type File = Extract<Source, { kind: 'file' }>;

/** What a script imports for its data before NumPy, and after it. */
export const importsFor = ({ kind }: Source): { before: string[]; after: string[] } => ({
  before: kind === 'file' ? ['import csv', 'import hashlib', 'import io', ''] : [],
  after: kind === 'digits' ? ['from sklearn.datasets import load_digits'] : [],
});

/** Texts that mean a missing value. */
const MISSING = ['', '?', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'None'];

/** Reads `X`, and `y` with its `classes` or `T`, from a file of text. */
export function fileLines(source: File, names: Names): string[] {
  const { file, sha256, label, encoding, format } = source;
  const own = columnOf(label);
  const texts = encoding?.features.some(({ kind }) => kind === 'category') ?? false;
  const inferred = names.answers === 'y' && !encoding;
  return [
    '# The data: a file, which must be that of the run.',
    `with open(${pythonString(file)}, 'rb') as opened:`,
    `${STEP}content = opened.read()`,
    `if hashlib.sha256(content).hexdigest() != '${sha256}':`,
    `${STEP}raise SystemExit(${pythonString(`${file} is not the file of the run.`)})`,
    ...recordLines(format),
    ...(texts || inferred ? [`missing = {${MISSING.map(pythonString).join(', ')}}`] : []),
    '',
    '',
    '# A text that is no number counts as a missing one.',
    'def number(text):',
    ...indented(
      [
        'try:',
        `${STEP}return float(text${format.decimal === ',' ? ".replace(',', '.')" : ''})`,
        'except ValueError:',
        `${STEP}return np.nan`,
      ],
      STEP,
    ),
    '',
    '',
    ...featureLines(source),
    ...(encoding?.missing === 'mean' ? meanLines(encoding) : []),
    ...(names.answers === 'T' ? targetLines(own) : classLines(own, encoding)),
  ];
}

/** Makes `names` and `table`, a dictionary for each record. */
function recordLines({ delimiter, header, encoding }: File['format']): string[] {
  const text =
    encoding === 'utf-8' ? "content.decode('utf-8-sig')" : `content.decode('${encoding}').lstrip('\\ufeff')`;
  const options = delimiter === ',' ? '' : `, delimiter=${pythonString(delimiter)}`;
  const read =
    delimiter === ' '
      ? `records = [line.split() for line in ${text}.splitlines()]`
      : `records = csv.reader(io.StringIO(${text}, newline='')${options})`;
  return [
    read,
    'records = [record for record in records if any(record)]',
    header
      ? 'names = [name.strip() for name in records.pop(0)]'
      : "names = ['column %d' % (i + 1) for i in range(len(records[0]))]",
    'table = [dict(zip(names, record)) for record in records if len(record) <= len(names)]',
  ];
}

/** The name of a column in Python. */
const columnOf = (label: string | number) =>
  typeof label === 'number' ? `names[${label}]` : pythonString(label);

const list = (texts: readonly string[]) => `[${texts.map(pythonString).join(', ')}]`;

/** Makes `X`, with NaN for a missing value. */
function featureLines({ label, features, encoding }: File): string[] {
  const columns = encoding?.features.map(({ column }) => column) ?? features;
  if (!encoding || encoding.features.every(({ kind }) => kind === 'number'))
    return [
      ...(columns
        ? ['features = [', ...filled(columns.map(pythonString), STEP), ']']
        : [`features = [name for name in names if name != ${columnOf(label)}]`]),
      "X = np.array([[number(row.get(name, '')) for name in features] for row in table])",
    ];
  const some = (wanted: FeatureEncoding['kind']) => encoding.features.some(({ kind }) => kind === wanted);
  return [
    '# What becomes of each column: a number, 1 for true and 0 for false, or a 1 for its text among several.',
    'columns = [',
    ...encoding.features.map((feature) => {
      const kind =
        feature.kind === 'category' ? list(feature.categories.map(trimmed)) : pythonString(feature.kind);
      return `${STEP}(${pythonString(feature.column)}, ${kind}),`;
    }),
    ']',
    '',
    '',
    'def encoded(text, kind):',
    ...indented(
      [
        ...(some('number') ? ["if kind == 'number':", `${STEP}return [number(text)]`] : []),
        ...(some('truth')
          ? [
              "if kind == 'truth':",
              `${STEP}return [{'true': 1.0, 'false': 0.0}.get(text.strip().lower(), number(text))]`,
            ]
          : []),
        ...(some('category')
          ? [
              'if text.strip() in missing:',
              `${STEP}return [np.nan] * len(kind)`,
              'return [float(text.strip() == one) for one in kind]',
            ]
          : []),
      ],
      STEP,
    ),
    '',
    '',
    "X = np.array([[x for name, kind in columns for x in encoded(row.get(name, ''), kind)] for row in table])",
  ];
}

const trimmed = (text: string) => text.trim();

/** Puts the means of the run in the place of missing values. */
function meanLines({ features }: TableEncoding): string[] {
  const means = features.flatMap((feature) => (feature.kind === 'category' ? feature.means : [feature.mean]));
  return ['means = [', ...filled(means.map(number), STEP), ']', 'X = np.where(np.isfinite(X), X, means)'];
}

function targetLines(label: string): string[] {
  return [
    `T = np.array([[number(row.get(${label}, ''))] for row in table])`,
    'kept = np.isfinite(X).all(axis=1) & np.isfinite(T[:, 0])  # rows without a missing number',
    'X, T = X[kept], T[kept]',
  ];
}

function classLines(label: string, encoding: TableEncoding | undefined): string[] {
  const keep = (known: string) => [
    `kept = np.isfinite(X).all(axis=1) & [${known} for label in labels]  # rows without a missing value`,
    'X, labels = X[kept], [label for label, keep in zip(labels, kept) if keep]',
  ];
  const labels = (text: string) => `labels = [${text} for row in table]`;
  const text = `row.get(${label}, '').strip()`;
  const indices = 'y = np.array([classes.index(label) for label in labels])';
  if (encoding?.label.kind === 'classes') {
    const { classes } = encoding.label;
    const numbers = classes.map(plainNumber);
    const areNumbers = numbers.every(Number.isFinite);
    const isFolded = areTruths(classes);
    const texts = list(classes.map((name) => (isFolded ? trimmed(name).toLowerCase() : trimmed(name))));
    return [
      `classes = ${areNumbers ? `[${numbers.map(number).join(', ')}]` : texts}`,
      labels(areNumbers ? `number(${text})` : isFolded ? `${text}.lower()` : text),
      ...keep('label in classes'),
      indices,
    ];
  }
  return [
    labels(text),
    ...keep('label not in missing'),
    '# Classes are in the order of numbers where all of them are numbers.',
    'if not any(np.isnan(number(label)) for label in labels):',
    `${STEP}labels = [number(label) for label in labels]`,
    'classes = sorted(set(labels))',
    indices,
  ];
}
