import { ACCEPTED, judge, readAudit } from './advisories.js';
import { messageOf, run } from './process.js';

/*
 * Asks npm's registry for known vulnerabilities of everything in the lock files. Fails for each that is not accepted in
 * advisories.js, and for each that is accepted in vain.
 */
const FOLDERS = ['.', 'bench', 'tests/deno', 'tests/firefox'];

try {
  const advisories = [];
  for (const folder of FOLDERS) {
    const args = ['audit', '--json', '--package-lock-only', '--loglevel=silent', '--prefix', folder];
    const { output } = await run('npm', args, { quiet: true, shell: process.platform === 'win32' });
    const found = readAudit(output);
    console.log(`${folder}: ${found.length === 0 ? 'nothing known' : found.map(describe).join('\n  ')}`);
    advisories.push(...found);
  }
  const { refused, outdated } = judge(advisories);
  for (const { id, name, reason } of ACCEPTED) console.log(`Accepted: ${name}, ${id}: ${reason}`);
  for (const advisory of refused) console.error(`Not accepted: ${describe(advisory)}`);
  for (const { id, name } of outdated) {
    console.error(`${name}, ${id}, is no longer found: take it out of scripts/advisories.js`);
  }
  process.exitCode = refused.length + outdated.length === 0 ? 0 : 1;
} catch (error) {
  console.error(`Not audited: ${messageOf(error)}`);
  process.exitCode = 1;
}

/** @param {import('./advisories.js').Advisory} advisory */
function describe({ name, range, severity, title, url }) {
  return `${name} ${range}, ${severity}: ${title} (${url})`;
}
