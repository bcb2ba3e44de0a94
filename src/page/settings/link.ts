import {
  BACKENDS,
  DEFAULTS,
  type Edit,
  LAYERS,
  MOST_EDITS,
  type NumberSetting,
  OPTIMIZERS,
  PLANS,
  PRECISIONS,
  RANGES,
  type Range,
  type Settings,
  SHAPES,
  STARTS,
  type Turn,
  UNITS,
  within,
} from './settings.ts';

const VERSION = '1';
/** Names that are not settings: the step to train to, and the turns on the way. */
const STEP = 'at';
const TURNS = 'then';
/** The most characters of a link, far more than the page's longest link. */
const LONGEST = 50_000;
/** The largest distance of a point from the origin. */
const FARTHEST = 10;
const MOST_TURNS = 1000;
/** The most parts of a link that are named as not understood; further parts are only counted. */
const MOST_NAMED = 5;
/** Characters of such a name. */
const LONGEST_NAME = 32;
/** Steps of a run that a link may repeat. */
const STEPS: Range = { min: 0, max: 1e12, whole: true };

/** The writing of a setting in a link, and its reading. Unreadable text gives undefined. */
interface Field<T> {
  name: string;
  parse(text: string): T | undefined;
  format(value: T): string;
}

type Fields = { [Key in keyof Settings]: Field<Settings[Key]> };

const FIELDS: Fields = {
  shape: oneOf('data', SHAPES),
  classes: numeric('classes', 'classes'),
  perClass: numeric('points', 'perClass'),
  noise: numeric('noise', 'noise'),
  dataSeed: numeric('seed', 'dataSeed'),
  testShare: numeric('test', 'testShare'),
  edits: { name: 'edits', parse: parseEdits, format: (edits) => edits.map(formatEdit).join('_') },
  hidden: { name: 'hidden', parse: parseHidden, format: (hidden) => hidden.join('-') || '0' },
  initialization: oneOf('init', STARTS),
  deviation: numeric('deviation', 'deviation'),
  weightSeed: numeric('weights', 'weightSeed'),
  learningRate: numeric('rate', 'learningRate'),
  l2: numeric('l2', 'l2'),
  optimizer: oneOf('optimizer', OPTIMIZERS),
  momentum: numeric('momentum', 'momentum'),
  batchSize: numeric('batch', 'batchSize'),
  precision: oneOf('precision', PRECISIONS),
  backend: oneOf('backend', BACKENDS),
  plan: oneOf('plan', PLANS),
  stopStep: numeric('steps', 'stopStep'),
  stopLoss: numeric('loss', 'stopLoss'),
  stopAccuracy: numeric('accuracy', 'stopAccuracy'),
  patience: numeric('patience', 'patience'),
  speed: numeric('speed', 'speed'),
};

/** A part of a link that was ignored. */
export type LinkRemark =
  | { what: 'unknown' | 'malformed'; name: string }
  | { what: 'more'; count: number }
  | { what: 'version' }
  | { what: 'long' };

export interface Linked {
  settings: Settings;
  /** The step to train to at once. */
  step: number;
  /** The turns on the way to `step`, by rising step. */
  turns: Turn[];
  remarks: LinkRemark[];
}

/** Writes the settings that differ from the defaults. */
export function formatLink(settings: Settings, step = 0, turns: readonly Turn[] = []): string {
  const parameters = new URLSearchParams();
  for (const key of Object.keys(FIELDS) as (keyof Settings)[]) write(parameters, key, settings);
  if (step > 0) parameters.set(STEP, String(step));
  if (step > 0 && turns.length > 0) parameters.set(TURNS, turns.map(formatTurn).join('_'));
  const text = parameters.toString();
  // Commas are easier to read, and are safe in a fragment.
  return text && `v=${VERSION}&${text.replaceAll('%2C', ',')}`;
}

function write<Key extends keyof Settings>(parameters: URLSearchParams, key: Key, settings: Settings): void {
  const { name, format }: Field<Settings[Key]> = FIELDS[key];
  const text = format(settings[key]);
  if (text !== format(DEFAULTS[key])) parameters.set(name, text);
}

/**
 * Reads settings from any text. Parts that are not understood keep their defaults and are named.
 */
