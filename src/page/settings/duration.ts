const UNITS = [
  ['year', 365.25 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A long time with its unit, such as `3 days`; at least a second. */
export function formatDuration(seconds: number, language: string): string {
  const [unit, length] = UNITS.find(([, length]) => seconds >= 1.5 * length) ?? UNITS[UNITS.length - 1];
  const count = Math.max(1, seconds / length);
  const rounded = Number(count.toPrecision(2));
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: 0,
  }).format(Math.round(rounded));
}
