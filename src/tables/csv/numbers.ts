/** A reader of one cell: its number, or NaN if the text is none. */
export type NumberReader = (text: string) => number;

/** Groups of three digits, between which the same sign stands. */
const grouped = (signs: string) => `[1-9]\\d{0,2}(?:([${signs}])\\d{3})(?:\\1\\d{3})*`;
const SPACES = " '’\u00a0\u202f";
const EXPONENT = '(?:[eE][+-]?\\d+)?';

/** A sign, but no plus before spaces, as phone numbers have it. */
const SIGN = '(?!\\+.*[ \u00a0\u202f])[+-]?';

/** With a decimal point; thousands only by signs that can mean nothing else. */
const POINT = new RegExp(`^${SIGN}${grouped(SPACES)}(?:\\.\\d*)?${EXPONENT}$`);
const POINT_AND_COMMAS = new RegExp(`^${SIGN}${grouped(`,${SPACES}`)}(?:\\.\\d*)?${EXPONENT}$`);
/** With a decimal comma; thousands also by points. */
const COMMA = new RegExp(`^${SIGN}(?:${grouped(`.${SPACES}`)}|\\d+)?(?:,\\d*)?${EXPONENT}$`);
/** With a decimal comma and no thousands. */
const COMMA_ONLY = new RegExp(`^[+-]?(?:\\d+,?\\d*|,\\d+)${EXPONENT}$`);
/** Several thousands by points. */
const SEVERAL_POINTS = /^[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}$/;
/** `0x1f` and the like, which `Number` takes. */
const OTHER_BASE = /^\s*[+-]?0[xob]/i;
const INFINITE = /^[+-]?inf(?:inity)?$/i;

/** Signs of money, and codes as in ISO 4217. */
const MONEY =
  '(?:(?:US|CA|A|R)?\\$|[€£¥₩₹₽₺₫₪฿]|kr|zł|Kč|Ft|EUR|USD|GBP|CHF|JPY|CNY|KRW|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|SGD|HKD|TRY)';
const MONEY_BEFORE = new RegExp(`^([+-]?)${MONEY}\\s?(?=[-+.,\\d])`);
const UNIT_AFTER = new RegExp(`([.,\\d])\\s?(?:${MONEY}|%)$`);
const UNITS = /[^-+.,'’\s\deE]/;
/** A telephone number with the code of its country, which is none to count with. */
const TELEPHONE = /^\s*\+\d{8,}\s*$/;

const ZERO = 48;
const NINE = 57;

/**
 * Reads a number with a decimal point, as programs write it, with spaces around it. `1e999` is infinite.
 * @returns NaN if the text is no number
 */
export function plainNumber(text: string): number {
  const number = Number(text);
  const first = text.charCodeAt(0);
  // A digit from 1 to 9 begins most numbers; what else Number takes is looked at once more.
  if ((first > ZERO && first <= NINE) || Number.isNaN(number)) return number;
  const isNone = OTHER_BASE.test(text) || TELEPHONE.test(text) || text.trim() === '';
  return isNone ? Number.NaN : number;
}

/**
 * Reads a number with a decimal point; thousands may stand apart by spaces or apostrophes. Like the readers
 * below it passes over a sign of money, and takes a percentage as a hundredth.
 */
export function pointNumber(text: string): number {
  const number = plainNumber(text);
  return Number.isNaN(number) ? groupedNumber(text, POINT) : number;
}

/** Reads a number with a decimal point; thousands may stand apart by commas, too. */
export function commasNumber(text: string): number {
  const number = plainNumber(text);
  return Number.isNaN(number) ? groupedNumber(text, POINT_AND_COMMAS) : number;
}

/**
 * Reads a number with a decimal comma; thousands may stand apart by points, spaces or apostrophes. A
 * point that cannot mean thousands marks decimals.
 */
export function commaNumber(text: string): number {
  if (!text.includes(',') && !text.includes('.')) return pointNumber(text);
  const bare = withoutUnits(text);
  const number = COMMA.test(bare)
    ? plainNumber(bare.replace(/[^\d,eE+-]/g, '').replace(',', '.'))
    : plainNumber(bare);
  return isPercentage(text) ? number / 100 : number;
}

function groupedNumber(text: string, pattern: RegExp): number {
  const bare = withoutUnits(text);
  if (INFINITE.test(bare)) return bare.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (pattern.test(bare)) {
    const number = Number(bare.replace(/[^\d.eE+-]/g, ''));
    return isPercentage(text) ? number / 100 : number;
  }
  if (bare === text) return Number.NaN;
  const number = plainNumber(bare);
  return isPercentage(text) ? number / 100 : number;
}

/** The text without spaces around it and without a sign of money or a percent sign, its minus as a hyphen. */
function withoutUnits(text: string): string {
  const bare = withoutBrackets(text.trim().replace(/^−/, '-'));
  return UNITS.test(bare) ? bare.replace(MONEY_BEFORE, '$1').replace(UNIT_AFTER, '$1') : bare;
}

/** The negative of a sum in brackets, as bookkeepers write it: with a mark or a unit, as (1) may be a note. */
function withoutBrackets(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  const inner = text.slice(1, -1);
  return /\D/.test(inner) ? `-${inner}` : text;
}

const isPercentage = (text: string) => text.trimEnd().endsWith('%');

/** What the marks in a number tell of the marks of its table. */
export type Marks =
  | 'point'
  | 'comma'
  | 'commas'
  | 'points'
  | 'comma-or-commas'
  | 'point-or-points'
  | undefined;

/**
 * Which mark is the decimal one: `point` or `comma`; `commas` or `points`: several thousands by them, so that
 * the other mark is the decimal one; `comma-or-commas`: `1,234`; `point-or-points`: `1.234`. Undefined if the
 * number has no marks, or the text is none.
 */
export function marksOf(text: string): Marks {
  const plain = withoutUnits(text);
  const hasComma = plain.includes(',');
  if (!hasComma) {
    if (!plain.includes('.')) return undefined;
    if (Number.isNaN(plainNumber(plain))) return SEVERAL_POINTS.test(plain) ? 'points' : undefined;
    // 1.234 may be a thousand with a decimal comma; 0.123, 1234.5 and 1.25e-3 may not.
    return /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(plain) ? 'point-or-points' : 'point';
  }
  const withGroups = POINT_AND_COMMAS.test(plain) && !/^[+-]?0/.test(plain);
  if (!COMMA.test(plain) || !/\d/.test(plain)) return withGroups ? 'commas' : undefined;
  return withGroups && COMMA_ONLY.test(plain) ? 'comma-or-commas' : 'comma';
}
