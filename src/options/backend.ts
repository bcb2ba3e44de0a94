import { numberThat } from '../checks/numbers.ts';
import { type Check, flag, isObject, oneOf, optional, readOptions, withMethods } from '../checks/schema.ts';
import { OptionError } from '../errors.ts';
import type { Backend, PlanName, Precision, RecoveryOptions, TuningOptions } from '../types.ts';

const milliseconds = numberThat(
  (value) => value >= 0 && value < Number.POSITIVE_INFINITY,
  'a finite number of at least 0',
);

export const precision: Check<Precision> = optional(oneOf('single', 'double'), 'single');
export const backend: Check<'auto' | 'fastest' | Backend> = optional(
  oneOf('auto', 'webgpu', 'cpu', 'fastest'),
  'auto',
);

export const threads: Check<number | undefined> = optional(
  numberThat((value) => Number.isInteger(value) && value > 0 && value < 65, 'a whole number from 1 to 64'),
);
export const webAssembly: Check<boolean> = optional(flag, true);
export const plan: Check<'auto' | PlanName> = optional(oneOf('auto', 'layered', 'fused', 'resident'), 'auto');

/** Milliseconds of measuring, where the caller does not say. */
export const DEFAULT_BUDGET = 300;

type Cache = NonNullable<TuningOptions['cache']>;

const cache = withMethods<Cache>('an object with get and set, such as a Map', 'get', 'set');

export const tuning: Check<false | TuningOptions> = (value, name) => {
  if (value === false) return false;
  if (value !== undefined && !isObject(value))
    throw new OptionError(name, 'false or { budget, cache }', value);
  return readOptions<TuningOptions>(
    value ?? {},
    {
      budget: optional(milliseconds),
      cache: optional((value, name) => safe(cache(value, name))),
    },
    name,
  );
};

/**
 * A cache whose methods never throw. A browser's storage may fail, and training goes on without it.
 */
function safe(cache: Cache): Cache {
  return {
    get(key) {
      try {
        const found: unknown = cache.get(key);
        return typeof found === 'string' ? found : undefined;
      } catch {
        return undefined;
      }
    },
    set(key, found) {
      try {
        cache.set(key, found);
      } catch {
        // This trainer needs no cache for its own choice.
      }
      return cache as Map<string, string>;
    },
  };
}

/** Checks a device of any implementation of WebGPU. */
export const gpuDevice: Check<GPUDevice> = (value, name) => {
  const methods = ['createBuffer', 'createComputePipelineAsync', 'pushErrorScope'] as const;
  const device = withMethods<GPUDevice>('a GPUDevice', ...methods)(value, name);
  const { limits, lost, queue } = device;
  if (typeof limits?.maxBufferSize === 'number' && typeof lost?.then === 'function' && queue) return device;
  throw new OptionError(name, 'a GPUDevice', value);
};

export const recovery: Check<false | RecoveryOptions> = (value, name) => {
  if (value === false) return false;
  return readOptions<RecoveryOptions>(
    value ?? {},
    { interval: optional(milliseconds), requestDevice: optional(requestDevice) },
    name,
  );
};

const requestDevice: Check<NonNullable<RecoveryOptions['requestDevice']>> = (value, name) => {
  if (typeof value === 'function') return value as () => Promise<GPUDevice>;
  throw new OptionError(name, 'a function that returns a promise of a GPUDevice', value);
};
