import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { writeNpy, writeNpz } from '../../../tables/index.ts';
import type { Choice, Preview, ReaderReport } from './protocol.ts';
import { Reader } from './reader.ts';

const FLOWERS = [
  'row,length,width,city,species',
  '1,5.1,3.5,Seoul,setosa',
  '2,7.0,3.2,Busan,versicolor',
  '3,6.3,,Seoul,virginica',
  '4,4.9,3.0,Seoul,setosa',
  '5,6.4,3.2,Busan,versicolor',
  '6,5.8,2.7,Busan,virginica',
].join('\n');

/** A reader, with what it has posted. */
function reader() {
  const reports: ReaderReport[] = [];
  const own = new Reader((report) => reports.push(report));
  const last = () => reports[reports.length - 1];
  return {
    reports,
    last,
    read: async (...files: File[]) => {
      await own.carryOut({ type: 'read', files });
      return last();
    },
    preview: async (...files: File[]): Promise<Preview> => {
      await own.carryOut({ type: 'read', files });
      const report = last();
      if (report.type !== 'preview') throw new Error(JSON.stringify(report));
      return report.preview;
    },
    choose: async (choice: Choice) => {
      await own.carryOut({ type: 'choose', number: 1, choice });
      const report = last();
      if (report.type !== 'chosen') throw new Error(JSON.stringify(report));
      return report;
    },
    take: async () => {
      await own.carryOut({ type: 'take' });
      const report = last();
      if (report.type !== 'taken') throw new Error(JSON.stringify(report));
      return report;
    },
  };
}

const file = (name: string, ...parts: BlobPart[]) => new File(parts, name);

