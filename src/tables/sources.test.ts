import { expect, test } from 'vitest';
import { shown } from '../../tests/helpers/tables/shown.ts';
import { streamOf } from '../../tests/helpers/tables/write-csv.ts';
import { nextTask } from '../delay.ts';
import { type ReadProgress, readCsv, readJson } from './index.ts';

const TEXT = 'a,b\n1,x\n2,é\n';
const BYTES = new TextEncoder().encode(TEXT);
const COLUMNS = { a: [1, 2], b: ['x', 'é'] };

const packed = async () => {
  const stream = new Blob([BYTES]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

test('a table comes from a text, bytes, a file, a response or a stream, packed or not', async () => {
  const gzip = await packed();
  const sources = [
    TEXT,
    BYTES,
    BYTES.buffer,
    new Blob([BYTES]),
    new File([gzip], 'table.csv.gz'),
    new Response(TEXT),
    streamOf(BYTES, [1]),
    streamOf(gzip, [1, 5]),
    gzip,
  ];
  for (const source of sources) expect(shown(await readCsv(source))).toEqual(COLUMNS);
  const json = JSON.stringify([
    { a: 1, b: 'x' },
    { a: 2, b: 'é' },
  ]);
  const file = new File([json], 'table.json');
  for (const source of [json, file, new Response(json)])
    expect(shown(await readJson(source))).toEqual(COLUMNS);
});

test('an error names the file', async () => {
  await expect(readCsv(new File(['a,b\n'], 'empty.csv'))).rejects.toThrow(
    /^empty\.csv: expected at least one row/,
  );
  await expect(readJson(new File(['['], 'broken.json'))).rejects.toThrow(/^broken\.json.*: expected JSON/);
});

test('progress tells bytes and rows, and all of them at the end', async () => {
  const rows = 200_000;
  const text = `a,b\n${'1.25,x\n'.repeat(rows)}`;
  for (const source of [text, new Blob([text])]) {
    const reports: ReadProgress[] = [];
    await readCsv(source, { progress: (report) => reports.push(report) });
    const last = { bytes: text.length, total: text.length, rows };
    expect(reports.at(-1)).toEqual(last);
    expect(reports.map(({ bytes }) => bytes)).toEqual(
      reports.map(({ bytes }) => bytes).sort((a, b) => a - b),
    );
  }
  const reports: ReadProgress[] = [];
  await readCsv(streamOf(new TextEncoder().encode(TEXT), [4]), {
    progress: (report) => reports.push(report),
  });
  expect(reports).toEqual([{ bytes: 13, rows: 2 }]);
});

test('an error of progress ends the reading', async () => {
  const progress = () => {
    throw new RangeError('enough');
  };
  await expect(readCsv(TEXT, { progress })).rejects.toThrow('enough');
});

test('an abort ends the reading of what does not end, with its reason', async () => {
  const reason = new Error('closed');
  await expect(readCsv(TEXT, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const bytes = new TextEncoder().encode('1,x\n'.repeat(10_000));
  let cancelled: unknown;
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytes),
      cancel: () => {
        cancelled = true;
      },
    });
  const silent = () => new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
  const limits = { cells: 2 ** 25 };
  for (const source of ['1,x\n'.repeat(10_000_000), endless(), silent()]) {
    const controller = new AbortController();
    const read = readCsv(source, { signal: controller.signal, limits });
    for (let i = 0; i < 3; i++) await nextTask();
    controller.abort(reason);
    await expect(read).rejects.toBe(reason);
  }
  expect(cancelled).toBe(true);
});
