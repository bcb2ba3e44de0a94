/**
 * The text of a kernel or of a part of a kernel. `#if ${condition}` … `#else` … `#endif` choose
 * between lines, `${value}` inserts a number or a part, and {@link each} repeats a line. Every
 * kernel is written in this way.
 */
export { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/**
 * The text for each whole number below `count`, in a line each unless `separator` is another one.
 */
export function each(count: number, text: (i: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, i) => text(i)).join(separator);
}