describe('a table', () => {
  it('is shown with its types, a hash and what is probably meant', async () => {
    const { preview, reports } = reader();
    const { rows, columns, head, sha256, guess } = await preview(file('flowers.csv', FLOWERS));
    expect(rows).toBe(6);
    expect(columns.map(({ name, kind, kinds, missing }) => [name, kind, kinds, missing])).toEqual([
      ['row', 'number', 6, 0],
      ['length', 'number', 6, 0],
      ['width', 'number', 4, 1],
      ['city', 'text', 2, 0],
      ['species', 'text', 3, 0],
    ]);
    expect(head[2]).toEqual(['3', '6.3', '', 'Seoul', 'virginica']);
    expect(sha256).toBe(createHash('sha256').update(FLOWERS).digest('hex'));
    expect(guess).toEqual({ label: 'species', task: 'classes', columns: [], missing: 'drop' });
    expect(reports[0]).toMatchObject({ type: 'progress', total: FLOWERS.length });
  });

  it('becomes rows, with what was left out and why', async () => {
    const { preview, choose, take } = reader();
    const { guess } = await preview(file('flowers.csv', FLOWERS));
    expect((await choose(guess)).counts).toEqual({
      rows: 5,
      features: 4,
      classes: 3,
      dropped: 1,
      filled: 0,
      spread: ['city'],
      constant: [],
      unused: [{ column: 'row', reason: 'row-number' }],
    });
    expect((await choose({ ...guess, missing: 'mean' })).counts).toMatchObject({ rows: 6, filled: 1 });
    const columns = ['length'];
    expect((await choose({ ...guess, columns })).counts).toMatchObject({ rows: 6, features: 1 });
    const { data } = await take();
    expect(data).toMatchObject({
      count: 6,
      featureNames: ['length'],
      classNames: ['setosa', 'versicolor', 'virginica'],
    });
    expect([...data.inputs]).toEqual([5.1, 7, 6.3, 4.9, 6.4, 5.8]);
    expect(Object.keys(data)).not.toContain('report');
  });

  it('has values to learn, or classes of numbers', async () => {
    const { preview, choose, take } = reader();
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 3},${i / 7}`);
    const { guess, columns } = await preview(
      file('a.txt', ['kind\theight', ...rows.map((row) => row.replace(',', '\t'))].join('\r\n')),
    );
    expect(columns.map(({ task }) => task)).toEqual(['classes', 'values']);
    expect(guess).toMatchObject({ label: 'kind', task: 'classes' });
    await choose({ ...guess, label: 'height', task: 'values' });
    expect((await take()).data).toMatchObject({ outputs: 1, count: 60, features: 1 });
  });

  it.each([
    ['a name', 'a,Quality,b\n0.1,5.5,0.2\n0.3,4.5,0.4\n0.5,3.5,0.7', 'Quality'],
    ['the last column', 'a,b,c\n0.1,0.2,x\n0.3,0.4,y\n0.3,0.5,x\n0.4,0.6,y', 'c'],
    ['the only text', 'a,b,c\n0.1,x,0.2\n0.3,y,0.4\n0.5,x,0.7\n0.5,y,0.8', 'b'],
    ['a first column of classes', 'a,b,c\n1,0.5,0.2\n0,0.4,0.4\n1,0.3,0.7\n0,0.3,0.8', 'a'],
    ['the last of all numbers', 'a,b,c\n1.5,0.5,0.2\n0.1,0.4,0.4\n1.2,0.3,0.7', 'c'],
    [
      'no date',
      'a,b,c,d\n0.1,x,p,2024-01-02\n0.2,y,q,2024-01-03\n0.3,x,p,2024-01-04\n0.4,y,q,2024-01-05',
      'c',
    ],
    ['a date where all are dates', 'a,b\n2023-01-02,2024-01-02\n2023-01-03,2024-01-04', 'b'],
    ['no constant one', 'a,b,c\n0.1,x,1\n0.2,y,1\n0.3,x,1\n0.4,y,1', 'b'],
  ])('has a label by %s', async (_, text, label) => {
    expect((await reader().preview(file('a.csv', text))).guess.label).toBe(label);
  });

  it.each([
    ['pixel', { width: 4, height: 4 }],
    ['PX_', { width: 4, height: 4 }],
    // Columns with such names may be anything.
    ['x', undefined],
    ['column ', undefined],
  ])('has images where all its columns are called pixels: %s0', async (name, images) => {
    const { preview, choose, take } = reader();
    const names = Array.from({ length: 16 }, (_, i) => `${name}${i}`);
    const rows = Array.from({ length: 6 }, (_, row) =>
      [row % 2, ...names.map((_, i) => (row * i) % 5)].join(),
    );
    const { guess } = await preview(file('a.csv', [['label', ...names].join(), ...rows].join('\n')));
    expect((await choose(guess)).counts?.pixels).toBe(images && true);
    expect((await take()).images).toEqual(images);
  });

  it('of JSON is read, too', async () => {
    const records = JSON.stringify([
      { a: 1, b: 'x' },
      { a: 2, b: 'y' },
      { a: 3, b: 'x' },
    ]);
    const { rows, columns } = await reader().preview(file('a.json', records));
    expect([rows, columns.map(({ name }) => name)]).toEqual([3, ['a', 'b']]);
  });
});

describe('images and arrays', () => {
  const images = Uint8Array.from({ length: 4 * 9 }, (_, i) => i);
  const idx = (shape: number[], data: Uint8Array) => {
    const head = new DataView(new ArrayBuffer(4 + 4 * shape.length));
    head.setUint32(0, 0x800 + shape.length);
    for (const [axis, length] of shape.entries()) head.setUint32(4 + 4 * axis, length);
    return Buffer.concat([new Uint8Array(head.buffer), data]);
  };
  const expectImages = async ({ preview, choose, take }: ReturnType<typeof reader>, ...files: File[]) => {
    const { rows, images: shown, guess } = await preview(...files);
    expect([rows, shown?.width, shown?.height, shown?.shown]).toEqual([4, 3, 3, ['7', '2', '7', '2']]);
    expect([...(shown?.pixels ?? [])].slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await choose(guess)).counts).toMatchObject({ rows: 4, features: 9, classes: 2 });
    const taken = await take();
    expect(taken.data).toMatchObject({ classNames: ['2', '7'], labels: Uint32Array.of(1, 0, 1, 0) });
    expect([...taken.data.inputs]).toEqual([...images]);
    expect(taken.images).toEqual({ width: 3, height: 3 });
  };
  const labels = Uint8Array.of(7, 2, 7, 2);

  it('of IDX, packed or not, in any order', async () => {
    const [pictures, answers] = [idx([4, 3, 3], images), idx([4], labels)];
    await expectImages(reader(), file('train-images', pictures), file('train-labels', answers));
    await expectImages(reader(), file('l.gz', gzipSync(answers)), file('i.gz', gzipSync(pictures)));
  });

  it('of NumPy, also beside those for testing', async () => {
    const train = { x_train: { shape: [4, 3, 3], data: images }, y_train: { shape: [4, 1], data: labels } };
    const test = {
      x_test: { shape: [5, 3, 3], data: new Uint8Array(45) },
      y_test: { shape: [5], data: new Uint8Array(5) },
    };
    await expectImages(reader(), file('a.npz', writeNpz({ ...train, ...test }) as BlobPart));
    const channelFirst = { ...train, x_train: { shape: [4, 1, 3, 3], data: images } };
    await expectImages(reader(), file('a.npz', writeNpz(channelFirst) as BlobPart));
    const [x, y] = [writeNpy(images, [4, 3, 3]), writeNpy(labels, [4, 1])] as BlobPart[];
    await expectImages(reader(), file('x.npy', x), file('y.npy', y));
  });

  it('of two axes are a table', async () => {
    const array = writeNpy(Float64Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
    const { columns, head, guess } = await reader().preview(file('a.npy', array as BlobPart));
    expect(columns.map(({ name }) => name)).toEqual(['column 1', 'column 2']);
    expect(head[2]).toEqual(['5', '6']);
    expect(guess).toMatchObject({ label: 'column 2', task: 'values' });
  });

  it('without labels are refused', async () => {
    expect(await reader().read(file('a', idx([4, 3, 3], images)))).toEqual({
      type: 'problem',
      problem: { kind: 'unlabelled' },
    });
  });
});

describe('what cannot be read', () => {
  it.each([
    ['a workbook', [file('a.xlsx', 'PK\x03\x04')], { kind: 'spreadsheet' }],
    [
      'an old workbook',
      [file('a.xls', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0))],
      { kind: 'spreadsheet' },
    ],
    [
      'a model',
      [file('a.safetensors', Uint8Array.of(16, 1, 0, 0, 0, 0, 0, 0), '{"W 0":{}}')],
      { kind: 'damaged' },
    ],
    ['two tables', [file('a.csv', 'a\n1'), file('b.csv', 'a\n1')], { kind: 'several' }],
    ['quotes that do not end', [file('a.csv', 'a,b\n1,2\n3,"4')], { kind: 'table', line: 3 }],
    ['an empty file', [file('a.csv', '')], { kind: 'table' }],
    ['a picture', [file('a.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10))], { kind: 'table' }],
    ['a broken archive', [file('a.npz', 'PK\x03\x04 no more')], { kind: 'table' }],
  ])('%s is told', async (_, files, problem) => {
    const report = await reader().read(...files);
    expect(report).toMatchObject({ type: 'problem', problem });
  });

  it('a label of one class, and one of too many, are told, and others can be chosen', async () => {
    const { preview, choose } = reader();
    const rows = Array.from({ length: 404 }, (_, i) => `${i / 3},one,k${i % 202}`);
    const { guess } = await preview(file('a.csv', ['a,b,c', ...rows].join('\n')));
    expect(await choose({ ...guess, label: 'b' })).toMatchObject({ problem: { kind: 'label' } });
    expect(await choose({ ...guess, label: 'c' })).toMatchObject({
      problem: { kind: 'classes', value: '202' },
    });
    expect(await choose({ ...guess, label: 'a', task: 'values' })).toMatchObject({ counts: { rows: 404 } });
  });

  it('a choice that makes no rows is told by what is wrong with it', async () => {
    const { preview, choose } = reader();
    const rows = Array.from({ length: 404 }, (_, i) => `${i % 2},,k${i % 202},${['x', 'y'][i % 2]}`);
    const { guess } = await preview(file('a.csv', ['a,b,c,d', ...rows].join('\n')));
    const chosen = { ...guess, label: 'd', columns: ['a'] };
    expect(await choose({ ...chosen, task: 'values' })).toMatchObject({ problem: { kind: 'values' } });
    expect(await choose({ ...chosen, columns: ['c'] })).toMatchObject({ problem: { kind: 'features' } });
    expect(await choose({ ...chosen, columns: ['b'] })).toMatchObject({ problem: { kind: 'gaps' } });
    expect(await choose(chosen)).toMatchObject({ counts: { rows: 404 } });
  });

  it('an error that is none of ours is told, and logged', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    const broken = file('a.csv', 'a');
    broken.slice = () => {
      throw new TypeError('odd');
    };
    expect(await reader().read(broken)).toMatchObject({ problem: { kind: 'unknown' } });
    expect(log).toHaveBeenCalledOnce();
  });
});

it('two files have a hash that does not depend on their order', async () => {
  const [a, b] = [
    writeNpy(Float64Array.of(1, 2, 3, 4), [2, 2]),
    writeNpy(Float64Array.of(1, 2)),
  ] as BlobPart[];
  const { sha256 } = await reader().preview(file('a.npy', a), file('b.npy', b));
  expect((await reader().preview(file('b.npy', b), file('a.npy', a))).sha256).toBe(sha256);
});

it('without a secure connection there is no hash', async () => {
  vi.stubGlobal('crypto', {});
  onTestFinished(() => void vi.unstubAllGlobals());
  expect((await reader().preview(file('flowers.csv', FLOWERS))).sha256).toBe('');
});
