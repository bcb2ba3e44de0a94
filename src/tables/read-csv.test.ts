import { expect, test } from 'vitest';
import { messages, shown } from '../../tests/helpers/tables/shown.ts';
import { encodeText } from '../../tests/helpers/tables/write-csv.ts';
import { readCsv } from './index.ts';

const day = (year: number, month: number, date: number) => Date.UTC(year, month - 1, date);

test('a table of numbers and texts, with what is missing', async () => {
  const table = await readCsv('height,colour\n1.5,red\n,"blue, or ""navy"""\n-2e3,NA\n');
  expect(table).toEqual({
    columns: [
      { name: 'height', kind: 'number', values: Float64Array.of(1.5, Number.NaN, -2000) },
      {
        name: 'colour',
        kind: 'category',
        values: Uint32Array.of(0, 1, 2 ** 32 - 1),
        categories: ['red', 'blue, or "navy"'],
      },
    ],
    rows: 3,
    lines: Uint32Array.of(2, 3, 4),
    skipped: 0,
    notes: [],
    format: { delimiter: ',', decimal: '.', header: true },
  });
});

test("Excel's export in a language with a decimal comma", async () => {
  const text =
    'sep=;\r\nDatum;Preis;Menge;Ort\r\n31.12.2023;1.234,50;3;Köln\r\n1.1.2024;-0,5;1.000;"Bonn; Süd"\r\n';
  for (const source of [`\ufeff${text}`, encodeText(text, 'utf-8 with BOM'), encodeText(text, 'utf-16le')]) {
    const table = await readCsv(source);
    expect(shown(table)).toEqual({
      Datum: [day(2023, 12, 31), day(2024, 1, 1)],
      Preis: [1234.5, -0.5],
      Menge: [3, 1000],
      Ort: ['Köln', 'Bonn; Süd'],
    });
    expect(table.format).toMatchObject({ delimiter: ';', decimal: ',', header: true });
    expect(table.lines).toEqual(Uint32Array.of(3, 4));
    expect(messages(table)).toEqual([
      "Column 'Preis': The comma marks the decimals.",
      "Column 'Menge': The point marks thousands.",
      "Column 'Datum': Points in time, read as milliseconds since the beginning of 1970, UTC.",
    ]);
  }
});

test('a spreadsheet with line breaks in quotes, empty lines, an empty last column and a title', async () => {
  const table = await readCsv(
    'Results of May\n\n"first\nname",score,\n"Ann\nB",1,\n\n,,\n"Bob ""the"" C",2,\n',
  );
  expect(shown(table)).toEqual({ 'first\nname': ['Ann\nB', 'Bob "the" C'], score: [1, 2] });
  expect(table.lines).toEqual(Uint32Array.of(5, 9));
  expect(table.skipped).toBe(1);
  expect(messages(table)).toEqual([
    '1 line before the table skipped.',
    '1 record without any value skipped.',
    "Column 'column 3': Left out: the column has neither a name nor values.",
  ]);
  expect(table.notes[1].places).toEqual([{ line: 8, record: 2, value: ',,' }]);
});

test('days and months are read only where their order is certain', async () => {
  const text = (days: string[]) => `d,n\n${days.map((d, i) => `${d},${i}`).join('\n')}`;
  expect(shown(await readCsv(text(['1/2/2024', '3/4/2024']))).d).toEqual(['1/2/2024', '3/4/2024']);
  expect(shown(await readCsv(text(['1/2/2024', '13/4/2024']))).d).toEqual([
    day(2024, 2, 1),
    day(2024, 4, 13),
  ]);
  expect(shown(await readCsv(text(['1/2/2024', '3/14/2024']))).d).toEqual([
    day(2024, 1, 2),
    day(2024, 3, 14),
  ]);
});

