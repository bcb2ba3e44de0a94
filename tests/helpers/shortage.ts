/** How a device without memory answers: with a buffer that is not valid, as the specification has it, or not at all. */
export type ShortageKind = 'invalid buffer' | 'exception';

/** A device that can run out of memory when it is told to. */
export interface Shortage {
  /** Buffers that have been asked for since {@link at}. */
  readonly asked: number;
  /** Lets the `buffer`-th buffer from now on fail, and none after it; 0 for no failure. */
  at(buffer: number, kind?: ShortageKind): void;
}

/**
 * Lets buffers of a device fail as they do where memory ends: the error arrives in the innermost error scope for it, without
 * which the call throws something that nobody expects. Whatever uses the buffer is refused by the device itself.
 */
export function shortageOn(device: GPUDevice): Shortage {
  const state = { asked: 0, fails: 0, kind: 'invalid buffer' as ShortageKind };
  const scopes: { filter: GPUErrorFilter; error?: GPUError }[] = [];
  const push = device.pushErrorScope.bind(device);
  const pop = device.popErrorScope.bind(device);
  const createBuffer = device.createBuffer.bind(device);
  device.pushErrorScope = (filter) => {
    scopes.push({ filter });
    return push(filter);
  };
  device.popErrorScope = async () => {
    const scope = scopes.pop();
    const real = await pop();
    return scope?.error ?? real;
  };
  device.createBuffer = (descriptor) => {
    state.asked++;
    if (state.asked !== state.fails) return createBuffer(descriptor);
    if (state.kind === 'exception') throw new RangeError('Array buffer allocation failed');
    const scope = scopes.findLast(({ filter }) => filter === 'out-of-memory');
    if (!scope) throw new Error(`The buffer '${descriptor.label}' is created outside of every error scope.`);
    scope.error ??= new GPUOutOfMemoryError(`no memory for '${descriptor.label}'`);
    push('validation');
    const buffer = createBuffer({ ...descriptor, size: 2 ** 52 });
    pop();
    return buffer;
  };
  return {
    get asked() {
      return state.asked;
    },
    at(buffer, kind = 'invalid buffer') {
      state.asked = 0;
      state.fails = buffer;
      state.kind = kind;
    },
  };
}
