import { wgsl as preprocess } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/**
 * The text of a kernel, or of a part of one. Every kernel is written in this way:
 * `#if ${condition}` … `#else` … `#endif` choose between lines, `${value}` puts a number or a part
 * in its place, and {@link each} repeats a line. Lines are indented by the brackets they are in.
 */
export function wgsl(strings: TemplateStringsArray, ...values: unknown[]): string {
  return indent(preprocess(strings, ...values));
}

/** The text for each whole number below `count`, a line each unless told otherwise. */
export function each(count: number, text: (i: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, i) => text(i)).join(separator);
}

/** Indents lines by the brackets that are open, two spaces each, and keeps one empty line of several. */
function indent(text: string): string {
  let depth = 0;
  const lines = text.split('\n').map((line) => {
    const code = line.trim();
    const closing = /^[)}\]]+/.exec(code)?.[0].length ?? 0;
    const indented = '  '.repeat(Math.max(0, depth - closing)) + code;
    depth += count(code, /[({[]/g) - count(code, /[)}\]]/g);
    return code && indented;
  });
  return lines.join('\n').replace(/\n{3,}/g, '\n\n');
}

const count = (text: string, bracket: RegExp) => text.match(bracket)?.length ?? 0;
