import { expect, test } from 'vitest';
import { notRun, readPlaywrightReport, readVitestReport, summaryLine } from './reports.js';

test('a phase that cannot be run says why, and fails only on a CI machine where all can be installed', () => {
  const machine = { ci: true, linux: true, root: true };
  expect(notRun('no Firefox', machine)).toMatchObject({ failed: 1, failures: ['not run: no Firefox'] });
  for (const other of ['ci', 'linux', 'root']) {
    const outcome = notRun('no Firefox', { ...machine, [other]: false });
    expect(outcome, `without ${other}`).toMatchObject({ failed: 0, notRun: 'no Firefox' });
    expect(summaryLine([outcome])).toBe('0 passed, 0 failed');
  }
});

test('a vitest report is counted by test, and a file that cannot be loaded as one failure', () => {
  const outcome = readVitestReport({
    testResults: [
      {
        name: '/a.test.ts',
        status: 'failed',
        assertionResults: [
          { status: 'passed', fullName: 'adds' },
          {
            status: 'failed',
            fullName: 'subtracts',
            failureMessages: ['\u001b[31mexpected 1\u001b[39m\nat a.ts'],
          },
          { status: 'pending', fullName: 'multiplies' },
        ],
      },
      { name: '/b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
    ],
  });
  expect(outcome).toEqual({
    passed: 1,
    failed: 2,
    skipped: 1,
    failures: ['subtracts: expected 1', '/b.test.ts: no such module'],
  });
});

test('a Playwright report is counted through its nested suites', () => {
  const spec = { file: 'page.spec.ts', line: 3 };
  const outcome = readPlaywrightReport({
    suites: [
      {
        title: 'page.spec.ts',
        specs: [{ ...spec, title: 'opens', tests: [{ status: 'expected', results: [{}] }] }],
        suites: [
          {
            title: 'the plot',
            specs: [
              {
                ...spec,
                title: 'draws',
                tests: [{ status: 'unexpected', results: [{ error: { message: 'blank' } }] }],
              },
              { ...spec, title: 'prints', tests: [{ status: 'skipped', results: [] }] },
            ],
          },
        ],
      },
    ],
    errors: [{ message: 'the server died' }],
  });
  expect(outcome).toEqual({
    passed: 1,
    failed: 2,
    skipped: 1,
    failures: ['page.spec.ts:3 draws: blank', 'Playwright: the server died'],
  });
});

test('the summary mentions skipped tests only when there are some', () => {
  const outcome = { passed: 2, failed: 1, skipped: 0, failures: [] };
  expect(summaryLine([outcome, outcome])).toBe('4 passed, 2 failed');
  expect(summaryLine([outcome, { ...outcome, skipped: 3 }])).toBe('4 passed, 2 failed, 3 skipped');
});