test.each([
  [
    'pandas, with its index',
    ',a,b\n0,1.5,x\n1,2.5,y\n',
    { 'column 1': [0, 1], a: [1.5, 2.5], b: ['x', 'y'] },
  ],
  [
    'pandas, with numbered columns',
    ',0,1\n0,1.5,x\n1,2.5,y\n',
    { 'column 1': [0, 1], 0: [1.5, 2.5], 1: ['x', 'y'] },
  ],
  [
    "R's write.csv",
    '"","a","b"\n"1",1.5,"x"\n"2",NA,"y"\n',
    { 'column 1': [1, 2], a: [1.5, null], b: ['x', 'y'] },
  ],
  [
    "R's write.table",
    '"a" "b"\n"1" 1.5 "x z"\n"2" 2 "y"\n',
    { 'column 1': [1, 2], a: [1.5, 2], b: ['x z', 'y'] },
  ],
  [
    "R's write.table, with tabs and a few rows",
    'mpg\tcyl\nMazda RX4\t21\t6\nDatsun\t22.8\t4\n',
    { 'column 1': ['Mazda RX4', 'Datsun'], mpg: [21, 22.8], cyl: [6, 4] },
  ],
  [
    "R's write.table of one column without quotes",
    'y\n1,5\n2,25\n3,7\n',
    { 'column 1': [1, 2, 3], y: [5, 25, 7] },
  ],
  [
    'decimal commas between tabs',
    `a\tb\n${'1,5\tx\n2,5\ty\n'.repeat(2)}`,
    { a: [1.5, 2.5, 1.5, 2.5], b: ['x', 'y', 'x', 'y'] },
  ],
  ['one column with a decimal comma', 'Höhe\n10,5\n9,25\n-3\n,125\n', { Höhe: [10.5, 9.25, -3, 0.125] }],
  ["NumPy's savetxt", '# a b\n1.000e+00 2.000e+00\n3.000e+00 4.000e+00\n', { a: [1, 3], b: [2, 4] }],
  ['a column called #', '#,b\n1,x\n2,y\n', { '#': [1, 2], b: ['x', 'y'] }],
  ['a file with a comment', '# made by hand\na,b\n1,2\n', { a: [1], b: [2] }],
  [
    'years as names',
    'land,1990,1991,1992\nA,1,2,3\nB,4,5,6\n',
    { land: ['A', 'B'], 1990: [1, 4], 1991: [2, 5], 1992: [3, 6] },
  ],
  [
    'columns of fixed width',
    '  a    b  c\n  1  2.5  x\n 10 -3.5  y\n',
    { a: [1, 10], b: [2.5, -3.5], c: ['x', 'y'] },
  ],
  [
    "UCI's auto-mpg, with a tab among the spaces",
    '18.0   8   307.0      130.0      3504.      12.0   70  1\t"chevrolet malibu"\n' +
      '25.0   4   98.00      ?          2046.      19.0   71  1\t"ford pinto"\n',
    {
      'column 1': [18, 25],
      'column 2': [8, 4],
      'column 3': [307, 98],
      'column 4': [130, null],
      'column 5': [3504, 2046],
      'column 6': [12, 19],
      'column 7': [70, 71],
      'column 8': [1, 1],
      'column 9': ['chevrolet malibu', 'ford pinto'],
    },
  ],
  [
    'texts with spaces between tabs',
    'city\tperiod\nNew York\t1990 - 2000\nEl Paso\t1991 - 2001\n',
    { city: ['New York', 'El Paso'], period: ['1990 - 2000', '1991 - 2001'] },
  ],
  [
    'telephone numbers',
    'phone,n\n+49 170 123,1\n089 123 456,2\n',
    { phone: ['+49 170 123', '089 123 456'], n: [1, 2] },
  ],
  ['spaces after commas', 'a, b, c\n1, "x, y", 2\n3, z, 4\n', { a: [1, 3], b: ['x, y', 'z'], c: [2, 4] }],
  [
    'no header',
    '5.1,3.5,Iris-setosa\n4.9,3,Iris-setosa\n',
    { 'column 1': [5.1, 4.9], 'column 2': [3.5, 3], 'column 3': ['Iris-setosa', 'Iris-setosa'] },
  ],
  [
    'letters without a header',
    'p,x\ne,x\ne,b\n',
    { 'column 1': ['p', 'e', 'e'], 'column 2': ['x', 'x', 'b'] },
  ],
  [
    'texts only, with a header',
    'name,city\nBob,Rome\nAnn,Rome\n',
    { name: ['Bob', 'Ann'], city: ['Rome', 'Rome'] },
  ],
  ['one column', 'y\n1\n2\n', { y: [1, 2] }],
  ['one row', '1;2\n', { 'column 1': [1], 'column 2': [2] }],
  ['lines of an old Macintosh', 'a,b\r1,"x\ny"\r2,z\r', { a: [1, 2], b: ['x\ny', 'z'] }],
  ['lines with mixed ends', 'a,b\r\n1,x\n2,"y\r"\r\n3,z', { a: [1, 2, 3], b: ['x', 'y\r', 'z'] }],
  ['infinite and too large', 'a,b\n1e999,1\n-Inf,2\n', { a: [null, null], b: [1, 2] }],
  ['true and false', 'a,b\n1,TRUE\n2,FALSE\n', { a: [1, 2], b: ['TRUE', 'FALSE'] }],
  ['a semicolon in texts', '1,x;y\n2,z;w\n', { 'column 1': [1, 2], 'column 2': ['x;y', 'z;w'] }],
  [
    'a semicolon in most texts',
    'name,note\nA,x;y\nB,z;w\nC,p;q\nD,r\n',
    { name: ['A', 'B', 'C', 'D'], note: ['x;y', 'z;w', 'p;q', 'r'] },
  ],
  ['a bar between columns', 'a|b\n1|x, y\n2|z\n', { a: [1, 2], b: ['x, y', 'z'] }],
])('a table as people have them: %s', async (_, text, columns) => {
  const table = await readCsv(text);
  expect(shown(table)).toEqual(columns);
});

