/**
 * WGSL whose lines are indented by the brackets that are open, two spaces each, with one empty line
 * of several, and none at the ends of a block.
 */
export function indent(text: string): string {
  let depth = 0;
  const lines = text.split('\n').map((line) => {
    const code = line.trim();
    const closing = /^[)}\]]+/.exec(code)?.[0].length ?? 0;
    const indented = '  '.repeat(Math.max(0, depth - closing)) + code;
    depth += count(code, /[({[]/g) - count(code, /[)}\]]/g);
    return code && indented;
  });
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/([({[])\n\n/g, '$1\n')
    .replace(/\n\n( *[)}\]])/g, '\n$1');
}

const count = (text: string, bracket: RegExp) => text.match(bracket)?.length ?? 0;
