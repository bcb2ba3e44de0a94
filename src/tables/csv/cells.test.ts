import { expect, test } from 'vitest';
import { MissingTexts } from './missing.ts';
import { commaNumber, commasNumber, marksOf, plainNumber, pointNumber } from './numbers.ts';
import { dayFirst, isoTime, monthFirst } from './times.ts';

const NONE = Number.NaN;

test.each([
  ['1.5', 1.5],
  [' -2e3 ', -2000],
  ['+.5', 0.5],
  ['007', 7],
  ['0', 0],
  ['1e999', Number.POSITIVE_INFINITY],
  ['', NONE],
  [' ', NONE],
  ['0x1f', NONE],
  ['-0b1', NONE],
  [' 0o7', NONE],
  ['1,5', NONE],
  ['1 2', NONE],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['1_000', NONE],
])('a plain number: %j', (text, number) => {
  expect(plainNumber(text)).toBe(number);
});

test.each([
  ['1 234.5', 1234.5, 1234.5, NONE],
  ['1\u202f234\u202f567', 1234567, 1234567, 1234567],
  ["1'234.5", 1234.5, 1234.5, NONE],
  ['1 23', NONE, NONE, NONE],
  ['1,234.5', NONE, 1234.5, NONE],
  ['1,234,567', NONE, 1234567, NONE],
  ['12,34', NONE, NONE, 12.34],
  ['1,5', NONE, NONE, 1.5],
  ['1.234,5', NONE, NONE, 1234.5],
  ['1.234', 1.234, 1.234, 1234],
  ['1.5', 1.5, 1.5, 1.5],
  ['-0,5e-3', NONE, NONE, -0.0005],
  [',5', NONE, NONE, 0.5],
  [',', NONE, NONE, NONE],
  ['−5', -5, -5, -5],
  ['-inf', Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ['12.5 %', 0.125, 0.125, 0.125],
  ['12,5%', NONE, NONE, 0.125],
  ['$1,200.50', NONE, 1200.5, NONE],
  ['-€ 3', -3, -3, -3],
  ['1.200,50 €', NONE, NONE, 1200.5],
  ['$', NONE, NONE, NONE],
  ['12 apples', NONE, NONE, NONE],
  ['EUR 5.50', 5.5, 5.5, 5.5],
  ['-1.200,50 CHF', NONE, NONE, -1200.5],
  ["CHF 12'000.00", 12000, 12000, NONE],
  ['R$ 1.200,00', NONE, NONE, 1200],
  ['US$5', 5, 5, 5],
  ['5 EURO', NONE, NONE, NONE],
  ['EUR', NONE, NONE, NONE],
  ['($1,200.50)', NONE, -1200.5, NONE],
  ['(3.25)', -3.25, -3.25, -3.25],
  ['(3)', NONE, NONE, NONE],
  ['(-3.25)', NONE, NONE, NONE],
  ['+491701234567', NONE, NONE, NONE],
  ['+1234567', 1234567, 1234567, 1234567],
  ['1.234.567', NONE, NONE, 1234567],
  ['0.123', 0.123, 0.123, 0.123],
  ['-49 170 123', -49170123, -49170123, -49170123],
  ['+49 170 123', NONE, NONE, NONE],
  ['+49\u00a0170\u00a0123', NONE, NONE, NONE],
  ['089 123 456', NONE, NONE, NONE],
])('a number with marks: %j', (text, point, commas, comma) => {
  expect([pointNumber(text), commasNumber(text), commaNumber(text)]).toEqual([point, commas, comma]);
});

test.each([
  ['1.5', 'point'],
  ['1234.567', 'point'],
  ['0.123', 'point'],
  ['1.234', 'point-or-points'],
  ['-1.234.567', 'points'],
  ['01.234.567', undefined],
  ['12', undefined],
  ['1,5', 'comma'],
  ['0,123', 'comma'],
  ['1.234,567', 'comma'],
  ['1,234', 'comma-or-commas'],
  ['-12,345', 'comma-or-commas'],
  ['1,234,567', 'commas'],
  ['1,234.5', 'commas'],
  ['1.2.3', undefined],
  ['hello, world', undefined],
  [',', undefined],
])('what the marks of %j tell', (text, marks) => {
  expect(marksOf(text)).toBe(marks);
});

test.each([
  ['2024-02-29', Date.UTC(2024, 1, 29)],
  ['2023-02-29', NONE],
  ['2024-1-5', Date.UTC(2024, 0, 5)],
  ['2024/01/05', Date.UTC(2024, 0, 5)],
  ['2024-01', Date.UTC(2024, 0, 1)],
  ['2024-13', NONE],
  ['0099-01-01', Date.parse('0099-01-01T00:00Z')],
  ['2024-01-05T12:30', Date.UTC(2024, 0, 5, 12, 30)],
  ['2024-01-05 12:30:15.25', Date.UTC(2024, 0, 5, 12, 30, 15, 250)],
  ['2024-01-05T12:30:15Z', Date.UTC(2024, 0, 5, 12, 30, 15)],
  ['2024-01-05T12:30+09:00', Date.UTC(2024, 0, 5, 3, 30)],
  ['2024-01-05T12:30:00-0130', Date.UTC(2024, 0, 5, 14)],
  ['2024-01-05T24:00', Date.UTC(2024, 0, 6)],
  ['2024-01-05T25:00', NONE],
  ['2024-01-05T12:30+24:00', NONE],
  ['20240105', NONE],
  ['2024-01/05', NONE],
])('a point in time: %j', (text, time) => {
  expect(isoTime(text)).toBe(time);
});

test.each([
  ['31.12.2024', Date.UTC(2024, 11, 31), NONE],
  ['1.2.2024 13:05', Date.UTC(2024, 1, 1, 13, 5), NONE],
  ['1/2/2024', Date.UTC(2024, 1, 1), Date.UTC(2024, 0, 2)],
  ['12/31/2024', NONE, Date.UTC(2024, 11, 31)],
  ['1/2/2024 1:05 PM', Date.UTC(2024, 1, 1, 13, 5), Date.UTC(2024, 0, 2, 13, 5)],
  ['1/2/2024 12:05:30 am', Date.UTC(2024, 1, 1, 0, 5, 30), Date.UTC(2024, 0, 2, 0, 5, 30)],
  ['1/2/2024 12:00 p.m.', Date.UTC(2024, 1, 1, 12), Date.UTC(2024, 0, 2, 12)],
  ['1/2/2024 13:05 PM', NONE, NONE],
  ['1/2/2024 0:05 AM', NONE, NONE],
  ['1/2/24', NONE, NONE],
  ['1/2-2024', NONE, NONE],
])('a day of a month: %j', (text, day, month) => {
  expect([dayFirst(text), monthFirst(text)]).toEqual([day, month]);
});

test('a long text is not much work for a reader, whatever it repeats', () => {
  const readers = [plainNumber, pointNumber, commasNumber, commaNumber, isoTime, dayFirst, monthFirst];
  const starts = ['', '+', '(', '1', '$', '2024-01-01', '1/1/2024 '];
  const parts = ['(', '1', '1 ', ' ', '1.', '.111', ',111', '$ ', "'", '-', '1:'];
  for (const start of starts)
    for (const part of parts) {
      const text = `${start}${part.repeat(2 ** 18)}x`;
      expect(readers.map((read) => read(text)).filter((number) => !Number.isNaN(number))).toEqual([]);
      expect(marksOf(text)).toBe(undefined);
    }
});

test('texts that mean a missing value, in any column or in columns of numbers', () => {
  const usual = new MissingTexts();
  expect(['', ' ', 'NA', ' NaN ', '?', 'null', '#N/A'].filter((text) => !usual.anywhere(text))).toEqual([]);
  expect(['-', 'na', 'none', '0', 'Na'].filter((text) => usual.anywhere(text))).toEqual([]);
  expect(['-', 'na', '.', 'NA', ''].filter((text) => !usual.inNumbers(text))).toEqual([]);
  const own = new MissingTexts(['-999']);
  expect(['', '-999', 'NA', '-'].map((text) => own.inNumbers(text))).toEqual([true, true, false, false]);
});
