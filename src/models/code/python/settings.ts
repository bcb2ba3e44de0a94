import type { ScheduleData } from '../../../types.ts';
import { firstRate, type Piece } from '../check.ts';
import { indented, number } from '../text.ts';
import type { Uses } from '../uses.ts';
import { STEP } from './names.ts';

/** The settings that a script names, with their values in Python, in the order in which it names them. */
function values({ settings, rate }: Piece, uses: Uses, classes: string): [name: string, value: string][] {
  const { l2, l1, weightDecay, dropout, classWeights, optimizer } = settings;
  const entries: [boolean, string, number | undefined][] = [
    [typeof rate === 'number', 'learning_rate', typeof rate === 'number' ? rate : undefined],
    [uses.l2, 'l2', l2],
    [uses.l1, 'l1', l1],
    [uses.weightDecay, 'weight_decay', weightDecay],
    [uses.dropout, 'dropout', dropout],
    [uses.rule === 'momentum' || uses.rule === 'nesterov', 'momentum', field(optimizer, 'momentum')],
    [uses.rule === 'adam', 'beta1', field(optimizer, 'beta1')],
    [uses.rule === 'adam', 'beta2', field(optimizer, 'beta2')],
    [uses.rule === 'rmsprop', 'decay', field(optimizer, 'decay')],
    ['epsilon' in optimizer, 'epsilon', field(optimizer, 'epsilon')],
  ];
  const named = entries.flatMap(([used, name, value]): [string, string][] =>
    used && value !== undefined ? [[name, number(value)]] : [],
  );
  if (!uses.classWeights) return named;
  const weights = classWeights
    ? `np.array([${classWeights.map(number).join(', ')}], dtype=float)`
    : undefined;
  return [...named, ['class_weights', weights ?? `np.ones(${classes})`]];
}

function field(optimizer: Piece['settings']['optimizer'], name: string): number | undefined {
  const value: unknown = Reflect.get(optimizer, name);
  return typeof value === 'number' ? value : undefined;
}

const assign = ([name, value]: [string, string]) => `${name} = ${value}`;

/** The settings of the first step; the learning rate only where it is a number in all steps. */
export function settingLines(pieces: readonly Piece[], uses: Uses, classes: string): string[] {
  return values(pieces[0], uses, classes)
    .filter(([name]) => !(uses.schedule && name === 'learning_rate'))
    .map(assign);
}

/**
 * The lines by which the loop takes over the settings of its step.
 * @param more the lines of a change beside the settings themselves
 */
export function changeLines(
  pieces: readonly Piece[],
  uses: Uses,
  classes: string,
  more: (piece: Piece, before: Piece) => string[],
): string[] {
  const lines = pieces.slice(1).flatMap((piece, i) => {
    const before = new Map(values(pieces[i], uses, classes));
    const changed = values(piece, uses, classes).filter(
      ([name, value]) => before.get(name) !== value && !(uses.schedule && name === 'learning_rate'),
    );
    const body = [...changed.map(assign), ...more(piece, pieces[i])];
    return body.length > 0 ? [`if i == ${piece.step}:`, ...indented(body, STEP)] : [];
  });
  return uses.schedule ? [...lines, 'learning_rate = rate_at(i)'] : lines;
}

/** `rate_at(step)`, the learning rate after `step` updates, where it is no number. */
export function rateFunction(pieces: readonly Piece[], { schedule }: Uses): string[] {
  if (!schedule) return [];
  const body = pieces.flatMap(({ rate }, i) => {
    const next = pieces[i + 1];
    if (!next) return rateLines(rate);
    const same = JSON.stringify(rate) === JSON.stringify(next.rate);
    return same ? [] : [`if step < ${next.step}:`, ...indented(rateLines(rate), STEP)];
  });
  return ['def rate_at(step):', ...indented(body, STEP)];
}

function rateLines(rate: number | ScheduleData): string[] {
  if (typeof rate === 'number') return [`return ${number(rate)}`];
  switch (rate.schedule) {
    case 'step decay':
      return [`return ${number(rate.rate)} * ${number(rate.factor)} ** (step // ${rate.every})`];
    case 'exponential decay':
      return [`return ${number(rate.rate)} * ${number(rate.factor)} ** (step / ${rate.every})`];
    case 'cosine decay': {
      const wave = `(1 + np.cos(np.pi * min(step, ${rate.steps}) / ${rate.steps})) / 2`;
      const [start, end] = [number(rate.rate), number(rate.end)];
      return [rate.end === 0 ? `return ${start} * ${wave}` : `return ${end} + (${start} - ${end}) * ${wave}`];
    }
    case 'warmup':
      return [
        `if step < ${rate.steps}:`,
        `${STEP}return ${number(firstRate(rate.rate))} * (step + 1) / ${rate.steps}`,
        ...(typeof rate.rate === 'number' ? [] : [`step -= ${rate.steps}`]),
        ...rateLines(rate.rate),
      ];
  }
}
