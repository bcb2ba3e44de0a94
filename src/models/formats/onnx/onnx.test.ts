import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLASSIFIER, models } from '../../../../tests/helpers/models.ts';
import { property } from '../../../../tests/helpers/property.ts';
import { FileError, OptionError } from '../../../errors.ts';
import { joined, type Pieces } from '../../../tables/pieces.ts';
import type { Precision } from '../../../types.ts';
import { VERSION } from '../../../version.ts';
import { exportModel, importModel, Model, type ModelData } from '../../index.ts';
import type { Precisions } from './graph.ts';
import { bytes, Message, message, number, text } from './protobuf.ts';
import { readOnnx } from './read.ts';
import { writeOnnx } from './write.ts';

const SMALL: ModelData = { ...CLASSIFIER, activations: ['elu'] };
const USUAL: Precisions = { inputs: 'single', arithmetic: 'double' };
const write = (data: ModelData, precisions = USUAL) => writeOnnx(new Model(data), precisions);

/** The error with which a file is refused. */
function refusal(read: () => unknown): FileError {
  try {
    read();
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

property(
  'a file gives the same bits back, whatever its inputs are, and a file of the same bytes',
  models('any'),
  [SMALL],
  async (data) => {
    const model = new Model(data);
    const others: Precisions[] =
      model.precision === 'single' ? [{ inputs: 'single', arithmetic: 'single' }] : [];
    for (const precisions of [USUAL, { ...USUAL, inputs: 'double' } as const, ...others]) {
      const file = await exportModel(data, 'onnx', precisions);
      const read = await importModel(file);
      expect(read).toEqual(model);
      expect(await exportModel(read, 'onnx', precisions)).toEqual(file);
    }
  },
);

test('numbers at the edges keep their bits', () => {
  const numbers = [-0, 0, 2 ** -149, 3.4028234663852886e38, -1, 1e-45];
  const scaling = { means: [-0, -1e300, 5e-324], deviations: [-0, 5e-324, Number.MAX_VALUE] };
  const model = new Model({
    sizes: [3, 2],
    activations: [],
    loss: 'hinge',
    precision: 'single',
    parameters: [{ weights: Float32Array.from(numbers), biases: Float32Array.of(-0, 0) }],
    scaling,
  });
  expect(readOnnx(writeOnnx(model, USUAL))).toEqual(model);
});

test('an array that is part of a larger one is written and read', () => {
  const all = Float32Array.of(7, 0.1, -0.25, 1e-8, 3, 7);
  const parameters = [{ ...SMALL.parameters[0], weights: all.subarray(1, 5) }, SMALL.parameters[1]];
  const file = writeOnnx(Object.assign(new Model(SMALL), { parameters }), USUAL);
  const larger = new Uint8Array(file.length + 3);
  larger.set(file, 1);
  expect(readOnnx(larger.subarray(1, -2))).toEqual(new Model(SMALL));
  expect(readOnnx(Buffer.from(larger).subarray(1, -2))).toEqual(new Model(SMALL));
});

test('a file says who wrote it, and has names and settings in its metadata', () => {
  const file = new Message(write(SMALL));
  expect(file.numbers(1)).toEqual([7]);
  expect([file.text(2), file.text(3)]).toEqual(['spiralnet', VERSION]);
  expect(file.text(6)).toBe('A network 2 → 2 → 3, trained with the loss cross-entropy.');
  expect(file.messages(8).map((set) => [set.text(1), set.numbers(2)])).toEqual([['', [13]]]);
  const metadata = file.messages(14).map((entry) => [entry.text(1), JSON.parse(entry.text(2))]);
  const { parameters, ...facts } = SMALL;
  expect(Object.fromEntries(metadata)).toEqual({ spiralnet: 1, ...facts, ...USUAL });
});

test('every tensor between the operators has its type and shape', () => {
  const graph = new Message(write(SMALL, { ...USUAL, inputs: 'double' })).message(7);
  const shapes = [11, 12, 13].flatMap((field) =>
    graph.messages(field).map((value) => {
      const tensor = value.message(2).message(1);
      const sizes = tensor
        .message(2)
        .messages(1)
        .map((size) => size.numbers(1)[0] ?? size.text(2));
      return [value.text(1), tensor.numbers(1)[0], ...sizes];
    }),
  );
  expect(shapes.slice(0, 3)).toEqual([
    ['inputs', 11, 'N', 2],
    ['probabilities', 11, 'N', 3],
    ['label', 7, 'N'],
  ]);
  expect(shapes).toContainEqual(['hidden_0', 11, 'N', 2]);
  expect(shapes).toContainEqual([expect.any(String), 11, 2, 3]);
  const named = shapes.map(([name]) => name);
  expect(new Set(named).size).toBe(named.length);
  const made = graph.messages(1).flatMap((node) => node.texts(2));
  expect(named.slice(1).sort()).toEqual(made.sort());
  // The specification wants names as in C.
  expect(named.filter((name) => !/^[a-z]\w*$/i.test(String(name)))).toEqual([]);
});

test('a constant of two layers comes once', () => {
  const [first, last] = SMALL.parameters;
  const layers = {
    sizes: [2, 2, 2, 3],
    activations: ['elu', 'elu'],
    parameters: [first, first, last],
  } as const;
  const graph = new Message(write({ ...SMALL, ...layers } as unknown as ModelData)).message(7);
  const names = graph.messages(5).map((constant) => constant.text(8));
  expect(names).toContain('one');
  expect(names).toEqual([...new Set(names)]);
});

test('arithmetic in single precision has no number in double precision beside it', async () => {
  const graph = new Message(write(SMALL, { inputs: 'single', arithmetic: 'single' })).message(7);
  const tensors = [11, 12, 13]
    .flatMap((field) => graph.messages(field))
    .map((value) => value.message(2).message(1));
  const types = [
    ...tensors.map((tensor) => tensor.numbers(1)),
    ...graph.messages(5).map((one) => one.numbers(2)),
  ];
  // 1 is float32, 7 is int64.
  expect(new Set(types.flat())).toEqual(new Set([1, 7]));
  const expected = new OptionError(
    'arithmetic',
    "'double' for inputs or weights in double precision",
    'single',
  );
  const double = { ...SMALL, precision: 'double' } as const;
  await expect(exportModel(double, 'onnx', { arithmetic: 'single' })).rejects.toEqual(expected);
  const both = { inputs: 'double', arithmetic: 'single' } as const;
  await expect(exportModel(SMALL, 'onnx', both)).rejects.toEqual(expected);
});

test('the precisions are checked', async () => {
  const wrong = 'float64' as Precision;
  for (const name of ['inputs', 'arithmetic']) {
    await expect(exportModel(SMALL, 'onnx', { [name]: wrong })).rejects.toThrow(
      `${name}: expected 'single' or 'double'`,
    );
    await expect(exportModel(SMALL, 'json', { [name]: 'double' })).rejects.toThrow(
      'one of the options scaling',
    );
  }
});

test('more than ONNX allows is refused before there is memory for it', () => {
  const parameters = new Array(33).fill({
    weights: new Float32Array(2 ** 24),
    biases: new Float32Array(2 ** 12),
  });
  const large = Object.assign(new Model(SMALL), {
    sizes: new Array(34).fill(2 ** 12),
    activations: new Array(32).fill('relu'),
    parameters,
  });
  const write = () => writeOnnx(large, USUAL);
  expect(write).toThrow(
    /byteLength ≥ 22\d{8}, but this machine allows 2147483647. Use the format 'safetensors'/,
  );
});

type Change = (field: number, content: Uint8Array) => Uint8Array[];

/** A message with each of its fields that has bytes replaced by any number of others. */
function rebuilt(content: Uint8Array, change: Change): Uint8Array {
  const old = new Message(content);
  const pieces: Pieces = [];
  for (let field = 1; field < 30; field++) {
    pieces.push(...old.numbers(field).flatMap((value) => number(field, value)));
    pieces.push(
      ...old.list(field).flatMap((part) => change(field, part).flatMap((one) => bytes(field, one))),
    );
  }
  return joined(pieces);
}

/** A small model with another graph. */
const withGraph = (change: Change) =>
  rebuilt(write(SMALL), (field, part) => [field === 7 ? rebuilt(part, change) : part]);

/** A small model with a text of the file replaced where it is the first time. */
function withText(old: string, text: string): Uint8Array {
  const file = Buffer.from(write(SMALL));
  const at = file.indexOf(old);
  if (at < 0 || old.length !== text.length)
    throw new Error(`The file has no '${old}' to replace by '${text}'.`);
  file.write(text, at);
  return file;
}
const node = (operator: string) => joined([...text(1, 'inputs'), ...text(2, 'y'), ...text(4, operator)]);

/** A small model with another tensor in place of a constant, or several. */
const withConstant = (name: string, change: (tensor: Uint8Array) => Pieces[]) =>
  withGraph((field, part) =>
    field === 5 && new Message(part).text(8) === name ? change(part).map(joined) : [part],
  );
/** The first weights, with other sizes. */
const resized = (...sizes: number[]) =>
  withConstant('weights_0', (tensor) => {
    const numbers = new Message(tensor).list(9).flatMap((content) => bytes(9, content));
    return [
      [...sizes.flatMap((size) => number(1, size)), ...number(2, 1), ...text(8, 'weights_0'), ...numbers],
    ];
  });
const AS_WRITTEN = 'as exportModel() writes it, but got';

test('the tools of these tests leave a file as it is', () => {
  expect(withGraph((_, part) => [part])).toEqual(write(SMALL));
});

test.each<[what: string, file: () => Uint8Array, expected: string]>([
  [
    'another network, by the name of its operator',
    () => withGraph((field, part) => (field === 1 ? [part, node('Conv')] : [part])),
    'only the operators Abs, Add, ArgMax, Cast, Div, Exp, Gemm, Log, Max, Min, Mul, Relu, Sigmoid, Softmax, ' +
      "Sub, Tanh, but got 'Conv'.",
  ],
  [
    'known operators of another program',
    () => joined([...number(1, 8), ...message(7, message(1, [node('Gemm')]), message(1, [node('Relu')]))]),
    'what exportModel() writes, but got ["Gemm","Relu"].',
  ],
  [
    'nodes twice',
    () => withGraph((field, part) => (field === 1 ? [part, part] : [part])),
    `the operator Sub of t0, means, ${AS_WRITTEN} 'the operator Cast of inputs'.`,
  ],
  [
    'no nodes',
    () => withGraph((field, part) => (field === 1 ? [] : [part])),
    `the operator Cast of inputs, ${AS_WRITTEN} 'nothing more'.`,
  ],
  [
    'another operator',
    () => withText('Exp', 'Log'),
    `the operator Exp of t6, ${AS_WRITTEN} 'the operator Log of t6'.`,
  ],
  [
    'another input',
    () => withText('hidden_0', 'hidden_9'),
    `the operator Add of t8, t9, ${AS_WRITTEN} 'another one'.`,
  ],
  [
    'another attribute',
    () => withText('axis', 'axes'),
    `the operator Softmax of logits, ${AS_WRITTEN} 'another one'.`,
  ],
  ['sizes of 64 bits', () => resized(2 ** 63, 3), `the constant weights_0, ${AS_WRITTEN} 'another one'.`],
  [
    '60,000 sizes',
    () => resized(...new Array(60_000).fill(1)),
    `the constant weights_0, ${AS_WRITTEN} 'another one'.`,
  ],
  [
    'half a number',
    () =>
      withConstant('biases_0', () => [
        [...number(2, 1), ...text(8, 'biases_0'), ...bytes(9, new Uint8Array(10))],
      ]),
    `the constant biases_0, ${AS_WRITTEN} 'another one'.`,
  ],
  [
    'a constant more',
    () => withConstant('means', (tensor) => [[tensor], text(8, 'more')]),
    `the constant deviations, ${AS_WRITTEN} 'the constant more'.`,
  ],
  [
    'a constant more at the end',
    () => withConstant('biases_1', (tensor) => [[tensor], text(8, 'more')]),
    `nothing more, ${AS_WRITTEN} 'the constant more'.`,
  ],
  [
    'a field more',
    () => withConstant('means', (tensor) => [[tensor, ...number(14, 1)]]),
    `the constant means, ${AS_WRITTEN} 'another one'.`,
  ],
  [
    'a deviation of 0 in the graph itself',
    () => {
      const model = { ...SMALL, scaling: { means: [0, 0], deviations: [1, 2 ** -40] } };
      const file = Buffer.from(write(model));
      // The last bytes of 1 / 2⁴⁰ in float64.
      file.fill(0, file.indexOf('703d', 'hex'), file.indexOf('703d', 'hex') + 2);
      return file;
    },
    `the constant deviations, ${AS_WRITTEN} 'another one'.`,
  ],
  ['two graphs', () => joined([write(SMALL), ...message(7)]), 'one graph, but got 2.'],
  ['an empty file', () => new Uint8Array(), 'one graph, but got 0.'],
])('it is refused: %s', (_, file, expected) => {
  expect(refusal(() => readOnnx(file())).message).toBe(`The ONNX model: expected ${expected}`);
});

test.each<[what: string, file: () => Uint8Array, message: string]>([
  ['another activation', () => withText('["elu"]', '["abc"]'), "activations[0]: expected 'relu' or"],
  ['another loss', () => withText('"cross-entropy"', '"cross-entrope"'), 'loss: expected'],
  ['a name more', () => withText('"red", ', '"","", '), 'classNames: expected 3 strings'],
  ['no JSON', () => withText('["elu"]', '["elu",'), 'activations: expected an array'],
  [
    'other sizes',
    () => withText('[2, 2, 3]', '[2, 3, 3]'),
    'parameters[0].weights: expected 6 numbers (2×3)',
  ],
  [
    'sizes for no memory',
    () => withText('[2, 2, 3]', '[9e9,9e9]'),
    'activations: expected an array of 0 activations',
  ],
  ['no weights', () => withText('weights_0J', 'weights_9J'), 'parameters: expected an array of 2 layers'],
])('it is refused by its field: %s', (_, file, message) => {
  expect(refusal(() => readOnnx(file())).message).toContain(`model.${message}`);
});

const key = (field: number, kind: number) => 8 * field + kind;

test.each<[what: string, file: Iterable<number>]>([
  ['a text', Buffer.from('{"sizes": [2, 3, 2]}')],
  ['a group', [key(2, 3)]],
  ['a length past the end', [key(2, 2), 2, 1]],
  ['the largest length', [key(7, 2), ...new Array(9).fill(255), 1]],
  ['a number that never ends', new Uint8Array(1e6).fill(255)],
  ['a number of 11 bytes', [key(1, 0), ...new Array(10).fill(255), 1]],
  ['a number that is cut off', [key(1, 0), 128]],
  ['8 bytes that are cut off', [key(1, 1), 1, 2, 3, 4, 5, 6, 7]],
  ['4 bytes that are cut off', [key(1, 5), 1, 2, 3]],
  ['millions of fields', new Uint8Array(1e7).fill(key(1, 0))],
])('bytes that are no messages are refused: %s', (_, file) => {
  const { message } = refusal(() => readOnnx(Uint8Array.from(file)));
  expect(message).toBe(
    'The ONNX model: expected messages of Protocol Buffers, but got other bytes. The file is damaged or of another kind.',
  );
});

test('a message stays short, whatever the name of an operator', () => {
  const file = withGraph((field, part) => (field === 1 ? [node('x'.repeat(1e6))] : [part]));
  expect(refusal(() => readOnnx(file)).message.length).toBeLessThan(500);
});

property(
  'a damaged file is refused, or it is still a network',
  fc.record({
    model: models('moderate'),
    changes: fc.array(
      fc.record({ at: fc.nat(), remove: fc.nat(8), insert: fc.uint8Array({ maxLength: 8 }) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  }),
  [],
  async ({ model, changes }) => {
    let file = write(model);
    for (const { at, remove, insert } of changes) {
      const start = at % file.length;
      file = joined([file.subarray(0, start), insert, file.subarray(start + remove)]);
    }
    try {
      readOnnx(writeOnnx(readOnnx(file), USUAL));
    } catch (error) {
      expect(error).toBeInstanceOf(FileError);
    }
  },
  8,
);
