import {
  type Field,
  formatEdit,
  formatTable,
  numberIn,
  numbersIn,
  numeric,
  oneOf,
  parseAxes,
  parseClassWeights,
  parseEdits,
  parseFeatures,
  parseHidden,
  parseSwitch,
  parseTable,
} from './link-values.ts';
import {
  ACTIVATIONS,
  BACKENDS,
  DEFAULTS,
  LOSSES,
  OPTIMIZERS,
  PLANS,
  PRECISIONS,
  RANGES,
  type Range,
  SCHEDULES,
  type Settings,
  SHAPES,
  STARTS,
  TURNED,
  type Turn,
  turnAt,
} from './settings.ts';

const VERSION = '1';
/** Names that are not settings: the step to train to, and the turns on the way. */
const STEP = 'at';
const TURNS = 'then';
/** The most characters of a link, far more than the page's longest link. */
const LONGEST = 50_000;
const MOST_TURNS = 1000;
/** The most parts of a link that are named as not understood; further parts are only counted. */
const MOST_NAMED = 5;
/** Characters of such a name. */
const LONGEST_NAME = 32;
/** Steps of a run that a link may repeat. */
const STEPS: Range = { min: 0, max: 1e12, whole: true };

type Fields = { [Key in keyof Settings]: Field<Settings[Key]> };

const FIELDS: Fields = {
  shape: oneOf('data', SHAPES),
  classes: numeric('classes', 'classes'),
  perClass: numeric('points', 'perClass'),
  noise: numeric('noise', 'noise'),
  dataSeed: numeric('seed', 'dataSeed'),
  testShare: numeric('test', 'testShare'),
  edits: { name: 'edits', parse: parseEdits, format: (edits) => edits.map(formatEdit).join('_') },
  table: { name: 'table', parse: parseTable, format: formatTable },
  scaled: { name: 'scaled', parse: parseSwitch, format: (on) => (on ? 'on' : 'off') },
  axes: { name: 'axes', parse: parseAxes, format: (axes) => axes.join('-') },
  features: { name: 'inputs', parse: parseFeatures, format: (features) => features.join('-') },
  hidden: { name: 'hidden', parse: parseHidden, format: (hidden) => hidden.join('-') || '0' },
  initialization: oneOf('init', STARTS),
  deviation: numeric('deviation', 'deviation'),
  weightSeed: numeric('weights', 'weightSeed'),
  activation: oneOf('activation', ACTIVATIONS),
  dropout: numeric('dropout', 'dropout'),
  loss: oneOf('objective', LOSSES),
  classWeights: { name: 'balance', parse: parseClassWeights, format: (weights) => weights.join(',') },
  learningRate: numeric('rate', 'learningRate'),
  schedule: oneOf('schedule', SCHEDULES),
  warmup: numeric('warmup', 'warmup'),
  decayEvery: numeric('every', 'decayEvery'),
  decayFactor: numeric('factor', 'decayFactor'),
  cosineSteps: numeric('cosine', 'cosineSteps'),
  cosineEnd: numeric('end', 'cosineEnd'),
  l2: numeric('l2', 'l2'),
  l1: numeric('l1', 'l1'),
  weightDecay: numeric('wd', 'weightDecay'),
  optimizer: oneOf('optimizer', OPTIMIZERS),
  momentum: numeric('momentum', 'momentum'),
  beta1: numeric('beta1', 'beta1'),
  beta2: numeric('beta2', 'beta2'),
  decay: numeric('decay', 'decay'),
  epsilon: numeric('epsilon', 'epsilon'),
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
  for (const key of Object.keys(FIELDS) as (keyof Settings)[])
    if (isTold(key, settings)) write(parameters, key, settings);
  if (step > 0) parameters.set(STEP, String(step));
  if (step > 0 && turns.length > 0)
    parameters.set(TURNS, turns.map((turn) => formatTurn(turn, settings)).join('_'));
  const text = parameters.toString();
  // Commas and colons are easier to read, and are safe in a fragment.
  return text && `v=${VERSION}&${text.replaceAll('%2C', ',').replaceAll('%3A', ':')}`;
}

