/**
 * The answer of a device without memory: an invalid buffer, as the specification says, or an error
 * that the call throws.
 */
export type ShortageKind = 'invalid buffer' | 'exception';

/** A device that runs out of memory on request. */
export interface Shortage {
  /** The buffers requested since {@link at}. */
  readonly asked: number;
  /** Makes only the `buffer`-th buffer from now on fail; 0 for no failure. */
  at(buffer: number, kind?: ShortageKind): void;
}

/**
 * Makes buffers of a device fail as without memory: the error arrives in the innermost error scope
 * for it; without such a scope the call throws an error that no code expects. The device itself
 * refuses every use of the buffer.
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