export function parseLink(text: string): Linked {
  const linked: Linked = { settings: { ...DEFAULTS }, step: 0, turns: [], remarks: [] };
  if (text === '') return linked;
  if (text.length > LONGEST) return { ...linked, remarks: [{ what: 'long' }] };
  const parameters = new URLSearchParams(text);
  const version = parameters.get('v');
  if (version !== VERSION) linked.remarks.push({ what: 'version' });
  const refused: LinkRemark[] = [];
  for (const [name, value] of parameters) {
    if (name === 'v') continue;
    const what = readInto(linked, name, value);
    if (what) refused.push({ what, name: shown(name) });
  }
  // A turn lies before the step to train to.
  const last = linked.turns[linked.turns.length - 1];
  if (last && last.step >= linked.step) {
    linked.turns = [];
    refused.push({ what: 'malformed', name: TURNS });
  }
  linked.remarks.push(...refused.slice(0, MOST_NAMED));
  if (refused.length > MOST_NAMED) linked.remarks.push({ what: 'more', count: refused.length - MOST_NAMED });
  return linked;
}

/** Applies one part of a link. @returns what is wrong with it */
function readInto(linked: Linked, name: string, text: string): 'unknown' | 'malformed' | undefined {
  if (name === STEP) {
    const step = numberIn(text, STEPS);
    if (step === undefined) return 'malformed';
    linked.step = step;
    return undefined;
  }
  if (name === TURNS) {
    const turns = text.split('_').map(parseTurn);
    const rising = turns.every((turn, i) => turn && turn.step > (i > 0 ? (turns[i - 1]?.step ?? 0) : 0));
    if (!rising || turns.length > MOST_TURNS) return 'malformed';
    linked.turns = turns as Turn[];
    return undefined;
  }
  const key = (Object.keys(FIELDS) as (keyof Settings)[]).find((key) => FIELDS[key].name === name);
  if (!key) return 'unknown';
  return read(linked.settings, key, text) ? undefined : 'malformed';
}

const formatTurn = ({ step, learningRate, l2, plan }: Turn) => `${step},${learningRate},${l2},${plan}`;

function parseTurn(text: string): Turn | undefined {
  const [numbers, name] = [text.split(',', 3).join(','), text.split(',').slice(3).join(',')];
  const plan = FIELDS.plan.parse(name);
  const read = numbersIn(numbers, [STEPS, RANGES.learningRate, RANGES.l2]);
  return read && plan && { step: read[0], learningRate: read[1], l2: read[2], plan };
}

function read<Key extends keyof Settings>(settings: Settings, key: Key, text: string): boolean {
  const value: Settings[Key] | undefined = FIELDS[key].parse(text);
  if (value === undefined) return false;
  settings[key] = value;
  return true;
}

/**
 * A foreign name made fit for a sentence: invisible characters, and those that reverse the text or
 * pile up, are replaced.
 */
function shown(name: string): string {
  const letters = [...name.slice(0, 2 * LONGEST_NAME + 1)];
  const text = letters
    .slice(0, LONGEST_NAME)
    .join('')
    .replace(/[\p{C}\p{M}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return letters.length > LONGEST_NAME ? `${text}…` : text;
}

function oneOf<T extends string>(name: string, allowed: readonly T[]): Field<T> {
  return { name, parse: (text) => allowed.find((value) => value === text), format: (value) => value };
}

function numeric(name: string, key: NumberSetting): Field<number> {
  return { name, parse: (text) => numberIn(text, RANGES[key]), format: String };
}

/** A plain decimal number. `Number` also takes an empty or hexadecimal text. */
function numberIn(text: string, range: Range): number | undefined {
  if (!/^-?\d{1,20}(\.\d{1,30})?(e[+-]?\d{1,3})?$/.test(text)) return undefined;
  const value = Number(text);
  // A link is written with 0 for both zeros.
  return within(value, range) ? value + 0 : undefined;
}

/** Numbers between commas, one for each range and within it. */
function numbersIn(text: string, ranges: readonly Range[]): number[] | undefined {
  const words = text.split(',');
  const values = ranges.map((range, i) => numberIn(words[i] ?? '', range));
  return words.length === ranges.length && values.every((value) => value !== undefined) ? values : undefined;
}

function parseHidden(text: string): number[] | undefined {
  if (text === '0') return [];
  const units = text.split('-').map((word) => numberIn(word, UNITS));
  return units.length <= LAYERS.max && units.every((count) => count !== undefined) ? units : undefined;
}

function formatEdit(edit: Edit): string {
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

function parseEdits(text: string): Edit[] | undefined {
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
