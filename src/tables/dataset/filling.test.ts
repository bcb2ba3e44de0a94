import { expect, test } from 'vitest';
import { expectClose } from '../../../tests/helpers/oracle/compare.ts';
import { readCsv, tableDataset } from '../index.ts';

test('means neither overflow nor lose the digits of equal numbers', async () => {
  const table = await readCsv(
    'a,b,c,y\n1e308,0.1,1.7e308,0\n1.5e308,0.1,-1.7e308,1\n,,,1\n1e308,0.1,1.5e308,0\n',
  );
  const { inputs } = tableDataset(table, { missing: 'mean' });
  expect(inputs[6] / 1e308).toBeCloseTo(3.5 / 3, 12);
  expect(inputs[7]).toBe(0.1);
  expect(inputs[8] / 1e308).toBeCloseTo(0.5, 12);
});

test('all rows of a long table are there, with means and texts in their places', async () => {
  const colours = ['red', 'green', 'blue', ''];
  const lines = Array.from({ length: 5000 }, (_, i) => `${i % 9 === 4 ? '' : i},${colours[i % 4]},${i % 2}`);
  const table = await readCsv(`a,colour,y\n${lines.join('\n')}\n`);
  const data = tableDataset(table, { missing: 'mean' });
  const present = Array.from({ length: 5000 }, (_, i) => i).filter((i) => i % 9 !== 4);
  const mean = present.reduce((sum, i) => sum + i, 0) / present.length;
  const third = [1 / 3, 1 / 3, 1 / 3];
  const expected = Array.from({ length: 5000 }, (_, i) => [
    i % 9 === 4 ? mean : i,
    ...(i % 4 === 3 ? third : ['blue', 'green', 'red'].map((colour) => Number(colours[i % 4] === colour))),
  ]);
  expectClose(data.inputs, expected.flat(), 1e-12);
  expect(data.labels).toEqual(Uint32Array.from({ length: 5000 }, (_, i) => i % 2));
  expect(data.report.filled).toBe(5000 - present.length + 1250);
});
