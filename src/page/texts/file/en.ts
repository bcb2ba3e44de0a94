import type { NoteReason, UnusedReason } from '../../../tables/index.ts';
import type { PreviewColumn, ReadProblem } from '../../run/reader/protocol.ts';
import type { Shape, Unfit } from '../../settings/resumption.ts';

/** `1 row` or `2 rows`. */
const counted = (count: number, one: string, many: string, shown = count.toLocaleString('en')) =>
  `${shown} ${count === 1 ? one : many}`;

/** What rows have, such as `2 features and 3 classes`. */
const shape = ({ inputs, outputs, task }: Shape) =>
  `${counted(inputs, 'feature', 'features')} and ${task === 'classes' ? counted(outputs, 'class', 'classes') : counted(outputs, 'value', 'values')}`;

type Ranged = Extract<Unfit, { kind: 'range' }>;

export const en = {
  title: 'Your data',
  close: 'Close',
  private: 'Nothing is uploaded: your data stays on this computer.',
  choose: 'Choose a file',
  again: (name: string) => `Other columns of ${name}`,
  another: 'Choose another file',
  formats:
    'A table with a row for each example: CSV, TSV or text, JSON, NumPy’s .npy and .npz; or images and their labels as IDX, both files at once. Compressed with gzip or not. Or a run that was taken away as safetensors, which goes on. You can also drop it anywhere on the page.',
  paste: 'Or paste from a spreadsheet',
  pasteHint: 'Copy the cells with their heads, and paste them here.',
  readPaste: 'Read it',
  wanted: (name: string) => `This link needs ${name}.`,
  wantedFile: {
    todo: 'Its rows are not part of the link. Choose the file, drop it anywhere on this page or paste its cells: the run then begins as the link says.',
    hash: 'SHA-256',
    learned: 'To be learned',
    learnedAs: (label: string, task: string) => `“${label}”, as ${task}`,
    from: 'From',
    others: 'all other columns',
    at: 'Trained to',
    step: (step: string) => `step ${step}`,
  },
  reading: (name: string) => `Reading ${name}`,
  progress: (read: string, total: string, rows: number) =>
    `${read} of ${total}${rows > 0 ? `, ${counted(rows, 'row', 'rows')}` : ''}`,
  secondsLeft: (seconds: string) => `about ${seconds} s left`,
  cancel: 'Cancel',
  other: {
    happened: (name: string, wanted: string) =>
      name === wanted
        ? `This ${name} is not the one that the link was made from: its contents differ.`
        : `${name} is not ${wanted}, which the link was made from.`,
    kept: 'The link’s other settings are kept.',
    use: 'Use it anyway',
  },
  unchecked: 'Whether it is the very same file cannot be checked without a secure connection (https).',
  read: (rows: number, columns: number) =>
    `${counted(rows, 'row', 'rows')}, ${counted(columns, 'column', 'columns')}.`,
  images: (count: number, width: number, height: number) =>
    `${counted(count, 'image', 'images')} of ${width} × ${height} pixels.`,
  table: 'First rows',
  tableHint:
    'Press the name of a column to learn it; take the tick from a column that the network shall not get.',
  firstColumns: (shown: number, all: number) =>
    `The first ${shown} of ${all.toLocaleString('en')} columns are shown, and the learned one.`,
  learned: 'learned',
  kinds: {
    number: () => 'number',
    text: (kinds: number | undefined) =>
      kinds === undefined ? 'text' : `text, ${counted(kinds, 'kind', 'kinds')}`,
    date: () => 'date',
  } satisfies Record<PreviewColumn['kind'], (kinds: number | undefined) => string>,
  lacking: (count: number) => `${count.toLocaleString('en')} missing`,
  use: (column: string) => `Use ${column}`,
  used: 'use',
  oneInput: 'The network needs a column to learn from.',
  label: { label: 'To be learned', hint: 'the column that the network shall tell from the others' },
  task: {
    label: 'As',
    classes: { name: 'classes', hint: 'each different value is a class' },
    values: { name: 'values', hint: 'the network learns the number itself' },
  },
  missing: {
    label: 'Gaps',
    drop: { name: 'leave the row out', hint: 'rows that lack a value are not used' },
    mean: { name: 'fill with the mean', hint: 'a missing number becomes the mean of its column' },
  },
  counts: (label: string, rows: number, features: number, classes: number | undefined) =>
    `The network learns ${classes === undefined ? 'the value' : `the ${counted(classes, 'class', 'classes')}`} of “${label}” from ${counted(features, 'feature', 'features')}, on ${counted(rows, 'row', 'rows')}.`,
  counting: 'Counting the rows.',
  dropped: (rows: number, most: Pick<PreviewColumn, 'name' | 'missing'> | undefined) =>
    `${counted(rows, 'row is', 'rows are')} left out for a gap${most ? `; “${most.name}” has most of them: ${most.missing.toLocaleString('en')}` : ''}.`,
  filled: (values: number) => `${counted(values, 'gap is', 'gaps are')} filled with the mean.`,
  spread: (columns: string) => `A feature for each text: ${columns}.`,
  constant: (columns: string) => `The same in all rows, so that nothing can be learned from it: ${columns}.`,
  unused: (columns: string) => `Left out: ${columns}.`,
  because: (column: string, reason: UnusedReason) =>
    `${column} (${
      {
        'no-values': 'it has no values',
        'row-number': 'it counts the rows',
        'many-categories': 'very many different texts',
        'not-chosen': 'not chosen',
      }[reason]
    })`,
  scaledPixels: 'All pixels are divided by the largest.',
  scaled: 'Each feature is scaled to mean 0 and standard deviation 1.',
  skipped: (records: number) => `${counted(records, 'record was', 'records were')} skipped.`,
  remarks: (count: number) => `All rows were read, with ${counted(count, 'remark', 'remarks')}.`,
  /** What was skipped, changed or decided; the columns and lines stand around it. */
  notes: {
    encoding: () => 'the bytes are no UTF-8, and were read as Windows-1252, or EUC-KR if they are Korean',
    'broken-text': () => 'bytes that are no UTF-8 were read as �',
    preamble: (count) => `${counted(count, 'line', 'lines')} before the table skipped`,
    counts: () => 'the first line has counts and the names of the classes',
    'row-names': () => 'the first column has names of rows',
    renamed: () => 'named anew, as a name was missing or stood there twice',
    'empty-column': () => 'left out, as it has neither a name nor values',
    blank: (count) => `${counted(count, 'record', 'records')} without any value skipped`,
    short: (count) => `${counted(count, 'record', 'records')} with too few values: the last ones are missing`,
    long: (count) => `${counted(count, 'record', 'records')} with too many values skipped`,
    quotes: (count) => `${counted(count, 'record', 'records')} with a quote that is not doubled`,
    'not-a-number': (count) =>
      `${counted(count, 'value is no number', 'values are no numbers')}, and taken as missing`,
    'not-finite': (count) => `${counted(count, 'number is', 'numbers are')} not finite, and taken as missing`,
    'uncertain-number': () => 'read as texts, as the comma may mark decimals or thousands',
    'decimal-comma': () => 'the comma marks the decimals',
    'thousands-point': () => 'the point marks thousands',
    'unclear-point': () => 'the point marks decimals, though it may mark thousands',
    time: () => 'points in time, in milliseconds since 1970',
    'many-texts': () => 'left out, as it has very many different texts',
  } satisfies Record<NoteReason, (count: number) => string> as Record<NoteReason, (count: number) => string>,
  note: (columns: string, what: string, places: string) =>
    `${columns && `${columns}: `}${what}${places && ` (${places})`}.`,
  places: (lines: readonly number[], more: boolean) =>
    `${lines.length === 1 ? 'line' : 'lines'} ${lines.map((line) => line.toLocaleString('en')).join(', ')}${more ? ', …' : ''}`,
  resuming: 'The run goes on where it was taken away.',
  run: {
    wanted: (name: string) => `This run was trained on ${name}: it goes on when that file is here.`,
    other: (name: string, wanted: string) =>
      name === wanted
        ? `This ${name} is not the one that the run was trained on: its contents differ.`
        : `${name} is not ${wanted}, which the run was trained on.`,
    kept: 'The run waits for its own rows.',
  },
  unfit: (unfit: Unfit, label: (setting: Ranged['setting']) => string): string => {
    switch (unfit.kind) {
      case 'layers':
        return `This page holds at most ${unfit.most} hidden layers, and the network of the file has ${unfit.received}: go on in a program, by resume() of spiralnet/models.`;
      case 'units':
        return `This page holds at most ${unfit.most.toLocaleString('en')} units in a layer, and the network of the file has ${unfit.received.toLocaleString('en')}: go on in a program, by resume() of spiralnet/models.`;
      case 'activations':
        return `This page has one activation for all hidden layers, and the network of the file has ${unfit.received.join(' and ')}: go on in a program, by resume() of spiralnet/models.`;
      case 'range':
        return `“${label(unfit.setting)}” goes from ${unfit.range.min} to ${unfit.range.max} on this page, and is ${unfit.received} in the file: go on in a program, by resume() of spiralnet/models.`;
      case 'schedule':
        return 'This page has one warm-up before a schedule, and the file has several: go on in a program, by resume() of spiralnet/models.';
      case 'link':
        return `The file has settings that this page does not understand (${unfit.names.join(', ')}): open it in the version of the page that wrote it.`;
      case 'contradiction':
        return 'The settings in the file are to be those of its network, but are of another one: take the run away once more.';
      case 'data':
        return `The network of the file expects data of ${shape(unfit.expected)}, and those of this page have ${shape(unfit.received)}: choose its data first, then open the file again.`;
      case 'names':
        return `The network of the file expects “${unfit.expected}” where the data of this page have “${unfit.received}”: choose its data first, then open the file again.`;
      case 'scaling':
        return 'The network of the file expects rows that are scaled as those that it was trained on, and these rows or their test share are others: choose its data first, then open the file again.';
    }
  },
  preparing: 'Handing the rows over to the network.',
  train: 'Train on this',
  shareFirst: 'Correct the test share first.',
  trainFirst: 'There are no rows to train on yet.',
  where: ({ line, record, column, value }: ReadProblem) => {
    const places = [
      line !== undefined && `line ${line.toLocaleString('en')}`,
      record !== undefined && `record ${record.toLocaleString('en')}`,
      column !== undefined && `column “${column}”`,
      value !== undefined && `value “${value}”`,
    ].filter((place) => place !== false);
    return places.length > 0 ? `It is in ${places.join(', ')}.` : '';
  },
  happened: {
    spreadsheet: 'This is a spreadsheet’s own file, which this page does not read.',
    untrained: 'This safetensors file has weights, but neither the step nor the settings of their training.',
    rate: 'The learning rate of this run was a function of a program, which no file keeps.',
    damaged: 'This is no run as safetensors keeps one.',
    several: 'Only one table, or one run, can be read at a time.',
    unlabelled:
      'These arrays are no rows with labels: one array needs a row or an image for each example, another one as many labels.',
    table: 'The file cannot be read as a table.',
    label: 'The column cannot be learned like this.',
    values: 'The column cannot be learned as values.',
    features: 'The network cannot get these columns.',
    gaps: 'No row has all values.',
    classes: 'The column has more than 100 classes, which is more than this page shows.',
    memory: 'There is not enough memory for this file.',
    unreadable: 'The browser could not read the file; it may have been moved or changed.',
    frame: 'Reading a file needs a worker, which this frame does not allow.',
    worker: 'The part of this page that reads files could not start or has stopped.',
    unknown: 'The file could not be read, for a reason that this page does not know.',
  } satisfies Record<ReadProblem['kind'], string>,
  kept: 'The run is as it was.',
  advice: {
    spreadsheet: 'Save the sheet as CSV there, or copy its cells and paste them here.',
    untrained: 'Choose a file that Take away or exportModel(trainer) has written as safetensors.',
    rate: 'Go on in that program by resume(bytes, data, { learningRate }), or choose another file.',
    damaged: 'Take the run away once more, or choose another file.',
    several: 'Choose one file; of images in IDX, two: the images and their labels.',
    unlabelled: 'Choose the file of images and the file of their labels together.',
    table: 'Correct the file there, or choose another one.',
    label: 'Choose another column, or learn values in the place of classes.',
    values: 'Choose another column, or learn classes in the place of values.',
    features: 'Use other columns, or learn another one.',
    gaps: 'Fill the gaps with the mean, or use other columns.',
    classes: 'Choose another column, or learn values in the place of classes.',
    memory: 'Close other pages, or cut the file in parts.',
    unreadable: 'Choose it again.',
    frame: 'Open the page in a tab of its own.',
    worker: 'Reload the page; please report it if it happens again.',
    unknown: 'Choose another file; please report it if it happens again.',
  } satisfies Record<ReadProblem['kind'], string>,
  inDetail: 'In detail:',
};

export type FileTexts = typeof en;
