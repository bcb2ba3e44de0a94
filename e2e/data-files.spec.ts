import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import type { Page } from 'playwright/test';
import { build } from 'vite';
import type { ImageOptions, Images } from '../src/tables/index.ts';
import FILES from '../tests/reference/numpy-files.json' with { type: 'json' };
import { expect, test } from './fixture.ts';

type Library = typeof import('../src/tables/index.ts');

const LIBRARY = '/library.js';
const WORKER = `import { readImages } from '/library.js';
onmessage = async ({ data: [files, options] }) => postMessage(await readImages(files, options));
postMessage('ready');`;

/** The entry spiralnet/data as one module. */
async function bundle(): Promise<string> {
  const lib = { entry: 'src/tables/index.ts', formats: ['es' as const] };
  const rolldownOptions = { output: { codeSplitting: false } };
  const options = { write: false, lib, rolldownOptions };
  const found = await build({ configFile: false, logLevel: 'error', build: options });
  return (found as { output: { code: string }[] }[])[0].output[0].code;
}

let code: string;

test.beforeAll(async () => {
  code = await bundle();
});

test.beforeEach(async ({ page }) => {
  const files: { [path: string]: { contentType: string; body: string } } = {
    '/page': {
      contentType: 'text/html',
      body: '<link rel="icon" href="data:,"><input type="file" webkitdirectory>',
    },
    [LIBRARY]: { contentType: 'text/javascript', body: code },
    '/worker.js': { contentType: 'text/javascript', body: WORKER },
  };
  for (const [path, file] of Object.entries(files)) await page.route(path, (route) => route.fulfill(file));
  await page.goto('/page');
});

/** A PNG file of the page, drawn by a list of colours and rectangles. */
async function png(page: Page, width: number, height: number, rectangles: [string, ...number[]][]) {
  const bytes = await page.evaluate(
    async ([width, height, rectangles]) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      for (const [colour, x, y, w, h] of rectangles as [string, number, number, number, number][]) {
        context.fillStyle = colour;
        context.fillRect(x, y, w, h);
      }
      return Array.from(new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()));
    },
    [width, height, rectangles] as const,
  );
  return Buffer.from(bytes);
}

const rounded = ({ data, ...others }: { data: number[] } & object) => ({
  ...others,
  data: data.map((value) => Math.round(value * 1000) / 1000),
});

