import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LANGUAGES, notes, RUNS } from '../../../tests/helpers/code/runs.ts';
import { property } from '../../../tests/helpers/property.ts';
import { caseStudy, OptionError, spiral, stepDecay } from '../../index.ts';
import { type CodeRun, exportCode } from '../index.ts';
import { javascriptString, pythonString } from './text.ts';

const linear = notes('linear');
const code = (run: CodeRun, language: (typeof LANGUAGES)[number] = 'numpy') => exportCode(run, language);
const withOptions = (options: object, more: object = {}) =>
  ({ ...linear, options: { learningRate: 1, ...options }, ...more }) as CodeRun;

test('the scripts of the case study are as the files have them', async () => {
  await expect(code(notes('network'))).toMatchFileSnapshot('texts/network.numpy.py');
  await expect(code(linear, 'pytorch')).toMatchFileSnapshot('texts/linear.pytorch.py');
  await expect(code(notes('network'), 'spiralnet')).toMatchFileSnapshot('texts/network.spiralnet.txt');
});

test('a case study is a run as it is, and its rows are those of the generator', () => {
  const { options, steps, every } = caseStudy.network;
  for (const language of LANGUAGES) {
    const text = code(notes('network'), language);
    expect(code(caseStudy.network, language)).toBe(text);
    expect(code({ options, steps, every, data: options.data }, language)).toBe(text);
  }
});

test('other names of generators give the same scripts', () => {
  const surface = (generator: 'plane' | 'tiltedPlane') =>
    ({ ...withOptions({}), data: { generator } }) as CodeRun;
  for (const language of LANGUAGES) {
    expect(code(surface('tiltedPlane'), language)).toBe(code(surface('plane'), language));
    expect(code({ ...linear, data: { generator: 'caseStudy' } }, language)).toBe(code(linear, language));
  }
});

