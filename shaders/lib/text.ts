/**
 * The text of a kernel, or of a part of one. Every kernel is written in this way: `#if
 * ${condition}` … `#else` … `#endif` choose between lines, `${value}` puts a number or a part in
 * its place, and {@link each} repeats a line.
 */
export { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/** The text for each whole number below `count`, a line each unless told otherwise. */
export function each(count: number, text: (i: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, i) => text(i)).join(separator);
}