test('images from folders become arrays of one size, in the page and in a worker', async ({ page }, {
  outputDir,
}) => {
  const folder = join(outputDir, 'photos');
  const files = {
    'cats/1.png': await png(page, 200, 100, [['red', 0, 0, 200, 100]]),
    'dogs/2.png': await png(page, 2, 1, [['rgb(51, 102, 204)', 1, 0, 1, 1]]),
  };
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  await page.locator('input').setInputFiles(folder);
  const read = (options: ImageOptions) =>
    page.evaluate(
      async ([path, options]) => {
        const library: Library = await import(path);
        const input = document.querySelector('input') as HTMLInputElement;
        const files = Array.from(input.files ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
        const here = await library.readImages(files, options);
        const worker = new Worker('/worker.js', { type: 'module' });
        const next = () => new Promise<Images>((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
        await next();
        worker.postMessage([files, { ...options, label: 'name' }]);
        const there = await next();
        worker.terminate();
        return [here, there].map((images) => ({ ...images, data: Array.from(images.data) }));
      },
      [LIBRARY, options] as const,
    );

  const [grey, greyOfWorker] = await read({ width: 2, height: 1, label: 'folder' });
  expect(rounded(grey)).toEqual({
    shape: [2, 1, 2],
    data: [0.299, 0.299, 1, 0.386],
    names: ['1.png', '2.png'],
    labels: ['cats', 'dogs'],
  });
  expect(greyOfWorker).toEqual({ ...grey, labels: ['1', '2'] });
  const [colours] = await read({ width: 2, height: 1, channels: 3 });
  expect(rounded(colours)).toEqual({
    shape: [2, 1, 2, 3],
    data: [1, 0, 0, 1, 0, 0, 1, 1, 1, 0.2, 0.4, 0.8],
    names: ['1.png', '2.png'],
  });
});

test('what is no image is refused by its name', async ({ page }) => {
  const message = await page.evaluate(async (path) => {
    const library: Library = await import(path);
    const file = new File(['a,b'], 'rows.png', { type: 'image/png' });
    return library
      .readImages([file], { width: 2, height: 2 })
      .catch((error) => `${error.name}: ${error.message}`);
  }, LIBRARY);
  expect(message).toBe(
    'FileError: rows.png: expected an image that this browser can read, but got another file. Leave the file out, or save it as PNG.',
  );
});

/** The outcomes of reading a file in the page, from as many kinds of sources. */
async function readInPage(page: Page, name: 'readNpz' | 'readIdx', file: Uint8Array, kinds = 3) {
  return page.evaluate(
    async ([path, name, base64, kinds]) => {
      const library: Library = await import(path);
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const shown = (_: string, value: unknown) =>
        ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value;
      const sources = [new File([bytes], 'file'), bytes, new Blob([bytes]).stream()];
      const outcomes = sources.slice(0, kinds).map((source) =>
        library[name](source).then(
          (value: unknown) => JSON.parse(JSON.stringify(value, shown)),
          (error: Error) => `${error.name}: ${error.message}`,
        ),
      );
      return Promise.all(outcomes);
    },
    [LIBRARY, name, Buffer.from(file).toString('base64'), kinds] as const,
  );
}

test('the packed files of NumPy and of MNIST are read as they are in Node', async ({ page }) => {
  for (const name of ['savez', 'savez_compressed', 'savez of 64 bits'] as const) {
    const file = Buffer.from(FILES[name].file, 'base64');
    for (const found of await readInPage(page, 'readNpz', file))
      expect(found).toMatchObject({
        X: { shape: [2, 3], data: [0, 1, 2, 3, 4, 5] },
        'y 뱀': { data: [0, 1] },
      });
    const damaged = file.map((byte, i) => (i === 200 ? byte ^ 255 : byte));
    for (const found of await readInPage(page, 'readNpz', damaged)) expect(found).toMatch(/^FileError: /);
  }
  const labels = gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1));
  for (const found of await readInPage(page, 'readIdx', labels))
    expect(found).toEqual({ shape: [3], data: [7, 2, 1] });
  for (const found of await readInPage(page, 'readIdx', labels.subarray(0, -9)))
    expect(found).toMatch(/^FileError: .*expected whole gzip/);
});

test('gzip of several members is unpacked to its end, however it is cut', { tag: '@all' }, async ({
  page,
}) => {
  // The first rows fill a few bytes with very much, which a stream gives in many pieces.
  const many = '0,0\n'.repeat(500_000);
  const text = `a,b\n${many}`.concat(...Array.from({ length: 8000 }, (_, i) => `${i},${i % 7}\n`));
  const ends = [0, many.length, many.length, many.length + 9000, many.length + 9001, text.length];
  const members = ends.slice(1).map((end, i) => gzipSync(text.slice(ends[i], end), { level: 9 - i }));
  const file = Array.from(Buffer.concat([...members, gzipSync('')]));
  const found = await page.evaluate(
    async ([file, library]) => {
      const { readCsv } = (await import(library)) as Library;
      const bytes = Uint8Array.from(file);
      const cut = (size: number) => {
        let at = 0;
        return new ReadableStream<Uint8Array>({
          pull(controller) {
            if (at < bytes.length) controller.enqueue(bytes.slice(at, at + size));
            else controller.close();
            at += size;
          },
        });
      };
      const sources = [bytes, new Blob([bytes]), cut(1), cut(7), cut(1000)];
      const tables = await Promise.all(sources.map((source) => readCsv(source)));
      const damaged = await readCsv(bytes.subarray(0, -3)).catch((error) => `${error}`);
      return [...tables.map(({ rows, columns }) => `${rows} ${columns[0].values.at(-1)}`), damaged];
    },
    [file, LIBRARY] as const,
  );
  expect(found.slice(0, -1)).toEqual(new Array(5).fill('508000 7999'));
  expect(found.at(-1)).toMatch(/^FileError: .*expected whole gzip/);
});

test('a bomb ends in a typed error', { tag: '@all' }, async ({ page }) => {
  // Zeros of half a gigabyte, which claim to be as many as may come of a small file.
  function* zeros() {
    yield Uint8Array.of(0, 0, 8, 1, 0x0f, 0xff, 0xff, 0xf8);
    for (let i = 0; i < 32; i++) yield new Uint8Array(2 ** 24);
  }
  const parts: Buffer[] = [];
  for await (const part of Readable.from(zeros()).pipe(createGzip())) parts.push(part);
  const [found] = await readInPage(page, 'readIdx', Buffer.concat(parts), 1);
  expect(found).toMatch(
    /^FileError: .*expected (at most 268435456 bytes|268435456 bytes, as its header says)/,
  );
});

const TABLE_WORKER = `import { readCsv, tableDataset } from '/library.js';
onmessage = async ({ data: file }) => {
  const progress = (report) => postMessage(report);
  const table = await readCsv(file, { progress });
  postMessage({ table, data: tableDataset(table) });
};
postMessage('ready');`;

test('a table is read in a worker that may make no code, with progress', async ({ page }) => {
  const policy = "script-src 'self'; worker-src 'self'; require-trusted-types-for 'script'";
  const headers = { 'content-security-policy': policy };
  const body = TABLE_WORKER;
  await page.route('/table-worker.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', headers, body }),
  );
  const rows = 50_000;
  const found = await page.evaluate(async (rows) => {
    const text = `Größe;Zeit;Art\r\n${'1,5;2024-01-01;"a;b"\r\n-2;2024-01-02;c\r\n'.repeat(rows / 2)}`;
    const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
    const file = new File([await new Response(packed).blob()], 'table.csv.gz');
    const worker = new Worker('/table-worker.js', { type: 'module' });
    const reports: { rows: number; bytes: number; total: number }[] = [];
    const { table, data } = await new Promise<Record<'table' | 'data', Record<string, unknown>>>(
      (resolve) => {
        worker.onmessage = ({ data }) => {
          if (data === 'ready') worker.postMessage(file);
          else if ('table' in data) resolve(data);
          else reports.push(data);
        };
      },
    );
    worker.terminate();
    const { size } = file;
    return {
      rows: table.rows,
      format: table.format,
      data: { ...data, report: 0 },
      last: reports.at(-1),
      size,
    };
  }, rows);
  expect(found).toMatchObject({
    rows,
    format: { delimiter: ';', decimal: ',', header: true, encoding: 'utf-8' },
    data: { count: rows, classNames: ['a;b', 'c'], featureNames: ['Größe', 'Zeit'] },
    last: { bytes: found.size, total: found.size, rows },
  });
});

test('an abort ends the reading of a table in the page', async ({ page }) => {
  const message = await page.evaluate(async (path) => {
    const library: Library = await import(path);
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('1,2\n'.repeat(10_000))),
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 50);
    const { signal } = controller;
    return library.readCsv(endless, { signal }).catch((error) => error.message);
  }, LIBRARY);
  expect(message).toBe('enough');
});
