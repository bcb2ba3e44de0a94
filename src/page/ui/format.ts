/** Both languages of the page write numbers alike. */
const LANGUAGE = 'en';
const whole = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const significant = new Intl.NumberFormat(LANGUAGE, { maximumSignificantDigits: 3 });

/** A number's text with the minus sign of print. */
export const withMinus = (text: string) => text.replaceAll('-', '−');

export const formatWhole = (value: number) => whole.format(value);
export const formatPercent = (value: number, digits = 1) => `${(100 * value).toFixed(digits)}\u202f%`;

/** A measured time or speed in three digits at most. */
export const threeDigits = (value: number) => significant.format(value);

export const formatCoordinate = (value: number, digits = 1) => withMinus(value.toFixed(digits));

/** A number with its sign in three digits, whatever its size. */
export const formatSigned = (value: number) =>
  withMinus(Math.abs(value) >= 0.001 || value === 0 ? significant.format(value) : value.toExponential(1));

/** A number of a file, which had it in text or single precision, in as many digits. */
export const formatRaw = (value: number) => withMinus(String(Number(value.toPrecision(7))));

/** The end of a range in few digits. */
export const formatBound = (value: number) =>
  value !== 0 && Math.abs(value) < 1e-3
    ? withMinus(String(value))
    : new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 6 }).format(value);

/** A loss as the notes print it; a loss that explodes, in as many characters. */
export const formatLoss = (value: number) =>
  value < 1e6 ? value.toFixed(6) : value.toExponential(2).replace('+', '');

/** The size of a difference in two digits, such as `4.4e−7`. */
export const formatMagnitude = (value: number) =>
  value === 0 ? '0' : withMinus(Math.abs(value).toExponential(1));

/** A signed difference in two digits, such as `+4.4e−7`. */
export function formatDifference(value: number): string {
  return `${value > 0 ? '+' : ''}${value < 0 ? '−' : ''}${formatMagnitude(value)}`;
}

/** A size such as `34 KB` or `150 MB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 3);
  return `${significant.format(bytes / 1000 ** power)} ${['B', 'KB', 'MB', 'GB'][power]}`;
}
