import { runInNewContext } from 'node:vm';
import fc from 'fast-check';

/*
 * Arguments that a program without types may pass. Each case makes its values anew from their
 * names, so that a failing case can be read and kept among the examples.
 */

function detached(): Float32Array {
  const values = new Float32Array(12);
  structuredClone(values, { transfer: [values.buffer] });
  return values;
}

/** TypeScript's library for ES2023 lacks this option. */
const resizable = (bytes: number, most: number): ArrayBuffer =>
  Reflect.construct(ArrayBuffer, [bytes, { maxByteLength: most }]);

function outOfBounds(): Float32Array {
  const buffer = resizable(48, 64);
  const values = new Float32Array(buffer, 8, 10);
  (buffer as ArrayBuffer & { resize(bytes: number): void }).resize(4);
  return values;
}

const SCALARS: Record<string, unknown> = {
  undefined,
  null: null,
  true: true,
  false: false,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
  '0': 0,
  '1': 1,
  '-1': -1,
  '0.5': 0.5,
  '2.5': 2.5,
  '1e-46': 1e-46,
  '5e-324': 5e-324,
  '1e39': 1e39,
  '-1e300': -1e300,
  '2^53': 2 ** 53,
  '2^53 - 1': Number.MAX_SAFE_INTEGER,
  'the largest': Number.MAX_VALUE,
  '1n': 1n,
  "''": '',
  "'1'": '1',
  "'NaN'": 'NaN',
  "'adam'": 'adam',
  "'__proto__'": '__proto__',
  'a long text': 'x'.repeat(10_000),
};

const MAKERS: Record<string, () => unknown> = {
  'a symbol': () => Symbol('hostile'),
  'a function': () => () => 1,
  'a class': () => class {},
  '{}': () => ({}),
  '[]': () => [],
  '[1]': () => [1],
  "['1']": () => ['1'],
  '[NaN]': () => [Number.NaN],
  'an array of holes': () => new Array(2),
  'a very long array': () => new Array(2 ** 32 - 1),
  'a nested array': () => [[1]],
  'no prototype': () => Object.create(null),
  'a date': () => new Date(Number.NaN),
  'a map': () => new Map([[1, 2]]),
  'a boxed number': () => Object(3),
  'a promise': () => Promise.resolve(1),
  'valueOf throws': () => ({
    valueOf() {
      throw new EvalError('valueOf');
    },
    toString() {
      throw new EvalError('toString');
    },
    toJSON() {
      throw new EvalError('toJSON');
    },
  }),
  'a frozen object': () => Object.freeze({ name: 'sgd', momentum: '0.9' }),
  'a circular object': () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    return circular;
  },
  '__proto__ as a key': () => JSON.parse('{"__proto__": {"name": "sgd"}, "constructor": 1}'),
  'a proxy of numbers': () => new Proxy(new Float32Array(12), {}),
  'numbers detached': detached,
  'numbers out of bounds': outOfBounds,
  'numbers of another realm': () => runInNewContext('new Float64Array(12)'),
  'an array of another realm': () => runInNewContext('[3]'),
  'numbers shared': () => new Float32Array(new SharedArrayBuffer(48)),
  'numbers that follow their memory': () => new Float64Array(resizable(96, 1024)),
  'numbers without prototype': () => Object.setPrototypeOf(new Float32Array(12), null),
  'no numbers': () => new Float32Array(0),
  'three numbers': () => Float32Array.of(1, 2, 3),
  'numbers, one NaN': () => new Float64Array(12).fill(Number.NaN, 5, 6),
  'numbers, one 1e39': () => new Float64Array(12).fill(1e39, 5, 6),
  'whole numbers': () => new Uint32Array(6),
  'large whole numbers': () => new Uint32Array(6).fill(2 ** 32 - 1),
  'small whole numbers': () => new Uint8Array(6),
  'large numbers': () => new BigInt64Array(12),
  'numbers of 16 bits': () => {
    const { Float16Array } = globalThis as { Float16Array?: new (length: number) => unknown };
    return Float16Array ? new Float16Array(12) : new Uint16Array(12);
  },
  'a view': () => new DataView(new ArrayBuffer(48)),
  'a buffer': () => new ArrayBuffer(48),
};

/** Sizes that fit into memory and keep the machine busy for minutes. */
const LARGE: Record<string, unknown> = { '2^31': 2 ** 31, '2^32': 2 ** 32 };

type Hostile = string;

/** Names of values. With `large`, also names of sizes that are refused only above a limit. */
export function hostile({ large = false } = {}): fc.Arbitrary<Hostile> {
  const names = [...Object.keys(SCALARS), ...Object.keys(MAKERS), ...(large ? Object.keys(LARGE) : [])];
  return fc.constantFrom(...names);
}

export function make(name: Hostile): unknown {
  if (name in MAKERS) return MAKERS[name]();
  return name in LARGE ? LARGE[name] : SCALARS[name];
}

export interface Change {
  /** Such as `data.inputs` or `hidden.0`. */
  path: string;
  value: Hostile;
}

export function changes(paths: readonly string[], options?: { large: boolean }): fc.Arbitrary<Change> {
  return fc.record({
    path: fc.constantFrom(...paths),
    value: hostile(options),
  });
}

/** Changes a value in an object or in its parts. Changes nothing if the path does not exist. */
export function apply(root: object, { path, value }: Change): void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  try {
    const owner = keys.reduce<unknown>((holder, key) => own(holder, key)?.value, root);
    const property = { value: make(value), writable: true, enumerable: true, configurable: true };
    Object.defineProperty(owner, last, property);
  } catch {
    // An earlier change has put a value there that has no properties or takes no new ones.
  }
}

function own(holder: unknown, key: string): PropertyDescriptor | undefined {
  return Object.getOwnPropertyDescriptor(holder, key);
}

/** The form in which an object is passed; its contents stay the same. */
export const WRAPS = ['plain', 'frozen', 'without prototype', 'inherited', 'proxy'] as const;

export function wrap(value: object, how: (typeof WRAPS)[number]): object {
  try {
    switch (how) {
      case 'plain':
        return value;
      case 'frozen':
        return Object.freeze(value);
      case 'without prototype':
        return Object.setPrototypeOf(value, null);
      case 'inherited':
        return Object.create(value);
      case 'proxy':
        return new Proxy(value, {});
    }
  } catch {
    // Typed arrays cannot be frozen.
    return value;
  }
}

/** Fails if work does not end in time. */
export async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came of it in ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
