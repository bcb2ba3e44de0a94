import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ALL } from '../../tests/helpers/tier.ts';
import { FileError, OptionError } from '../errors.ts';
import { Bytes } from './source.ts';

/** Numbers that do not repeat soon, among them the beginning of a file of gzip. */
const CONTENTS = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 7);
CONTENTS.set([0x1f, 0x8b, 8, 0], 200_000);

async function all(bytes: Bytes): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of bytes.pieces()) parts.push(piece);
  return new Uint8Array(Buffer.concat(parts));
}

/** A stream of pieces, which tells whether it was cancelled. */
function streamOf(pieces: Iterable<Uint8Array>) {
  const found = { cancelled: false, stream: new ReadableStream<Uint8Array>() };
  const iterator = pieces[Symbol.iterator]();
  found.stream = new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      found.cancelled = true;
    },
  });
  return found;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

/** Members of gzip one after the other, one of them empty and one with the beginning of another inside. */
const MEMBERS = Buffer.concat([
  ...[0, 1, 70_000, 70_000].map((end, i, ends) => gzipSync(CONTENTS.subarray(i && ends[i - 1], end))),
  gzipSync(CONTENTS.subarray(70_000), { level: 0 }),
]);

test.each([
  ['as it is', CONTENTS],
  ['compressed', new Uint8Array(gzipSync(CONTENTS))],
  ['compressed in parts', new Uint8Array(MEMBERS)],
  ['empty', new Uint8Array()],
  ['of one byte', Uint8Array.of(0x1f)],
])('every source gives the same bytes: %s', async (_, file) => {
  const contents = file[1] === 0x8b ? CONTENTS : file;
  const larger = new Uint8Array(file.length + 8);
  larger.set(file, 5);
  const singles = Array.from(file.subarray(0, 100), (byte) => Uint8Array.of(byte));
  const sources: [unknown, number | undefined][] = [
    [file, file.length],
    [larger.subarray(5, 5 + file.length), file.length],
    [file.slice().buffer, file.length],
    [new Blob([file]), file.length],
    [new Response(file), undefined],
    [new Blob([file]).stream(), undefined],
    [streamOf([...singles, new Uint8Array(), file.subarray(100)]).stream, undefined],
  ];
  for (const [source, total] of sources) {
    const bytes = new Bytes(source);
    expect(bytes.total).toBe(total);
    expect(Buffer.compare(await all(bytes), contents)).toBe(0);
    expect(bytes.taken).toBe(file.length);
  }
  expect((await all(new Bytes(new Response(null)))).length).toBe(0);
});

test('what has no bytes is refused', async () => {
  const locked = new Blob([]).stream();
  locked.getReader();
  for (const source of [undefined, null, 'a,b', 7, {}, [1], new Date(), locked])
    expect(() => new Bytes(source)).toThrow(OptionError);
  const texts = new ReadableStream({ start: (controller) => controller.enqueue('a') });
  expect(await failure(all(new Bytes(texts)))).toBeInstanceOf(OptionError);
  expect(() => new Bytes(new Response('no', { status: 404 }))).toThrow(FileError);
});

test('damaged gzip is a typed error', async () => {
  const file = new Uint8Array(gzipSync(CONTENTS));
  const wrong = file.slice();
  wrong[file.length >> 1] ^= 0xff;
  const sum = file.slice();
  sum[file.length - 8] ^= 1;
  for (const bytes of [wrong, sum, file.subarray(0, -1), file.subarray(0, 1000), file.subarray(0, 5)]) {
    const error = await failure(all(new Bytes(new File([bytes], 'rows.csv.gz'))));
    expect(error).toBeInstanceOf(FileError);
    expect(error.message).toMatch(/^rows\.csv\.gz: expected whole gzip, but got bytes that do not unpack/);
  }
});

test('members of gzip without end are refused', async () => {
  const member = new Uint8Array(gzipSync(''));
  const file = new Uint8Array(Buffer.concat(new Array(20_000).fill(member)));
  const error = await failure(all(new Bytes(file)));
  expect(error).toBeInstanceOf(FileError);
  expect(error.message).toMatch(/at most 1000 members of gzip, or 16384 bytes in each/);
  expect(error.message).toMatch(/but got 1001 in 0 bytes\. Unpack it first\./);
});

test("a source's own error and an abort come as they are, and end the source", async () => {
  const own = new Error('the disk is gone');
  for (const first of [CONTENTS, new Uint8Array(gzipSync(CONTENTS)).subarray(0, 1000)]) {
    function* failing() {
      yield first;
      throw own;
    }
    expect(await failure(all(new Bytes(streamOf(failing()).stream)))).toBe(own);
    const controller = new AbortController();
    const reason = new Error('enough');
    const hanging = new ReadableStream({ start: (stream) => stream.enqueue(first) });
    const ended = failure(all(new Bytes(hanging, 'source', controller.signal)));
    controller.abort(reason);
    expect(await ended).toBe(reason);
  }
});

test('a loop that ends early ends the source', async () => {
  for (const contents of [CONTENTS, new Uint8Array(gzipSync(CONTENTS))]) {
    const cut = Array.from({ length: 300 }, (_, i) => contents.subarray(100 * i, 100 * i + 100));
    const source = streamOf(cut);
    for await (const _ of new Bytes(source.stream).pieces()) break;
    await expect.poll(() => source.cancelled).toBe(true);
  }
});

if (ALL) {
  test('a bomb is refused long before its end', async () => {
    const zeros = new Uint8Array(gzipSync(new Uint8Array(2 ** 24)));
    function* bomb() {
      // Members follow each other, of a gigabyte together.
      for (let i = 0; i < 64; i++) yield zeros;
    }
    const source = streamOf(bomb());
    let size = 0;
    const read = async () => {
      for await (const piece of new Bytes(source.stream).pieces()) size += piece.length;
    };
    const error = await failure(read());
    expect(error).toBeInstanceOf(FileError);
    expect(error.message).toMatch(
      /^The file: expected at most 268435456 bytes from a packed file of its size/,
    );
    expect(size).toBeLessThanOrEqual(2 ** 28);
    await expect.poll(() => source.cancelled).toBe(true);
  });
}
