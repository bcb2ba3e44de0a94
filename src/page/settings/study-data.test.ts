import { expect, it } from 'vitest';
import { formatLink, parseLink } from './link.ts';
import { DEFAULTS, type Settings } from './settings.ts';
import { rowsKey } from './study-data.ts';

it('rows are found again by their link, in whatever order their choice was put together', () => {
  const choice = { label: 'kind', task: 'classes', columns: ['a', 'b'], missing: 'drop' } as const;
  const table = { ...choice, name: 'a, b.csv', sha256: '' };
  const settings: Settings = { ...DEFAULTS, shape: 'table', table };
  expect(rowsKey(parseLink(formatLink(settings)).settings)).toBe(rowsKey(settings));
  expect(rowsKey({ ...settings, table: { ...table, label: 'a' } })).not.toBe(rowsKey(settings));
});