/** A link that needs no file does not tell of one. */
const isTold = (key: keyof Settings, { shape }: Settings): boolean => key !== 'table' || shape === 'table';

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
  const read = (name: string, value: string) => {
    const what = readInto(linked, name, value);
    if (what) refused.push({ what, name: shown(name) });
  };
  for (const [name, value] of parameters) if (name !== 'v' && name !== TURNS) read(name, value);
  // A turn names only what differs from the other parts.
  for (const value of parameters.getAll(TURNS)) read(TURNS, value);
  // No turn lies after the step to train to.
  const last = linked.turns[linked.turns.length - 1];
  if (last && last.step > linked.step) {
    linked.turns = [];
    refused.push({ what: 'malformed', name: TURNS });
  }
  // Rows of a file need to be told of.
  if (linked.settings.shape === 'table' && !linked.settings.table) {
    linked.settings.shape = DEFAULTS.shape;
    refused.push({ what: 'malformed', name: FIELDS.shape.name });
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
    const turns = text.split('_').map((turn) => parseTurn(turn, linked.settings));
    const rising = turns.every((turn, i) => turn && turn.step > (i > 0 ? (turns[i - 1]?.step ?? 0) : 0));
    if (!rising || turns.length > MOST_TURNS) return 'malformed';
    linked.turns = turns as Turn[];
    return undefined;
  }
  const key = (Object.keys(FIELDS) as (keyof Settings)[]).find((key) => FIELDS[key].name === name);
  if (!key) return 'unknown';
  return read(linked.settings, key, text) ? undefined : 'malformed';
}

/** The settings that a turn names only if they differ from those at the start of the run. */
const NAMED = TURNED.filter((key) => key !== 'learningRate' && key !== 'l2' && key !== 'plan');

/** Such as `500,1,0.001,auto,momentum:0.5`. */
function formatTurn(turn: Turn, start: Settings): string {
  const text = <Key extends (typeof NAMED)[number]>(key: Key, settings: Pick<Settings, Key>) => {
    const { name, format }: Field<Settings[Key]> = FIELDS[key];
    return `${name}:${format(settings[key]).replaceAll(',', ':')}`;
  };
  const named = NAMED.filter((key) => text(key, turn) !== text(key, start)).map((key) => text(key, turn));
  return [turn.step, turn.learningRate, turn.l2, turn.plan, ...named].join(',');
}

function parseTurn(text: string, start: Settings): Turn | undefined {
  const words = text.split(',');
  const numbers = numbersIn(words.slice(0, 3).join(','), [STEPS, RANGES.learningRate, RANGES.l2]);
  const plan = FIELDS.plan.parse(words[3] ?? '');
  if (!numbers || !plan || words.length > 4 + NAMED.length) return undefined;
  const settings = { ...start, learningRate: numbers[1], l2: numbers[2], plan };
  for (const word of words.slice(4)) {
    const [name, ...values] = word.split(':');
    const key = NAMED.find((key) => FIELDS[key].name === name);
    if (!key || !read(settings, key, values.join(','))) return undefined;
  }
  return turnAt(numbers[0], settings);
}

function read<Key extends keyof Settings>(settings: Settings, key: Key, text: string): boolean {
  const value: Settings[Key] | undefined = FIELDS[key].parse(text);
  if (value === undefined) return false;
  settings[key] = value;
  return true;
}

/** A foreign name, cut and made fit for a sentence. */
function shown(name: string): string {
  const letters = [...name.slice(0, 2 * LONGEST_NAME + 1)];
  const text = printable(letters.slice(0, LONGEST_NAME).join(''));
  return letters.length > LONGEST_NAME ? `${text}…` : text;
}

/**
 * A foreign name made fit for a sentence: invisible characters, and those that reverse the text or
 * pile up, are replaced.
 */
export const printable = (name: string): string => name.replace(/[\p{C}\p{M}\p{Zl}\p{Zp}]/gu, '\ufffd');
