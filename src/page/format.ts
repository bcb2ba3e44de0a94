const LANGUAGE = 'en';
const whole = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const significant = new Intl.NumberFormat(LANGUAGE, { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat(LANGUAGE, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** A number's text with the minus sign of print. */
export const withMinus = (text: string) => text.replaceAll('-', '−');

export const formatWhole = (value: number) => whole.format(value);
export const formatPercent = (value: number) => percent.format(value).replace('%', '\u202f%');

/** As many digits as a measured time or speed deserves. */
export const threeDigits = (value: number) => significant.format(value);

export const formatCoordinate = (value: number) => withMinus(value.toFixed(1));

/** As the notes print a loss. */
export const formatLoss = (value: number) => value.toFixed(6);

/** The size of a difference in two digits, such as `4.4e−7`. */
export const formatMagnitude = (value: number) =>
  value === 0 ? '0' : withMinus(Math.abs(value).toExponential(1));

/** A signed difference in two digits, such as `+4.4e−7`. */
export function formatDifference(value: number): string {
  return `${value > 0 ? '+' : ''}${value < 0 ? '−' : ''}${formatMagnitude(value)}`;
}
