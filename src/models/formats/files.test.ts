import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLASSIFIER, models } from '../../../tests/helpers/models.ts';
import { expectClose } from '../../../tests/helpers/oracle/compare.ts';
import { property } from '../../../tests/helpers/property.ts';
import { runPython } from '../../../tests/helpers/python.ts';
import { ALL } from '../../../tests/helpers/tier.ts';
import { exportModel, importModel, Model, type ModelFormat, readModel } from '../index.ts';
import { shortestDecimal } from './decimal.ts';
import { bytesOf } from './file-bytes.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const text = async (format: ModelFormat, model = CLASSIFIER) =>
  new TextDecoder().decode(await exportModel(model, format));

describe.each<ModelFormat>(['safetensors', 'onnx', 'npz', 'json'])('%s', (format) => {
  property('gives the same bits back', models('any'), [CLASSIFIER], async (data) => {
    const model = new Model(data);
    const bytes = await exportModel(data, format);
    expect(await importModel(bytes)).toEqual(model);
    // The file need not begin at the start of its memory.
    const moved = new Uint8Array(bytes.length + 3);
    moved.set(bytes, 3);
    expect(await exportModel(await importModel(moved.subarray(3)), format)).toEqual(bytes);
  });

  test('is read from a Blob and from an ArrayBuffer, also one that threads share', async () => {
    const bytes = await exportModel(CLASSIFIER, format);
    const buffer = bytes.buffer as ArrayBuffer;
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    for (const given of [new Blob([buffer]), buffer, shared])
      expect(await importModel(given)).toEqual(new Model(CLASSIFIER));
  });
});

test('a file that threads share is copied, as browsers decode no text in it', async () => {
  const { buffer } = await bytesOf(new Uint8Array(new SharedArrayBuffer(8), 2, 4));
  expect([Object.prototype.toString.call(buffer), buffer.byteLength]).toEqual(['[object ArrayBuffer]', 4]);
});

test('metadata that another program added are ignored, though they are no JSON', async () => {
  const { tensors, metadata } = readSafetensors(await exportModel(CLASSIFIER, 'safetensors'));
  const bytes = writeSafetensors({ tensors, metadata: metadata.set('format', 'pt') });
  expect(await importModel(bytes)).toEqual(new Model(CLASSIFIER));
});

test('JSON is a text for people, with the fewest digits', async () => {
  expect(await text('json')).toBe(`{
  "spiralnet": 1,
  "sizes": [2, 2, 3],
  "activations": ["relu"],
  "loss": "cross-entropy",
  "precision": "single",
  "featureNames": ["length", "width"],
  "classNames": ["red", "green", "blue"],
  "scaling": { "means": [5, -0.5], "deviations": [2, 0.25] },
  "parameters": [
    {
      "weights": [
        [0.1, -0.25],
        [1e-8, 3]
      ],
      "biases": [0.5, -0]
    },
    {
      "weights": [
        [1, -2, 0.3],
        [0.7, 10000000000, -1.5]
      ],
      "biases": [0, 0.125, -1]
    }
  ]
}
`);
});

property(
  'JSON.stringify keeps a model',
  models('any').filter((data) => !hasNegativeZero(data)),
  [],
  async (data) => {
    const model = new Model(data);
    expect(readModel(JSON.stringify(model))).toEqual(model);
    expect(readModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
  },
);

property(
  'a decimal of a float32 has the fewest digits that give it back',
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  // One needs nine digits. Some powers of two have a shorter decimal than the nearest one of its length.
  [
    0,
    -0,
    2 ** -149,
    2 ** -126,
    0.1,
    0.11089922487735748,
    1 / 3,
    ...Array.from({ length: 277 }, (_, i) => 2 ** (i - 149)),
  ].map(Math.fround),
  async (value) => {
    const decimal = shortestDecimal(value, 'single');
    expect(Math.fround(Number(decimal))).toBe(value);
    const digits = digitsOf(decimal);
    if (digits === 1) return;
    // All decimals of one digit less that are next to the value.
    const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - digits + 2);
    for (const away of [-2, -1, 0, 1, 2]) {
      const shorter = Number(((Math.round(value / unit) + away) * unit).toPrecision(digits - 1));
      expect(Math.fround(shorter)).not.toBe(value);
    }
  },
);

const digitsOf = (decimal: string) => decimal.replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '').length;

function hasNegativeZero(data: unknown): boolean {
  if (typeof data === 'number') return Object.is(data, -0);
  return typeof data === 'object' && data !== null && Object.values(data).some(hasNegativeZero);
}

/** Predicts from both files, as their docstrings describe them, and writes the npz file anew. */
const SCRIPT = `
import json, numpy as np

def predict(X, facts, layers):
    scaling = facts['scaling']
    X = (X - scaling['means']) / scaling['deviations']
    for i, (W, b) in enumerate(layers):
        X = X @ W.astype(float) + b
        if i < len(layers) - 1:
            X = np.maximum(0, X)
    e = np.exp(X - X.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).ravel().tolist()

X = np.array([[5, 1], [6, -0.25], [-3, 0.1]])
npz = np.load('model.npz')
facts = json.loads(npz['metadata'].tobytes())
first = predict(X, facts, [(npz[f'W{i}'], npz[f'b{i}']) for i in range(2)])
np.savez('again.npz', **npz)

data = open('model.safetensors', 'rb').read()
end = 8 + int.from_bytes(data[:8], 'little')
header = json.loads(data[8:end])
def tensor(name):
    start, stop = header[name]['data_offsets']
    return np.frombuffer(data[end + start:end + stop], '<f4').reshape(header[name]['shape'])
facts = {name: json.loads(text) for name, text in header['__metadata__'].items()}
second = predict(X, facts, [(tensor(f'layers.{i}.weight').T, tensor(f'layers.{i}.bias')) for i in range(2)])
print(json.dumps([first, second, end % 8]))
`;

if (ALL) {
  test('NumPy predicts from the files what the model predicts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spiralnet-models-'));
    try {
      for (const format of ['npz', 'safetensors'] as const)
        await writeFile(join(folder, `model.${format}`), await exportModel(CLASSIFIER, format));
      const [first, second, misaligned] = JSON.parse(await runPython(['numpy'], SCRIPT, folder));
      const rows = [
        [5, 1],
        [6, -0.25],
        [-3, 0.1],
      ];
      const { probabilities = [] } = new Model(CLASSIFIER).predict(rows);
      expectClose(first, probabilities, 1e-12);
      expectClose(second, probabilities, 1e-12);
      expect(misaligned).toBe(0);
      const again = await importModel(await readFile(join(folder, 'again.npz')));
      expect(again).toEqual(new Model(CLASSIFIER));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
