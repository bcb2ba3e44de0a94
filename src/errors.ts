import type { Checkpoint } from './types.ts';

/** Everything this library throws on purpose. Catch it to tell our errors from a program's own. */
export class SpiralnetError extends Error {
  override readonly name: string = 'SpiralnetError';
}

/** An option or argument that cannot be used: which one, what was expected, what came. */
export class OptionError extends SpiralnetError {
  override readonly name = 'OptionError';
  readonly option: string;
  readonly expected: string;
  readonly received: unknown;

  /** @param got how the message says what came, where that is not the value itself */
  constructor(option: string, expected: string, received: unknown, got = describe(received)) {
    super(`${option}: expected ${expected}, but got ${got}.`);
    this.option = option;
    this.expected = expected;
    this.received = received;
  }
}

/** Something this machine, this browser or this version cannot do; the message says what would. */
export class UnsupportedError extends SpiralnetError {
  override readonly name = 'UnsupportedError';
}

/**
 * A plan that does not take the network that it was asked to train; the message says what it takes.
 */
export class PlanError extends SpiralnetError {
  override readonly name = 'PlanError';
  readonly plan: string;

  /** @param takes what it takes, and what came */
  constructor(plan: string, takes: string) {
    super(
      `The plan '${plan}' takes ${takes}. Use plan: 'auto', or 'fused' or 'layered', which take every network.`,
    );
    this.plan = plan;
  }
}

/** More was asked for than the GPU's limits, or an array on the CPU, allow. */
export class LimitError extends SpiralnetError {
  override readonly name = 'LimitError';
  /**
   * The limit's name in the WebGPU specification, such as `maxBufferSize`; on the CPU `byteLength`,
   * that of a typed array.
   */
  readonly limit: string;
  readonly needed: number;
  readonly available: number;

  constructor(what: string, limit: string, needed: number, available: number, advice: string) {
    super(`${what} needs ${limit} ≥ ${needed}, but this machine allows ${available}. ${advice}`);
    this.limit = limit;
    this.needed = needed;
    this.available = available;
  }
}

/** Training diverged: a number is infinite or not a number, so nothing after it means anything. */
export class NonFiniteError extends SpiralnetError {
  override readonly name = 'NonFiniteError';
  /**
   * The update that produced the first non-finite number, or, while all weights are finite, the
   * step whose loss or other answer is not; counted as {@link Measurement.step} is.
   */
  readonly step: number;
  /**
   * The first tensor that holds such a number, by its name in {@link Trainer.operations}: `scores`,
   * `dW 1`, `W 0`, …; undefined where that could not be found out, as during another call.
   */
  readonly tensor: string | undefined;
  /**
   * The last parameters that were finite, those before the update, for {@link Trainer.restore};
   * undefined as `tensor` is.
   */
  readonly checkpoint: Checkpoint | undefined;

  /** @param what holds the number, in words */
  constructor(step: number, what: string, found: { tensor?: string; checkpoint?: Checkpoint } = {}) {
    super(
      `Training diverged at step ${step}: ${what} is no longer a finite number. ` +
        'Use a smaller learning rate, or inputs and starting weights of smaller size.',
    );
    this.step = step;
    this.tensor = found.tensor;
    this.checkpoint = found.checkpoint;
  }
}

/** A call on a trainer that cannot start while another one is at work. */
export class BusyError extends SpiralnetError {
  override readonly name = 'BusyError';

  constructor(call: string, running: string) {
    super(
      `${call}() cannot start while ${running}() is still at work on this trainer. ` +
        `Await ${running}(), or abort it with its signal, first.`,
    );
  }
}

/** A call on a trainer after `destroy()`. */
export class DestroyedError extends SpiralnetError {
  override readonly name = 'DestroyedError';

  constructor(call: string) {
    super(
      `${call}() was called on a trainer that has been destroyed. Create a new one with createTrainer().`,
    );
  }
}

/**
 * The GPU device went away (driver reset, sleep, `device.destroy()`), and nothing may or can take
 * its place.
 */
export class DeviceLostError extends SpiralnetError {
  override readonly name = 'DeviceLostError';
  /** What WebGPU says of it. */
  readonly reason: string;
  /**
   * What training had come to at the last snapshot, for `restore` of another trainer; undefined
   * where there was none yet.
   */
  readonly checkpoint: Checkpoint | undefined;

  constructor(reason: string, checkpoint?: Checkpoint) {
    super(
      `The GPU device was lost: ${reason} ` +
        "Create a new trainer; restore() brings back a checkpoint, such as this error's.",
    );
    this.reason = reason;
    this.checkpoint = checkpoint;
  }
}

/** The GPU, or the machine, has no memory left for what was asked. */
export class OutOfMemoryError extends SpiralnetError {
  override readonly name = 'OutOfMemoryError';

  constructor(what: string, detail: string) {
    super(`There is no memory left for ${what}. Use a smaller network or a smaller batchSize. (${detail})`);
  }
}

/** A defect of the library: WGSL or a WebGPU call that the device refuses. */
export class ShaderError extends SpiralnetError {
  override readonly name = 'ShaderError';
}

/** The longest text of a value in an error message. */
const LONGEST = 80;

/**
 * A value as it reads in an error message: short, never the contents of a typed array, and whatever
 * it is.
 */
function describe(value: unknown): string {
  if (typeof value === 'string') return `'${shorten(value)}'`;
  if (typeof value === 'bigint') return shorten(`${value}n`);
  if (typeof value === 'function') return 'a function';
  if (ArrayBuffer.isView(value)) return withArticle(Object.prototype.toString.call(value).slice(8, -1));
  if (typeof value !== 'object' || value === null) return shorten(String(value));
  let entries = 0;
  const plain = (_key: string, entry: unknown) => {
    // An array of holes is short, and its text may be longer than any string.
    if (++entries > LONGEST) throw new RangeError('more than can be shown');
    return typeof entry === 'bigint' || ArrayBuffer.isView(entry) ? describe(entry) : entry;
  };
  try {
    return shorten(JSON.stringify(value, plain));
  } catch {
    // Large, circular, or with a getter or a toJSON of its own that fails or returns nothing.
    return 'an object';
  }
}

/** The name of a type with the article that it takes: an Int32Array, a Float32Array. */
function withArticle(type: string): string {
  return `${/^[AEIO]/.test(type) ? 'an' : 'a'} ${type}`;
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}
