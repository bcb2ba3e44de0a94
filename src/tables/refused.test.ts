import { expect, test } from 'vitest';
import { FileError } from '../errors.ts';
import { readCsv, readJson } from './index.ts';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test.each([
  [
    'PK\x03\x04\x14\0\x06\0xxxxxxxxxxxxxxxxx[Content_Types].xml',
    /a workbook of Excel \(\.xlsx\)\. Save the sheet as CSV/,
  ],
  ['PK\x03\x04\x14\0\0\0xl/workbook.xml', /a workbook of Excel \(\.xlsx\)/],
  ['PK\x03\x04\x14\0\0\0[Content_Types].xml word/document.xml', /a document of Word/],
  [
    'PK\x03\x04\x14\0\0\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet',
    /a document of LibreOffice \(\.ods\)\. Save the sheet/,
  ],
  ['PK\x03\x04\x14\0\0\0x.npy', /readNpz reads it/],
  ['PK\x03\x04\x14\0\0\0data.csv', /a zip archive\. Unpack it/],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', /an old workbook of Excel \(\.xls\).* Save the sheet as CSV/],
  ['%PDF-1.7', /a PDF document\. Save the table as CSV/],
  ['\x89PNG\r\n', /a PNG image\. readImages reads images/],
  ['\x93NUMPY\x01\0', /readNpy reads it/],
  ['<!DOCTYPE html>\n<html>', /a page or document of HTML or XML\. Check the address/],
  ['[{"a": 1}]', /JSON\. readJson reads it/],
  ['{"a": [1]}', /JSON\. readJson reads it/],
  [
    '% Iris\n%\n@RELATION iris\n@ATTRIBUTE a REAL\n@DATA\n1,x\n',
    /an ARFF file, as Weka has them\. Replace all up to @data/,
  ],
  ['a,b\n1,\0\n', /line 2: expected a text, but got a character NUL/],
  ['', /at least one row of values, but got none/],
  ['\n \n\n', /at least one row of values, but got none/],
  ['a,b\n', /at least one row of values, but got a header only/],
  ['a,b\n1,2\n3,"x\ny\n4,z\n', /line 3: expected a quote that closes this one, but got none\. Add the quote/],
])('a file that is no table is refused, with what to do: %#', async (text, message) => {
  for (const source of [bytes(text), new Blob([bytes(text)])]) {
    const error = await readCsv(source).catch((reason) => reason);
    expect(error).toBeInstanceOf(FileError);
    expect(error.message).toMatch(message);
  }
});

test('a NUL far down is found, with its line', async () => {
  const text = `a,b\n${'1,2\n'.repeat(100_000)}1,\0\n`;
  await expect(readCsv(text)).rejects.toThrow(/line 100002: expected a text/);
});

test('the error of a quote names line and text of its place', async () => {
  const error = await readCsv(`a,b\n1,2\n3,"x\ny`).catch((reason) => reason);
  expect(error).toMatchObject({ line: 3, value: '"x\ny\n' });
});

test.each([
  ['delimiter', { delimiter: ';;' }, /delimiter: expected one character/],
  ['delimiter', { delimiter: '\n' }, /delimiter: expected one character/],
  ['a synonym', { sep: ';' }, /sep: expected the name 'delimiter'/],
  ['header', { header: 1 }, /header: expected true or false/],
  ['decimal', { decimal: ';' }, /decimal: expected '\.' or ','/],
  ['kinds', { kinds: { a: 'text' } }, /kinds\.a: expected 'number' or 'category'/],
  [
    'kinds of a column that is not there',
    { kinds: { heigth: 'number' } },
    /kinds\.heigth: expected the name 'height'/,
  ],
  ['missing', { missing: 'NA' }, /missing: expected an array of texts/],
  ['encoding', { encoding: 'latin-99' }, /encoding: expected a name that TextDecoder knows/],
  ['limits', { limits: { columns: 0 } }, /limits\.columns: expected a whole number/],
  ['an unknown limit', { limits: { rows: 1 } }, /limits\.rows/],
  ['progress', { progress: true }, /progress: expected a function/],
  ['signal', { signal: {} }, /signal: expected an AbortSignal/],
])('an option that cannot be used is refused: %s', async (_, options, message) => {
  await expect(readCsv(bytes('height\n1\n'), options as object)).rejects.toThrow(message);
});

test('a source without bytes is refused, and so is the name of a file', async () => {
  for (const name of ['table.csv', 'https://example.org/a/table.csv.gz', 'C:\\data\\rows.tsv'])
    await expect(readCsv(name)).rejects.toThrow(/source: expected the text of a file, not its name/);
  await expect(readJson('./rows.json')).rejects.toThrow(/not its name/);
  await expect(readCsv(5 as never)).rejects.toThrow(/source: expected .*a Blob.*, but got 5/);
  await expect(readCsv(null as never)).rejects.toThrow(/source: expected/);
});

