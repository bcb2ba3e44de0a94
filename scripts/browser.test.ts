import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { installWithApt } from './apt.js';
import { findBrowser } from './browser.js';

/*
 * Each test has a machine of its own: a PATH with fake programs. Windows cannot run these programs.
 */
const BROWSER = 'echo "Chromium 150.0.1"';
const STUB = 'echo "This only asks for a snap" >&2; exit 1';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spiralnet-chromium-'));
  vi.stubEnv('PATH', folder);
  vi.stubEnv('CHROMIUM_PATH', undefined);
  vi.spyOn(console, 'log').mockImplementation(() => {});
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

async function find(...installers: (() => Promise<string | undefined>)[]): Promise<string> {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const browser = { variable: 'CHROMIUM_PATH', names, places: [join(folder, 'other/chrome')], says: /Chrom/ };
  return (await findBrowser(browser, installers)).path;
}

function actAs(user: 'root' | 'somebody'): void {
  vi.spyOn(process, 'getuid').mockReturnValue(user === 'root' ? 0 : 1000);
}

if (process.platform !== 'win32') {
  test('CHROMIUM_PATH comes first, and must start', async () => {
    await program('chromium', BROWSER);
    const mine = await program('mine', BROWSER);
    vi.stubEnv('CHROMIUM_PATH', mine);
    expect(await find()).toBe(mine);
    vi.stubEnv('CHROMIUM_PATH', join(folder, 'none'));
    await expect(find()).rejects.toThrow(/^CHROMIUM_PATH is .*none, which is no chromium that starts/);
  });

  test('an installed browser is found, and one that does not start is passed over', async () => {
    await program('chromium-browser', STUB);
    const chrome = await program('google-chrome', BROWSER.replace('Chromium', 'Google Chrome'));
    const never = vi.fn();
    expect(await find(never)).toBe(chrome);
    expect(never).not.toHaveBeenCalled();
  });

  test('installers are asked in turn until one brings a browser that starts', async () => {
    const never = vi.fn();
    const failing = async () => 'there is no network';
    const chromium = join(folder, 'chromium');
    const stub = async () => void (await program('chromium', STUB));
    const browser = async () => void (await program('chromium', BROWSER));
    expect(await find(failing, stub, browser, never)).toBe(chromium);
    expect(never).not.toHaveBeenCalled();
  });

  test('without a browser the error tells every failure, and what to do', async () => {
    const failing = async () => 'there is no network';
    await expect(find(failing, async () => undefined)).rejects.toThrow(
      /^There is no chromium here that starts; there is no network\. Install one, or set CHROMIUM_PATH/,
    );
  });

  test('apt installs a package, as root', async () => {
    const installed = `printf '#!/bin/sh\\n${BROWSER}\\n' > ${folder}/chromium; /bin/chmod +x ${folder}/chromium`;
    await program('apt-get', `[ "$1" = install ] && { ${installed}; } || true`);
    await program('apt-cache', 'echo "  Candidate: 150.0-1"');
    actAs('somebody');
    expect(await installWithApt('chromium')).toBe('apt-get install chromium needs root');
    await expect(find()).rejects.toThrow('There is no chromium');
    actAs('root');
    expect(await installWithApt('chromium')).toBeUndefined();
    expect(await find()).toBe(join(folder, 'chromium'));
  });

  test.each([
    ['without apt', undefined, '', 'there is no apt-get here'],
    ['without the package', 'echo', 'echo "  Candidate: (none)"', 'apt has no package chromium'],
    [
      'with a snap in its place',
      'echo',
      'echo "  Candidate: 2:1snap1-0ubuntu2"',
      'apt has no package chromium',
    ],
    [
      'when it fails',
      '[ "$1" != install ] || { echo "E: no space"; exit 1; }',
      'echo "  Candidate: 150"',
      'no space',
    ],
  ])('apt says why it brings none: %s', async (_, get, cache, reason) => {
    if (get) await program('apt-get', get);
    await program('apt-cache', cache);
    actAs('root');
    expect(await installWithApt('chromium')).toContain(reason);
  });
}
