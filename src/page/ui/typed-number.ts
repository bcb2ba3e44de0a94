const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The number that a person has typed, with a point or a comma as the decimal sign; undefined if the
 * text is none or may mean two numbers.
 */
export function typedNumber(text: string, { whole = false }: { whole?: boolean } = {}): number | undefined {
  const plain = text.trim().replace(/^−/, '-').replace(',', '.');
  if (mayGroup(text, { whole }) || !PLAIN.test(plain)) return undefined;
  return Number.isFinite(Number(plain)) ? Number(plain) : undefined;
}

/**
 * Whether a text has a sign that may stand between thousands: in `1,000` the comma is a decimal sign
 * for one reader and groups thousands for another. A whole number has no use for a decimal sign.
 */
export function mayGroup(text: string, { whole = false }: { whole?: boolean } = {}): boolean {
  return (whole ? /^\s*[+−-]?\d+[.,][\d.,]*\s*$/ : /^\s*[+−-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?\s*$/).test(text);
}
