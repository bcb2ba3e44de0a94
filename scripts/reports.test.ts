import { expect, test } from 'vitest';
import { playwrightOutcome, vitestOutcome } from './reports.js';

test('a report of Vitest gives the failed tests, the repeated ones, and files that cannot be loaded', () => {
  const failed = { status: 'failed', fullName: 'sum adds', failureMessages: ['expected 3\n\nreceived 4'] };
  const passed = { status: 'passed', fullName: 'sum is fast', failureMessages: [] };
  const repeated = { status: 'passed', fullName: 'sum waits', failureMessages: ['too late'] };
  expect(
    vitestOutcome({
      numPassedTests: 2,
      numFailedTests: 1,
      numPendingTests: 2,
      testResults: [
        { name: 'sum.test.ts', status: 'failed', message: '', assertionResults: [failed, passed, repeated] },
        { name: 'broken.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
      ],
    }),
  ).toEqual({
    passed: 2,
    failed: 1,
    skipped: 2,
    failures: [
      'sum.test.ts › sum adds\n    expected 3\n    received 4',
      'broken.test.ts\n    no such module',
    ],
    unsteady: ['sum.test.ts › sum waits\n    too late'],
  });
});

test('a report of Playwright gives the failed tests of every depth, the repeated ones, and errors around them', () => {
  const spec = (title: string, status: string, ...messages: string[]) => ({
    title,
    file: 'page.spec.ts',
    line: 7,
    tests: [{ status, results: [{ errors: messages.map((message) => ({ message })) }] }],
  });
  const inner = { specs: [spec('draws', 'unexpected', 'no canvas', 'closed')] };
  expect(
    playwrightOutcome({
      stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 },
      errors: [{ message: 'the server ended' }],
      suites: [{ specs: [spec('loads', 'expected'), spec('learns', 'flaky', 'too late')], suites: [inner] }],
    }),
  ).toEqual({
    passed: 4,
    failed: 1,
    skipped: 0,
    failures: ['page.spec.ts:7 › draws\n    no canvas\n    closed', 'e2e\n    the server ended'],
    unsteady: ['page.spec.ts:7 › learns\n    too late'],
  });
});
