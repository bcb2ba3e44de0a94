import { checkNumber } from '../checks/numbers.ts';
import { attempt, readOptions } from '../checks/read.ts';
import { OptionError } from '../errors.ts';
import type { RecoveryOptions, TuningOptions } from '../types.ts';

/** What a device is used for here; its own methods check their arguments. */
const DEVICE_METHODS = [
  'createBindGroup',
  'createBindGroupLayout',
  'createBuffer',
  'createCommandEncoder',
  'createComputePipelineAsync',
  'createPipelineLayout',
  'createShaderModule',
  'popErrorScope',
  'pushErrorScope',
] as const;

/** @throws {OptionError} naming what of `tuning` it is, what was expected and what came */
export function checkTuning(given: false | TuningOptions = {}): false | TuningOptions {
  if (given === false) return given;
  if (typeof given !== 'object' || given === null)
    throw new OptionError('tuning', 'false or { budget, cache }', given);
  const { budget, cache } = readOptions(given, { budget: true, cache: true }, 'tuning');
  if (budget !== undefined) checkNumber(budget, 'tuning.budget', { float32: false });
  if (
    cache !== undefined &&
    attempt('tuning.cache', () => typeof cache?.get !== 'function' || typeof cache.set !== 'function')
  ) {
    throw new OptionError('tuning.cache', 'an object with get and set, such as a Map', cache);
  }
  return { ...(budget !== undefined && { budget }), ...(cache && { cache: dependable(cache) }) };
}

/** Training goes on without a cache that fails, as a browser's storage may. */
function dependable(cache: NonNullable<TuningOptions['cache']>): NonNullable<TuningOptions['cache']> {
  return {
    get(key) {
      try {
        const found: unknown = cache.get(key);
        return typeof found === 'string' ? found : undefined;
      } catch {
        return undefined;
      }
    },
    set(key, name) {
      try {
        cache.set(key, name);
      } catch {
        // What was found holds for this trainer.
      }
      return cache as Map<string, string>;
    },
  };
}

/** @throws {OptionError} unless it is a GPUDevice, of whatever implementation */
export function checkDevice(device: GPUDevice): GPUDevice {
  const usable = attempt('device', () => {
    if (typeof device !== 'object' || device === null) return false;
    const { limits, lost, queue } = device;
    return (
      DEVICE_METHODS.every((name) => typeof device[name] === 'function') &&
      typeof limits?.maxBufferSize === 'number' &&
      typeof lost?.then === 'function' &&
      typeof queue?.submit === 'function' &&
      typeof queue.writeBuffer === 'function'
    );
  });
  if (!usable) throw new OptionError('device', 'a GPUDevice', device);
  return device;
}

/** @throws {OptionError} naming what of `recovery` it is, what was expected and what came */
export function checkRecovery(given: false | RecoveryOptions = {}): false | RecoveryOptions {
  if (given === false) return given;
  const { interval, requestDevice } = readOptions(given, { interval: true, requestDevice: true }, 'recovery');
  if (interval !== undefined) checkNumber(interval, 'recovery.interval', { float32: false });
  if (requestDevice !== undefined && typeof requestDevice !== 'function') {
    throw new OptionError('recovery.requestDevice', 'a function that gives a GPUDevice', requestDevice);
  }
  return { ...(interval !== undefined && { interval }), ...(requestDevice && { requestDevice }) };
}
