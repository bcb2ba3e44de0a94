import { withMinus } from './format.ts';

/** A round value on an axis, as it is written there. */
export interface RoundTick {
  value: number;
  text: string;
}

/** From this value on, and below the other one, numbers are written short. */
const LARGE = 1e6;
const SMALL = 1e-3;

/** The least of 1, 2 and 5 times a power of ten that is not below a distance. */
export function niceStep(distance: number): number {
  const power = 10 ** Math.floor(Math.log10(distance));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= distance) as number;
}

/**
 * Round numbers between two others, in as many digits as tell them apart.
 * @param count about how many
 */
export function roundTicks(from: number, to: number, count: number): RoundTick[] {
  if (!(to > from)) return [];
  const step = niceStep((to - from) / count);
  const [first, last] = [Math.ceil(from / step), Math.floor(to / step)];
  const most = Math.max(Math.abs(first), Math.abs(last)) * step;
  const digits = Math.min(15, Math.max(1, 1 + Math.ceil(Math.log10(most / step) - 1e-9)));
  return Array.from({ length: last - first + 1 }, (_, i) => {
    // A multiple of the step without the rounding of the product.
    const value = Number(((first + i) * step).toPrecision(15));
    return { value, text: withMinus(written(value, most, digits)) };
  });
}

function written(value: number, most: number, digits: number): string {
  if (most < SMALL && value !== 0) return String(Number(value.toPrecision(digits)));
  const notation = most >= LARGE ? 'compact' : 'standard';
  return new Intl.NumberFormat('en', { notation, maximumSignificantDigits: digits }).format(value);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Milliseconds between points in time that are round within a day, and those that are days. */
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14].map((days) => days * DAY),
];
/** Months between longer ones. */
const MONTHS = [1, 2, 3, 6];
const MONTH = 30.44 * DAY;
const YEAR = 365.25 * DAY;

/** Round points in time between two others, all in milliseconds since 1970. */
export function timeTicks(from: number, to: number, count: number): RoundTick[] {
  if (!(to > from && isTime(from) && isTime(to))) return [];
  const distance = (to - from) / count;
  const step = STEPS.find((step) => step >= distance);
  if (step === undefined) return monthTicks(from, to, distance);
  const [first, last] = [Math.ceil(from / step), Math.floor(to / step)];
  const all = Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    const [day, time] = partsOf(value);
    if (step >= DAY) return { value, text: day };
    if (step >= MINUTE) return { value, text: `${day.slice(-5)} ${time.slice(0, 5)}` };
    return { value, text: step >= 1000 ? time.slice(0, 8) : time };
  });
  // A quotient is rounded.
  return all.filter(({ value }) => value >= from && value <= to);
}

function monthTicks(from: number, to: number, distance: number): RoundTick[] {
  const months =
    MONTHS.find((months) => months * MONTH >= distance) ?? 12 * niceStep(Math.max(1, distance / YEAR));
  const start = new Date(from);
  const first = Math.ceil((12 * start.getUTCFullYear() + start.getUTCMonth()) / months);
  const ticks: RoundTick[] = [];
  for (let i = first; ; i++) {
    const [year, month] = [Math.floor((i * months) / 12), (i * months) % 12];
    const value = new Date(0).setUTCFullYear(year, month, 1);
    if (!(value <= to)) return ticks;
    const [day] = partsOf(value);
    if (value >= from) ticks.push({ value, text: day.slice(0, months >= 12 ? -6 : -3) });
  }
}

const isTime = (value: number): boolean => !Number.isNaN(new Date(value).getTime());

/** Such as `2024-01-31` and `12:30:00.000`. */
function partsOf(value: number): [day: string, time: string] {
  const [day, time] = new Date(value).toISOString().slice(0, -1).split('T');
  return [day, time];
}

/** A point in time; midnight is a day. What is no point in time stays a number. */
export function formatTime(value: number): string {
  if (!isTime(value)) return String(value);
  const [day, time] = partsOf(value);
  return time === '00:00:00.000' ? day : `${day} ${time.replace('.000', '')}`;
}
