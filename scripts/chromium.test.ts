import { expect, test } from 'vitest';
import { findChromium, type Machine } from './chromium.js';

const PLAYWRIGHTS = '/home/a/.cache/ms-playwright/chromium-1/chrome';
const FAILED = { code: 1, output: 'Error: getaddrinfo ENOTFOUND cdn.example\n    at somewhere' };
const DONE = { code: 0, output: '' };

/** A Linux machine where `files` exist, all start except `broken`, and nothing can be installed. */
function machineWith(files: string[], changes: Partial<Machine> = {}, broken: string[] = []) {
  const log: string[] = [];
  const machine: Machine = {
    platform: 'linux',
    env: { PATH: '/usr/local/bin:/usr/bin' },
    home: '/home/a',
    root: true,
    exists: (path) => files.includes(path),
    starts: async (path) => files.includes(path) && !broken.includes(path),
    playwrightPath: async () => PLAYWRIGHTS,
    playwright: async (args) => {
      log.push(`playwright ${args[0]}`);
      return FAILED;
    },
    run: async (command, args) => {
      log.push(`${command} ${args[0]}`);
      return command === 'apt-cache' ? { code: 0, output: 'chromium:\n  Candidate: (none)\n' } : DONE;
    },
    say: () => {},
    ...changes,
  };
  return { machine, log, files };
}

test('CHROMIUM_PATH comes first, and must exist', async () => {
  const env = { PATH: '/usr/bin', CHROMIUM_PATH: '/opt/mine' };
  const { machine } = machineWith(['/usr/bin/chromium', '/opt/mine'], { env });
  expect(await findChromium({ machine })).toEqual({ executablePath: '/opt/mine', source: 'CHROMIUM_PATH' });
  const { machine: without } = machineWith(['/usr/bin/chromium'], { env });
  await expect(findChromium({ machine: without })).rejects.toThrow(
    'CHROMIUM_PATH is /opt/mine, but there is no',
  );
});

test('an installed browser comes before a downloaded one', async () => {
  const { machine } = machineWith(['/usr/bin/google-chrome', PLAYWRIGHTS]);
  expect(await findChromium({ machine })).toEqual({
    executablePath: '/usr/bin/google-chrome',
    source: 'installed',
  });
});

test('a browser that does not start is passed over', async () => {
  const stub = '/usr/bin/chromium-browser';
  const { machine } = machineWith([stub, PLAYWRIGHTS], {}, [stub]);
  expect(await findChromium({ machine })).toEqual({ executablePath: PLAYWRIGHTS, source: 'playwright' });
});

test.each([
  ['darwin', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', {}],
  [
    'win32',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    { PROGRAMFILES: 'C:\\Program Files' },
  ],
] as const)('on %s, Chrome is found where it usually is', async (platform, executablePath, env) => {
  const { machine } = machineWith([executablePath], { platform, env });
  expect(await findChromium({ machine })).toEqual({ executablePath, source: 'installed' });
});

test('nothing is installed unasked, and the error says what to do', async () => {
  const { machine, log } = machineWith([]);
  await expect(findChromium({ machine })).rejects.toThrow(/Install Chrome.*CHROMIUM_PATH/s);
  expect(log).toEqual([]);
});

test('a download that lacks libraries gets them', async () => {
  const files: string[] = [];
  const { machine, log } = machineWith(files, {
    playwright: async (args) => {
      log.push(`playwright ${args[0]}`);
      if (args[0] === 'install-deps') files.push(PLAYWRIGHTS);
      return DONE;
    },
  });
  expect(await findChromium({ install: true, machine })).toEqual({
    executablePath: PLAYWRIGHTS,
    source: 'playwright',
  });
  expect(log).toEqual(['playwright install', 'playwright install-deps']);
});

test('apt is asked when the download fails', async () => {
  const { machine, log, files } = machineWith(['/usr/bin/apt-get'], {
    run: async (command, args) => {
      log.push(`${command} ${args[0]}`);
      if (args[0] === 'install') files.push('/usr/bin/chromium');
      return { code: 0, output: command === 'apt-cache' ? '  Candidate: 120.0-1' : '' };
    },
  });
  expect(await findChromium({ install: true, machine })).toEqual({
    executablePath: '/usr/bin/chromium',
    source: 'apt',
  });
  expect(log).toEqual(['playwright install', 'apt-get update', 'apt-cache policy', 'apt-get install']);
});

test('without a package in apt, both failures are told', async () => {
  const { machine, log } = machineWith(['/usr/bin/apt-get']);
  await expect(findChromium({ install: true, machine })).rejects.toThrow(
    /playwright install chromium failed: Error: getaddrinfo.*\n- apt has no package chromium here\.\n/,
  );
  expect(log).not.toContain('apt-get install');
});
