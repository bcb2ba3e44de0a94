import { SpiralnetError } from './errors.ts';
import type { Checkpoint } from './types.ts';

/* The errors of trainers and their devices, apart from those of options, which a page needs before it trains. */

/**
 * A request that this machine, this browser or this version cannot fulfil; the message says what
 * would help.
 */
export class UnsupportedError extends SpiralnetError {
  override readonly name = 'UnsupportedError';
}

/** The requested plan does not take the network; the message says which networks the plan takes. */
export class PlanError extends SpiralnetError {
  override readonly name = 'PlanError';
  readonly plan: string;
  /** The networks that the plan takes, and the network that came. */
  readonly takes: string;

  constructor(plan: string, takes: string) {
    super(
      `The plan '${plan}' takes ${takes}. Use plan: 'auto', or 'fused' or 'layered', which take every network.`,
    );
    this.plan = plan;
    this.takes = takes;
  }
}

/** Training diverged: a number is infinite or NaN, so later numbers mean nothing. */
export class NonFiniteError extends SpiralnetError {
  override readonly name = 'NonFiniteError';
  /**
   * The updates applied when the first non-finite number appeared, with the update that produced
   * it; counted as {@link Measurement.step}.
   */
  readonly step: number;
  /**
   * The first tensor with a non-finite number, by its name in {@link Trainer.operations}: `scores`,
   * `dW 1`, `W 0`, …; undefined if the tensor is unknown, as during another call.
   */
  readonly tensor: string | undefined;
  /**
   * The last finite parameters, from before the update, for {@link Trainer.restore}; undefined if
   * they are unknown.
   */
  readonly checkpoint: Checkpoint | undefined;

  /** @param what the tensor or result with the number, in words */
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

/** A call on a trainer that cannot start while another call is at work. */
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
 * The GPU device was lost (driver reset, sleep, `device.destroy()`), and no other device may or can
 * replace it.
 */
export class DeviceLostError extends SpiralnetError {
  override readonly name = 'DeviceLostError';
  /** WebGPU's description of the loss. */
  readonly reason: string;
  /**
   * The last snapshot of training, for `restore` of another trainer; undefined if no training had
   * begun.
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

/** A defect of the library: WGSL or a WebGPU call that the device refuses. */
export class ShaderError extends SpiralnetError {
  override readonly name = 'ShaderError';
}
