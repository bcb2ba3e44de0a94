/** Characters that everybody sees: letters, marks, numbers, punctuation, symbols and the space. */
const VISIBLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** The widest line of lists of numbers. */
const WIDTH = 100;

/**
 * A literal of a string in single quotes. Whatever cannot be seen, such as line breaks and marks that
 * turn the direction of text, is escaped.
 */
function literal(text: string, escaped: (code: number) => string): string {
  const inner = Array.from(text, (character) => {
    if (character === "'" || character === '\\') return `\\${character}`;
    return VISIBLE.test(character) ? character : escaped(character.codePointAt(0) ?? 0);
  });
  return `'${inner.join('')}'`;
}

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0');

export const pythonString = (text: string): string =>
  literal(text, (code) => (code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`));

export const javascriptString = (text: string): string =>
  literal(text, (code) => (code > 0xffff ? `\\u{${hex(code, 1)}}` : `\\u${hex(code, 4)}`));

/**
 * The shortest digits of a float64 that give the same bits, in both languages. Without a point or an
 * exponent Python would take them for a whole number, which may be too large for NumPy.
 */
export function number(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && Math.abs(value) >= 2 ** 53 ? value.toExponential() : String(value);
}

/** Lines with a deeper indentation; empty lines stay empty. */
export const indented = (lines: readonly string[], by: string): string[] =>
  lines.map((line) => line && by + line);

/** Items with commas between them, in lines of at most {@link WIDTH} characters. */
export function filled(items: readonly string[], by: string): string[] {
  const lines: string[] = [];
  let line = by;
  for (const item of items) {
    if (line.length > by.length && line.length + item.length + 1 > WIDTH) {
      lines.push(line.trimEnd());
      line = by;
    }
    line += `${item}, `;
  }
  if (line.length > by.length) lines.push(line.trimEnd());
  return lines;
}

/** Groups of lines with an empty line between them; groups without lines are left out. */
export function paragraphs(...groups: (readonly string[])[]): string[] {
  return groups.filter((group) => group.length > 0).flatMap((group, i) => (i > 0 ? ['', ...group] : group));
}