test.each([
  ['columns', 'a,b,c\n1,2,3\n', { columns: 2 }, /at most 2 columns, but got 3 columns\. Check the delimiter/],
  [
    'cells',
    'a,b\n1,2\n3,4\n5,6\n',
    { cells: 4 },
    /line 4, record 3: expected at most 4 values, but got 3 rows of 2 columns/,
  ],
  [
    'characters',
    `a\n${'1'.repeat(50)}`,
    { characters: 20 },
    /line 2: expected records of at most 20 characters/,
  ],
  [
    'characters in quotes',
    `a\n"${'1\n'.repeat(50)}`,
    { characters: 20 },
    /line 2: expected a quote that closes/,
  ],
  [
    'texts',
    'a\nx\ny\nz\n',
    { texts: 2 },
    /a column of numbers, or of at most 2 different texts, but got none/,
  ],
])('limits end the reading: %s', async (_, text, limits, message) => {
  await expect(readCsv(text, { limits })).rejects.toThrow(message);
});

test('a column of too many texts is left out, and others stay', async () => {
  const table = await readCsv('a,b\nx,1\ny,2\nz,3\n', { limits: { texts: 2 } });
  expect(table.columns.map(({ name }) => name)).toEqual(['b']);
  expect(table.notes).toMatchObject([{ reason: 'many-texts', column: 'a', count: 2 }]);
});

/** A stream that makes its pieces when they are asked for, and how many were. */
function endless(piece: (i: number) => string, count: number) {
  const encoder = new TextEncoder();
  const state = { made: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (state.made < count) controller.enqueue(encoder.encode(piece(state.made++)));
      else controller.close();
    },
    cancel() {
      state.cancelled = true;
    },
  });
  return { stream, state };
}

const MEGABYTE = 2 ** 20;

test.each<[string, (i: number) => string, RegExp]>([
  ['a million columns', () => 'abc,'.repeat(MEGABYTE / 4), /at most 100000 columns, but got \d+ columns/],
  ['a header of 100 MB', () => 'x'.repeat(MEGABYTE), /records of at most 2097152 characters/],
  [
    'an unclosed quote',
    (i) => `${i === 0 ? 'a,b\n1,"' : ''}${'some text, and more\n'.repeat(MEGABYTE / 20)}`,
    /line 2: expected a quote/,
  ],
  [
    'a line of a gigabyte',
    (i) => `${i === 0 ? 'a,b\n1,2\n' : ''}${'7'.repeat(MEGABYTE)}`,
    /line 3: expected records/,
  ],
  ['quotes in quotes', () => '"a"b'.repeat(MEGABYTE / 4), /line 1: expected a quote that closes/],
  ['nothing but empty lines', () => '\n'.repeat(MEGABYTE), /at least one row of values, but got none/],
  ['nothing but empty cells', () => ',\n'.repeat(MEGABYTE / 2), /at least one row of values, but got none/],
  ['nothing but spaces', () => ' '.repeat(MEGABYTE), /records of at most 2097152 characters/],
  ['nothing but zeros', () => '\0'.repeat(MEGABYTE), /a character NUL/],
  [
    'ten million different texts',
    (i) => (i === 0 ? 'a,b\n' : Array.from({ length: 10_000 }, (_, k) => `t${i}.${k},u${i}.${k}\n`).join('')),
    /a column of numbers, or of at most 100000 different texts, but got none/,
  ],
])('a hostile file ends soon, and its source too: %s', async (_, piece, message) => {
  const { stream, state } = endless(piece, 1000);
  const error = await readCsv(stream).catch((reason) => reason);
  expect(error).toBeInstanceOf(FileError);
  expect(error.message).toMatch(message);
  expect(state.made).toBeLessThan(20);
  expect(state.cancelled).toBe(true);
});

test('JSON ends at its limits, too', async () => {
  await expect(readJson('[[1,2,3]]', { limits: { columns: 2 } })).rejects.toThrow(/at most 2 columns/);
  await expect(readJson('[[1,2],[3,4]]', { limits: { cells: 3 } })).rejects.toThrow(/at most 3 values/);
  await expect(readJson('[[1,2],[3,4]]', { limits: { characters: 5 } })).rejects.toThrow(
    /JSON of at most 5 characters/,
  );
  await expect(readJson('["x"]', { limits: 5 as never })).rejects.toThrow(/limits: expected an object/);
});
