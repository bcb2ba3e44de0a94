import { expect, it } from 'vitest';
import { divide, handedOver } from '../settings/row-data.ts';
import { DEFAULTS, type Settings, type TableChoice } from '../settings/settings.ts';
import { type RowSet, rowsKey } from '../settings/study-data.ts';
import { DataSource } from './data-source.ts';

const table: TableChoice = {
  name: 'a.csv',
  sha256: '',
  label: 'kind',
  task: 'classes',
  missing: 'drop',
  columns: [],
};
const SETTINGS: Settings = { ...DEFAULTS, shape: 'table', table, testShare: 0.2 };

function rowsOf(count: number): RowSet {
  const inputs = Float64Array.from({ length: 10 * count }, (_, i) => (i * i) % 97);
  const labels = Uint32Array.from({ length: count }, (_, row) => row % 2);
  return {
    key: rowsKey(SETTINGS) ?? '',
    data: { inputs, labels, count, features: 10, classes: 2 },
  };
}

/** A source, what its keeper was asked for, and a way to let the keeper answer. */
function start(rows: RowSet) {
  const asked: Settings[] = [];
  const answers: (() => void)[] = [];
  const source = new DataSource({
    keep: () => {},
    divide: (settings) => {
      asked.push(settings);
      return new Promise((resolve) => {
        answers.push(() => resolve(structuredClone(handedOver(divide(rows, settings)).copy)));
      });
    },
  });
  return { source, asked, answers };
}

/** Lets promises that are ready go on. */
const turn = () => new Promise((resolve) => setTimeout(resolve));

it('few rows are divided at once', async () => {
  const rows = rowsOf(100);
  const { source, asked } = start(rows);
  await source.add(rows);
  expect(source.lacks(SETTINGS)).toBe(false);
  expect([source.dataOf(SETTINGS, undefined).train?.count, asked]).toEqual([80, []]);
});

it('very many rows are divided elsewhere, and shown as before until then', async () => {
  const rows = rowsOf(30_000);
  const { source, asked, answers } = start(rows);
  await source.add(rows);
  const counts = (settings = SETTINGS) => source.dataOf(settings, undefined).train?.count;
  expect([source.lacks(SETTINGS), counts()]).toEqual([true, undefined]);
  const ready = source.prepare(SETTINGS);
  await turn();
  answers[0]();
  await ready;
  expect([source.lacks(SETTINGS), counts()]).toEqual([false, 24_000]);
  const { loaded, train } = source.dataOf(SETTINGS, undefined);
  expect(loaded?.rows).toBe(rows);
  expect(train).toEqual(divide(rows, SETTINGS).train);

  // Of several choices that wait for one another, the last one is divided.
  const shares = [0.3, 0.4, 0.5].map((testShare) => ({ ...SETTINGS, testShare }));
  const all = shares.map((settings) => source.load(settings));
  await turn();
  expect(asked.map(({ testShare }) => testShare)).toEqual([0.2, 0.5]);
  expect(counts(shares[2])).toBe(24_000);
  answers[1]();
  await Promise.all(all);
  expect(shares.map((settings) => source.lacks(settings))).toEqual([true, true, false]);
  expect(counts(shares[2])).toBe(15_000);
});

it('rows that cannot be divided are none', async () => {
  const rows = rowsOf(30_000);
  const source = new DataSource({ keep: () => {}, divide: () => Promise.reject(new Error('no memory')) });
  await source.add(rows);
  await source.prepare(SETTINGS);
  expect(source.dataOf(SETTINGS, undefined).train).toBeUndefined();
});
