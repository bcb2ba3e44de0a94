import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { digits } from './digits.ts';

/** The SHA-256 of the file that the module was packed from. */
const FILE = '1a8c0ce573804cf39bc6fdc9a6cc8f23d15cbf27a72575c1ca5fac15163717d0';

test('the digits are those of the file, byte by byte', async () => {
  const data = await digits();
  const { inputs, labels, count, features, featureNames = [] } = data;
  const line = (row: number) => [...inputs.subarray(row * features, (row + 1) * features), labels[row]];
  const lines = Array.from({ length: count }, (_, row) => line(row).join());
  const text = [[...featureNames, 'digit'].join(), ...lines, ''].join('\n');
  expect(createHash('sha256').update(text).digest('hex')).toBe(FILE);
  expect(data).toMatchObject({ count: 1797, features: 64, classes: 10, width: 8, height: 8, channels: 1 });
  expect(data.classNames).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
});

test('every call gives arrays of its own', async () => {
  const [one, other] = await Promise.all([digits(), digits()]);
  one.inputs.fill(0);
  expect(Array.from(other.inputs).reduce((sum, pixel) => sum + pixel)).toBe(561_718);
});