test('records with too few values get missing ones; those with too many are skipped', async () => {
  const table = await readCsv('a,b,c\n1,2,3\n4\n5,6,7,8\n9,10,11,,\n');
  expect(shown(table)).toEqual({ a: [1, 4, 9], b: [2, null, 10], c: [3, null, 11] });
  expect(table.skipped).toBe(1);
  expect(table.lines).toEqual(Uint32Array.of(2, 3, 5));
  expect(table.notes).toMatchObject([
    { reason: 'short', count: 1, places: [{ line: 3, record: 2, value: '4' }] },
    { reason: 'long', count: 1, places: [{ line: 4, record: 3, value: '5,6,7,8' }] },
  ]);
});

test('columns without a name get one, and so do columns with the name of another', async () => {
  const table = await readCsv('a,a,,a (2)\n1,2,3,4\n');
  expect(shown(table)).toEqual({ a: [1], 'a (3)': [2], 'column 3': [3], 'a (2)': [4] });
  expect(messages(table)).toEqual([
    "Column 'a (3)': Renamed, as 'a' is the name of another column.",
    "Column 'column 3': Named, as the header has no name for it.",
  ]);
});

test('a few texts in a column of numbers are missing, and told with their places', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => (i === 7 ? 'old' : i === 9 ? '-' : String(i)));
  const table = await readCsv(`age,x\n${rows.map((age) => `${age},1`).join('\n')}`);
  expect(shown(table).age[7]).toBe(null);
  expect(table.notes).toEqual([
    {
      reason: 'not-a-number',
      column: 'age',
      count: 1,
      places: [{ line: 9, record: 8, value: 'old' }],
      message: "Column 'age': 1 value of a column of numbers taken as missing: no number.",
    },
  ]);
});

