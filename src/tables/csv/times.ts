import type { DateOrder } from '../table.ts';
import type { NumberReader } from './numbers.ts';

const CLOCK = '(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?';
const HALF_OF_DAY = '(?:\\s*([AP])\\.?M\\.?)?';
const ISO = new RegExp(
  `^\\s*(\\d{4})([-/])(\\d{1,2})\\2(\\d{1,2})(?:(?:[T ]\\s*)${CLOCK}\\s*(?:(Z|UTC|GMT)|([+-])(\\d{2}):?(\\d{2})?)?)?\\s*$`,
  'i',
);
const MONTH = /^\s*(\d{4})-(\d{2})\s*$/;
const DAY_OR_MONTH_FIRST = new RegExp(
  `^\\s*(\\d{1,2})([./-])(\\d{1,2})\\2(\\d{4})(?:[T ,]\\s*${CLOCK}${HALF_OF_DAY})?\\s*$`,
  'i',
);

const MINUTE = 60_000;

/**
 * Reads a date, a month, or a date and time, as ISO 8601 has them (year, month, day); a time without a zone
 * is UTC, and a month its first day.
 * @returns milliseconds since the beginning of 1970, UTC; NaN if the text is none
 */
export function isoTime(text: string): number {
  // Most texts are shorter, and need no pattern.
  if (text.length < 7) return Number.NaN;
  const onlyMonth = MONTH.exec(text);
  if (onlyMonth) return pointInTime([onlyMonth[1], onlyMonth[2], '1'], []);
  const found = ISO.exec(text);
  if (!found) return Number.NaN;
  const [, year, , month, day, hour, minute, second, fraction, , sign, zoneHours, zoneMinutes] = found;
  const time = pointInTime([year, month, day], [hour, minute, second, fraction]);
  if (!sign) return time;
  const zone = Number(zoneHours) * 60 + Number(zoneMinutes ?? 0);
  return zone < 24 * 60 ? time - (sign === '-' ? -1 : 1) * zone * MINUTE : Number.NaN;
}

/** Reads `31.12.2024`, also with `/` or `-`, and with a time of day, which is UTC. */
export const dayFirst: NumberReader = (text) => {
  const found = DAY_OR_MONTH_FIRST.exec(text);
  return found ? pointInTime([found[4], found[3], found[1]], found.slice(5)) : Number.NaN;
};

/** Reads `12/31/2024`, and with a time of day, which is UTC. Points stand between day and month only. */
export const monthFirst: NumberReader = (text) => {
  const found = DAY_OR_MONTH_FIRST.exec(text);
  if (!found || found[2] === '.') return Number.NaN;
  return pointInTime([found[4], found[1], found[3]], found.slice(5));
};

/** The readers of dates in which the year comes last. */
export const DATES: Readonly<Record<DateOrder, NumberReader>> = {
  'day-first': dayFirst,
  'month-first': monthFirst,
};

/**
 * NaN for a day that the month does not have, and for an hour that the day does not have.
 * @param clock hour, minute, second and its fraction, and A or P for an hour of a half of the day
 */
function pointInTime(date: string[], clock: (string | undefined)[]): number {
  const [year, month, day] = date.map(Number);
  const [given = 0, minute = 0, second = 0] = clock.slice(0, 3).map((part) => Number(part ?? 0));
  const half = clock[4]?.toUpperCase();
  if (half && (given < 1 || given > 12)) return Number.NaN;
  const hour = half ? (given % 12) + (half === 'P' ? 12 : 0) : given;
  const fraction = Number(`0.${clock[3] ?? 0}`) * 1000;
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month - 1, day);
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return Number.NaN;
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && minute + second + fraction > 0))
    return Number.NaN;
  return midnight.getTime() + hour * 60 * MINUTE + minute * MINUTE + second * 1000 + fraction;
}
