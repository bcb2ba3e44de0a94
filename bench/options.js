import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const OPTIONS = /** @type {const} */ ({
  only: { type: 'string', multiple: true },
  contestants: { type: 'string' },
  products: { type: 'string', multiple: true },
  quick: { type: 'boolean' },
  json: { type: 'string' },
  markdown: { type: 'string' },
});
const USAGE =
  '[--only <workload>]… [--contestants <regular expression>] [--products <rows>x<sizes>]… [--quick] ' +
  '[--json <file>] [--markdown <file>]';

/**
 * Reads the command line.
 *
 * @param {string[]} args
 * @param {string} command the command, for the message
 * @throws {Error} with the usage
 */
export function readOptions(args, command) {
  try {
    const { values } = parseArgs({ args, options: OPTIONS });
    new RegExp(values.contestants ?? '');
    return values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\nUsage: ${command} ${USAGE}`);
  }
}

/**
 * Prints a run and writes it to the given files.
 *
 * @param {import('./suite.ts').Outcome} outcome
 * @param {{ json?: string, markdown?: string }} files
 */
export function publish({ report, text, markdown }, files) {
  console.log(`\n${text}`);
  if (files.json !== undefined) writeFileSync(files.json, `${JSON.stringify(report, null, 2)}\n`);
  if (files.markdown !== undefined) writeFileSync(files.markdown, markdown);
}