test('texts far down in a file make texts of a column, or are missing if they are few', async () => {
  const numbers = Array.from({ length: 80_000 }, (_, i) => `${i % 10}.50,${i % 10}\n`).join('');
  const some = await readCsv(`a,b\n${numbers}${'x,y\n'.repeat(20_000)}`);
  expect(some.columns.map(({ kind }) => kind)).toEqual(['category', 'category']);
  expect(shown(some).a.slice(79_998, 80_001)).toEqual(['8.5', '9.5', 'x']);
  const few = await readCsv(`a,b\n${numbers}${'x,y\n'.repeat(200)}`);
  expect(few.columns.map(({ kind }) => kind)).toEqual(['number', 'number']);
  expect(few.notes[0]).toMatchObject({ reason: 'not-a-number', count: 200 });
  expect(few.notes[0].places).toHaveLength(10);
  expect(few.notes[0].places[0]).toEqual({ line: 80_002, record: 80_001, value: 'x' });
});

test('bytes that are no UTF-8 are Windows-1252, or Korean, unless UTF-8 is certain', async () => {
  const latin = Uint8Array.from('größe,ort\n1,Köln\n', (character) => character.charCodeAt(0));
  const table = await readCsv(latin);
  expect(shown(table)).toEqual({ größe: [1], ort: ['Köln'] });
  expect(table.format?.encoding).toBe('windows-1252');
  expect(messages(table)).toEqual(['The bytes are no UTF-8, and were read as windows-1252.']);
  // 이름,키 and 민수,1.8, as Excel writes it in Korea.
  const korean = Uint8Array.of(
    0xc0,
    0xcc,
    0xb8,
    0xa7,
    44,
    0xc5,
    0xb0,
    10,
    0xb9,
    0xce,
    0xbc,
    0xf6,
    44,
    49,
    46,
    56,
  );
  const name = await readCsv(korean);
  expect(shown(name)).toEqual({ 이름: ['민수'], 키: [1.8] });
  expect(name.format?.encoding).toBe('euc-kr');
  const broken = Uint8Array.of(...new TextEncoder().encode('größe,ort\n1,K'), 0xf6, 10, 50, 44, 120);
  const mended = await readCsv(broken);
  expect(shown(mended)).toEqual({ größe: [1, 2], ort: ['K\ufffd', 'x'] });
  expect(messages(mended)).toEqual(['Bytes that are no UTF-8 were read as the character U+FFFD.']);
});

test('UTF-16 is known by its zeros, too', async () => {
  for (const encoding of ['utf-16le', 'utf-16be'] as const) {
    const bytes = encodeText('a;b\n1;x\n', encoding).slice(2);
    const table = await readCsv(bytes);
    expect(shown(table)).toEqual({ a: [1], b: ['x'] });
    expect(table.format?.encoding).toBe(encoding);
  }
});

test('options decide in place of guesses', async () => {
  expect(shown(await readCsv('a,b\n1,2\n', { header: false }))).toEqual({
    'column 1': ['a', '1'],
    'column 2': ['b', '2'],
  });
  expect(shown(await readCsv('1,2\n3,4\n', { header: true }))).toEqual({ 1: [3], 2: [4] });
  expect(shown(await readCsv('a;b,c\n1;2,3\n', { delimiter: ',' }))).toEqual({ 'a;b': ['1;2'], c: [3] });
  const kinds = { zip: 'category', size: 'number' } as const;
  const table = await readCsv('zip,size\n01234,1\n98765,big\n', { kinds });
  expect(shown(table)).toEqual({ zip: ['01234', '98765'], size: [1, null] });
  expect(shown(await readCsv('a,b\nNA,-9\nx,1\n', { missing: ['-9'] }))).toEqual({
    a: ['NA', 'x'],
    b: [null, 1],
  });
  const cyrillic = Uint8Array.of(0xe4, 0xe0, 44, 98, 10, 49, 44, 50);
  expect(shown(await readCsv(cyrillic, { encoding: 'windows-1251' }))).toEqual({ да: [1], b: [2] });
});

test('a quote that is not doubled is kept, and told', async () => {
  const table = await readCsv('a,b\n1,"5" pipe"\n2,6" pipe\n');
  expect(shown(table)).toEqual({ a: [1, 2], b: ['5" pipe', '6" pipe'] });
  expect(table.notes).toMatchObject([{ reason: 'quotes', count: 1, places: [{ line: 2, record: 1 }] }]);
});
