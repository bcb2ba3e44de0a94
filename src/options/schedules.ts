import { leastSetting, type NumberRange, numberThat, setting, size } from '../checks/numbers.ts';
import { type Check, isObject, oneOf, readOptions, type Schema } from '../checks/schema.ts';
import { OptionError } from '../errors.ts';
import type { Schedule, ScheduleData } from '../types.ts';
import { SYNONYMS } from './synonyms.ts';

/** A learning rate after its check: a number, or a function of the step. */
export type Rate = number | ((step: number) => number);

type Named<Name extends ScheduleData['schedule']> = Extract<ScheduleData, { schedule: Name }>;

/** A kind of schedule: the checks of its numbers, and its rate after `step` updates. */
interface Kind<Data> {
  schema(number: Check<number>): Schema<Omit<Data, 'schedule'>>;
  rate(data: Data, step: number): number;
}

const factor = numberThat((value) => value > 0 && value <= 1, 'a factor above 0, at most 1');

const KINDS: { [Name in ScheduleData['schedule']]: Kind<Named<Name>> } = {
  'step decay': {
    schema: (rate) => ({ rate, every: size, factor }),
    rate: ({ rate, every, factor }, step) => rate * factor ** Math.floor(step / every),
  },
  'exponential decay': {
    schema: (rate) => ({ rate, every: size, factor }),
    rate: ({ rate, every, factor }, step) => rate * factor ** (step / every),
  },
  'cosine decay': {
    schema: (rate) => ({ rate, steps: size, end: rate }),
    rate({ rate, steps, end }, step) {
      return end + ((rate - end) * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps))) / 2;
    },
  },
  warmup: {
    schema: (rate) => ({
      steps: size,
      rate: (value, name) => (typeof value === 'number' ? rate(value, name) : dataOf(value, name, rate)),
    }),
    rate: ({ rate, steps }, step) =>
      step < steps ? (rateOf(rate, 0) * (step + 1)) / steps : rateOf(rate, step - steps),
  },
};

const NAMES = Object.keys(KINDS) as ScheduleData['schedule'][];
const anyRate = setting({ float32: false });

/**
 * A rate that is multiplied by a factor after every so many updates: rate·factor^⌊step / every⌋.
 * @throws {OptionError} if an argument cannot be used
 */
export function stepDecay(rate: number, options: { every: number; factor: number }): Schedule {
  return schedule({ schedule: 'step decay', rate, ...options });
}

/**
 * A rate that falls at every update: rate·factor^(step / every).
 * @throws {OptionError} if an argument cannot be used
 */
export function exponentialDecay(rate: number, options: { every: number; factor: number }): Schedule {
  return schedule({ schedule: 'exponential decay', rate, ...options });
}

/**
 * A rate that falls to `end`, by default 0, along half a wave of the cosine, and then stays: end +
 * (rate − end)·(1 + cos(π·step / steps)) / 2 (Loshchilov & Hutter 2017, without restarts).
 * @throws {OptionError} if an argument cannot be used
 */
export function cosineDecay(rate: number, options: { steps: number; end?: number }): Schedule {
  return schedule({ schedule: 'cosine decay', rate, end: 0, ...options });
}

/**
 * A rate that rises evenly to its value in so many updates, from rate / steps at the first. A
 * schedule begins after them, with its rate at step 0.
 * @throws {OptionError} if an argument cannot be used
 */
export function warmup(steps: number, rate: number | Schedule | ScheduleData): Schedule {
  return schedule({ schedule: 'warmup', steps, rate });
}

function schedule(given: unknown): Schedule {
  return functionOf(dataOf(given, undefined, anyRate));
}

/** Checks a schedule or its data. @returns a copy of its data */
function dataOf(given: unknown, name: string | undefined, rate: Check<number>): ScheduleData {
  const value = typeof given === 'function' ? Reflect.get(given, 'data') : given;
  if (!isObject(value))
    throw new OptionError(name ?? 'rate', 'a number, or a schedule of this library', given);
  const own = oneOf(...NAMES);
  const kind = own(value.schedule, `${name ? `${name}.` : ''}schedule`);
  const schema = { schedule: own, ...KINDS[kind].schema(rate) };
  return readOptions<object>(value, schema, name, SYNONYMS) as ScheduleData;
}

function functionOf(data: ScheduleData): Schedule {
  return Object.assign((step: number) => rateOf(data, step), { data, toJSON: () => data });
}

function rateOf(rate: number | ScheduleData, step: number): number {
  return typeof rate === 'number' ? rate : (KINDS[rate.schedule] as Kind<ScheduleData>).rate(rate, step);
}

/**
 * Checks a learning rate: a number, a schedule or its data. Of any other function, {@link rateAt}
 * checks the results.
 */
export function learningRate(range: NumberRange, most?: number): Check<Rate> {
  const number = setting(range, most);
  return (value, name) => {
    if (typeof value === 'function' && !isObject(Reflect.get(value, 'data'))) return value as Rate & object;
    if (typeof value !== 'function' && !isObject(value)) return number(value, name);
    return functionOf(dataOf(value, name, number));
  };
}

/**
 * The learning rate after `step` updates. A rate that is too small for 32 bits counts as 0, so that a
 * schedule may fall for ever.
 * @throws {OptionError} if a function of the caller's gives no learning rate
 */
export function rateAt(rate: Rate, step: number, range: NumberRange, most?: number): number {
  if (typeof rate === 'number') return rate;
  const value = rate(step);
  if (value > 0 && value < leastSetting(range)) return 0;
  return setting(range, most)(value, `learningRate(${step})`);
}
