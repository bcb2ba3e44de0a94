import {
  CLASS_WEIGHT,
  type Edit,
  FEATURES,
  type Feature,
  LAYERS,
  MOST_CLASSES,
  MOST_EDITS,
  type NumberSetting,
  RANGES,
  type Range,
  type TableChoice,
  UNITS,
  within,
} from './settings.ts';

/** The largest distance of a point from the origin. */
const FARTHEST = 10;

/** The writing of a setting in a link, and its reading. Unreadable text gives undefined. */
export interface Field<T> {
  name: string;
  parse(text: string): T | undefined;
  format(value: T): string;
}

export function oneOf<T extends string>(name: string, allowed: readonly T[]): Field<T> {
  return { name, parse: (text) => allowed.find((value) => value === text), format: (value) => value };
}

export function numeric(name: string, key: NumberSetting): Field<number> {
  return { name, parse: (text) => numberIn(text, RANGES[key]), format: String };
}

/** A plain decimal number. `Number` also takes an empty or hexadecimal text. */
export function numberIn(text: string, range: Range): number | undefined {
  if (!/^-?\d{1,20}(\.\d{1,30})?(e[+-]?\d{1,3})?$/.test(text)) return undefined;
  const value = Number(text);
  // A link is written with 0 for both zeros.
  return within(value, range) ? value + 0 : undefined;
}

/** Numbers between commas, one for each range and within it. */
export function numbersIn(text: string, ranges: readonly Range[]): number[] | undefined {
  const words = text.split(',');
  const values = ranges.map((range, i) => numberIn(words[i] ?? '', range));
  return words.length === ranges.length && values.every((value) => value !== undefined) ? values : undefined;
}

export function parseHidden(text: string): number[] | undefined {
  if (text === '0') return [];
  const units = text.split('-').map((word) => numberIn(word, UNITS));
  return units.length <= LAYERS.max && units.every((count) => count !== undefined) ? units : undefined;
}

export function formatEdit(edit: Edit): string {
  switch (edit.kind) {
    case 'add':
      return `a${edit.x},${edit.y},${edit.label}`;
    case 'move':
      return `m${edit.row},${edit.x},${edit.y}`;
    case 'remove':
      return `r${edit.row}`;
  }
}

const COORDINATE = { min: -FARTHEST, max: FARTHEST };
const ROW = { min: 0, max: RANGES.perClass.max * RANGES.classes.max + MOST_EDITS, whole: true };
const LABEL = { min: 0, max: RANGES.classes.max - 1, whole: true };

export function parseEdits(text: string): Edit[] | undefined {
  if (text === '') return [];
  const edits = text.split('_').map(parseEdit);
  return edits.length <= MOST_EDITS && edits.every((edit) => edit !== undefined) ? edits : undefined;
}

function parseEdit(text: string): Edit | undefined {
  const rest = text.slice(1);
  switch (text[0]) {
    case 'a': {
      const read = numbersIn(rest, [COORDINATE, COORDINATE, LABEL]);
      return read && { kind: 'add', x: read[0], y: read[1], label: read[2] };
    }
    case 'm': {
      const read = numbersIn(rest, [ROW, COORDINATE, COORDINATE]);
      return read && { kind: 'move', row: read[0], x: read[1], y: read[2] };
    }
    case 'r': {
      const read = numbersIn(rest, [ROW]);
      return read && { kind: 'remove', row: read[0] };
    }
    default:
      return undefined;
  }
}

/** Features between hyphens, in any order; the page has its own order. */
export function parseFeatures(text: string): Feature[] | undefined {
  const words = text.split('-');
  const features = FEATURES.filter((feature) => words.includes(feature));
  return features.length === words.length ? features : undefined;
}

export function parseClassWeights(text: string): number[] | undefined {
  if (text === '') return [];
  const weights = text.split(',').map((word) => numberIn(word, CLASS_WEIGHT));
  const known = weights.length <= MOST_CLASSES && weights.every((weight) => weight !== undefined);
  return known ? weights : undefined;
}

/** The most features of loaded rows, and characters of a name. */
const MOST_FEATURES = 1e6;
const LONGEST_NAME = 300;

export const parseSwitch = (text: string): boolean | undefined =>
  text === 'on' ? true : text === 'off' ? false : undefined;

/** Two different features between a hyphen. */
export function parseAxes(text: string): number[] | undefined {
  if (text === '') return [];
  const axes = text.split('-').map((word) => numberIn(word, { min: 0, max: MOST_FEATURES, whole: true }));
  return axes.length === 2 && axes.every((axis) => axis !== undefined) && axes[0] !== axes[1]
    ? axes
    : undefined;
}

/** Such as `iris.csv,9f86…,species,classes,drop`, then the columns; commas within a name are escaped. */
export function formatTable(table: TableChoice | undefined): string {
  if (!table) return '';
  const { name, sha256, label, task, missing, columns } = table;
  return [name, sha256, label, task, missing, ...columns].map(escaped).join(',');
}

const escaped = (name: string): string => name.replace(/[%,]/g, encodeURIComponent);

export function parseTable(text: string): TableChoice | undefined {
  const [name, sha256, label, task, missing, ...columns] = text.split(',').map(unescaped);
  const named = [name, label, ...columns].every(
    (word) => word !== undefined && word !== '' && word.length <= LONGEST_NAME,
  );
  const known = (task === 'classes' || task === 'values') && (missing === 'drop' || missing === 'mean');
  return named && known && /^([0-9a-f]{64})?$/.test(sha256)
    ? { name, sha256, label, task, missing, columns }
    : undefined;
}

const unescaped = (word: string): string => word.replaceAll('%2C', ',').replaceAll('%25', '%');