/** What a script has for each option, and has not without it. */
const TRACES: [name: string, run: CodeRun, numpy: RegExp, pytorch: RegExp, spiralnet: RegExp][] = [
  ['l2', withOptions({ l2: 0.5 }), /l2 = 0\.5[\s\S]*dW \+= l2 \* W/, /0\.5 \* l2/, /l2: 0\.5/],
  ['l1', withOptions({ l1: 0.5 }), /l1 \* np\.sign\(W\)/, /l1 \* torch\.sum\(abs\(W\)\)/, /l1: 0\.5/],
  ['weight decay', withOptions({ weightDecay: 0.5 }), /W \*= 1 -/, /no_grad[\s\S]*W \*= 1 -/, /weightDecay/],
  ['hinge', withOptions({ loss: 'hinge' }), /margins/, /margins/, /loss: 'hinge'/],
  [
    'class weights',
    withOptions({ classWeights: [1, 2, 3] }),
    /class_weights = np\.array\(\[1, 2, 3\]/,
    /class_weights/,
    /classWeights: \[1, 2, 3\]/,
  ],
  ['batches', withOptions({ batchSize: 10 }), /permutation/, /permutation/, /batchSize: 10/],
  [
    'dropout',
    withOptions({ hidden: [4], dropout: 0.5 }),
    /dropped_layer = hidden_layer \* mask/,
    /dropout_mask\(i, 0, rows, 4\)/,
    /dropout: 0\.5/,
  ],
  [
    'momentum',
    withOptions({ optimizer: { name: 'sgd', momentum: 0.5 } }),
    /momentum \* v/,
    /momentum=momentum/,
    /momentum: 0\.5/,
  ],
  [
    'Adam',
    withOptions({ optimizer: { name: 'adam' } }),
    /beta1\*\*t/,
    /optim\.Adam/,
    /name: 'adam', beta1: 0\.9/,
  ],
  ['RMSProp', withOptions({ optimizer: { name: 'rmsprop' } }), /decay \* s/, /optim\.RMSprop/, /'rmsprop'/],
  ['Adagrad', withOptions({ optimizer: { name: 'adagrad' } }), /s \+= g/, /optim\.Adagrad/, /'adagrad'/],
  [
    'a schedule',
    withOptions({ learningRate: stepDecay(1, { every: 5, factor: 0.5 }) }),
    /def rate_at/,
    /def rate_at/,
    /stepDecay\(1/,
  ],
  [
    'a change',
    { ...linear, changes: [{ step: 3, l2: 7 }] },
    /if i == 3:\n {8}l2 = 7/,
    /if i == 3:/,
    /run\(3\);\ntrainer\.set\(\{ l2: 7/,
  ],
  ['glorot', withOptions({ initialization: 'glorot' }), /2 \/ \(2 \+ 3\)/, /2 \/ \(2 \+ 3\)/, /'glorot'/],
  [
    'rows for testing',
    { ...withOptions({}), data: { generator: 'spiral', test: { share: 0.5 } } },
    /X_test/,
    /X_test/,
    /split\(data, 0\.5\)/,
  ],
  [
    'features',
    { ...withOptions({}), data: { generator: 'spiral', features: ['x', 'r'] } },
    /np\.hypot\(px, py\)/,
    /np\.hypot\(px, py\)/,
    /Math\.hypot\(x, y\)/,
  ],
];

test.each(TRACES)('a script has %s only where its run has', (_, run, ...traces) => {
  const plain = withOptions({ hidden: run.options.hidden ?? [], l2: run.changes ? 1 : 0 });
  LANGUAGES.forEach((language, i) => {
    expect(code(run, language)).toMatch(traces[i]);
    expect(code(plain, language)).not.toMatch(traces[i]);
  });
});

test('a change after the last update shows only where that state is printed', () => {
  const changed = { ...linear, changes: [{ step: 200, l2: 7 }] };
  for (const language of LANGUAGES) {
    expect(code(changed, language)).toBe(code(linear, language));
    expect(code({ ...changed, last: true }, language)).toMatch(/l2(?: =|:) 7/);
  }
});

test('only a linear model that descends without kinks has all digits', () => {
  const promise = /double precision\.\n/;
  expect(code(linear)).toMatch(promise);
  expect(code(notes('network'))).not.toMatch(promise);
  for (const options of [{ loss: 'hinge' }, { l1: 0.1 }, { optimizer: { name: 'adam' } }])
    expect(code(withOptions(options))).not.toMatch(promise);
});

test('a script has no value that is none, and the same text each time', () => {
  for (const run of Object.values(RUNS)) {
    for (const language of LANGUAGES) {
      const text = code(run, language);
      expect(text).toBe(code(structuredRun(run), language));
      expect(text).not.toMatch(/undefined\b(?!,\n|\s*\})|NaN|\[object|Infinity/);
      expect(text.split('\n').filter((line) => / $/.test(line))).toEqual([]);
      expect(text).not.toMatch(/\n{4}/);
    }
  }
});

/** The same run with other objects, as after a way through a message. */
function structuredRun(run: CodeRun): CodeRun {
  const { options, ...rest } = run;
  const { learningRate } = options;
  const data = typeof learningRate === 'function' ? Reflect.get(learningRate, 'data') : learningRate;
  const changes = (rest.changes ?? []).map((change) => {
    const { learningRate: rate } = change;
    return rate === undefined ? change : { ...change, learningRate: JSON.parse(JSON.stringify(rate)) };
  });
  return structuredClone({ ...rest, options: { ...options, learningRate: data }, changes });
}

test('what no script can say is refused, with what to do', () => {
  const refused = (run: object, option: string, message: RegExp) => {
    const call = () => exportCode(run as CodeRun, 'numpy');
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ option }));
  };
  refused(withOptions({ learningRate: () => 1 }), 'learningRate', /schedule of this library/);
  refused({ ...linear, changes: [{ step: 1, learningRate: () => 1 }] }, 'learningRate', /schedule/);
  refused({ ...linear, changes: [{ step: 1, momentun: 1 }] }, 'momentun', /momentum/);
  refused({ ...linear, changes: [{ l2: 1 }] }, 'changes[0].step', /whole number/);
  refused({ ...linear, step: 3 }, 'step', /steps/);
  refused({ ...linear, data: { generator: 'spirals' } }, 'data.generator', /'spiral'/);
  refused({ ...linear, data: { generator: 'spiral', points: 3 } }, 'points', /perClass/);
  refused({ ...linear, data: { generator: 'spiral', classes: 4 } }, 'data', /300 rows/);
  refused({ ...linear, data: { generator: 'spiral', features: [] } }, 'data.features', /each once/);
  const large = spiral({ perClass: 2000 });
  refused({ ...withOptions({}), data: large }, 'data', /6000 numbers/);
  const parameters = [
    { weights: new Float64Array(5000).fill(1), biases: new Float64Array(2500) },
    { weights: new Float64Array(7500), biases: new Float64Array(3) },
  ];
  refused(withOptions({ hidden: [2500], parameters }), 'parameters', /exportModel/);
  refused({ options: { learningRate: 1 }, steps: 1, every: 1 }, 'data', /generator/);
  expect(() => exportCode(linear, 'julia' as 'numpy')).toThrow(/'numpy' or 'pytorch' or 'spiralnet'/);
  expect(() => exportCode(undefined as never, 'numpy')).toThrow(OptionError);
});

property(
  'a name in a script is the name, and nothing hides in it',
  fc.string({ unit: 'binary' }),
  ["it's", 'a\\', '\n', '\u2028', '\u202e', '$' + '{x}', '\ufeff', '한글 😀', '\ud800', '\0'],
  async (text) => {
    const [javascript, python] = [javascriptString(text), pythonString(text)];
    expect(new Function(`return ${javascript};`)()).toBe(text);
    expect(python).toMatch(/^'(?:[\p{L}\p{M}\p{N}\p{P}\p{S} ])*'$/u);
    expect(python.slice(1, -1)).not.toMatch(/(?<!\\)(?:\\\\)*'/);
  },
);
