import { expect, test } from 'vitest';
import { inLine, satisfies } from './dependencies.js';

const lock = {
  packages: {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', optional: true },
  },
};

test('node_modules is in line when it has what the lock asks for', () => {
  const a = { version: '1.0.0' };
  expect(inLine(lock, { packages: { 'node_modules/a': a } })).toBe(true);
  expect(inLine(lock, { packages: { 'node_modules/a': a, 'node_modules/b': { version: '1.9.0' } } })).toBe(
    false,
  );
  expect(inLine(lock, { packages: { 'node_modules/a': { version: '1.0.1' } } })).toBe(false);
  expect(inLine(lock, { packages: {} })).toBe(false);
  expect(inLine(lock, undefined)).toBe(false);
});

test.each([
  ['20.19.0', true],
  ['20.20.2', true],
  ['20.9.0', false],
  ['21.7.0', false],
  ['22.11.0', false],
  ['22.12.0', true],
  ['24.0.0', true],
])('Node.js %s satisfies the range: %s', (version, expected) => {
  expect(satisfies(version, '^20.19.0 || >=22.12.0')).toBe(expected);
});
