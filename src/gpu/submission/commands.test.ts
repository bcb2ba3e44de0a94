import { afterEach, beforeAll, expect, test } from 'vitest';
import { type Kernel, linearIndexIn } from '../../../shaders/lib/kernel.ts';
import { onDispatch, testDevice } from '../../../tests/helpers/devices/gpu.ts';
import { queueOf, SLOWEST, Speed, TARGET } from '../device/queue.ts';
import { compiled, createDispatch } from '../kernels/dispatch.ts';
import { GpuMemory } from '../memory/memory.ts';
import { Commands, TooSlowError } from './commands.ts';
import { Readback } from './readback.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});
afterEach(() => {
  queueOf(device).speed = new Speed();
});

/** Invocations of a workgroup, and workgroups, of the kernel under test. */
const INVOCATIONS = 16;
const WORKGROUPS = 400;

/**
 * Counts how often each workgroup runs, and stores the result of an invocation's loop of `rounds`
 * rounds. `name` makes the text of each pipeline different.
 */
function burning(rounds: number, name: string): Kernel {
  const code = `
// ${name}
@group(0) @binding(0) var<storage, read_write> counts: array<atomic<u32>>;
@group(0) @binding(1) var<storage, read_write> results: array<u32>;
@group(0) @binding(2) var<uniform> rounds: u32;
${linearIndexIn(INVOCATIONS)}
@compute @workgroup_size(${INVOCATIONS})
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let index = linear_index(id, workgroups) / ${INVOCATIONS}u;
  if (index >= arrayLength(&counts)) { return; }
  if (lane == 0u) { atomicAdd(&counts[index], 1u); }
  var waste = index % piece.across * ${INVOCATIONS}u + lane + index / piece.across * 7919u;
  for (var i = 0u; i < ${rounds}u * rounds; i++) { waste = waste * 1664525u + i; }
  results[index * ${INVOCATIONS}u + lane] = waste;
}
`;
  return {
    code,
    bindings: ['read_write', 'read_write', 'uniform'],
    workgroup: INVOCATIONS,
    covers: { x: 1, y: 1 },
  };
}

/**
 * A device with its own clock: each workgroup takes a given number of milliseconds on every
 * machine.
 */
async function deviceOfSpeed(milliseconds: number): Promise<GPUDevice> {
  const device = await testDevice();
  let [now, workgroups] = [0, 0];
  onDispatch(device, (count) => {
    workgroups += count;
  });
  const done = device.queue.onSubmittedWorkDone.bind(device.queue);
  let last: Promise<undefined> | undefined;
  device.queue.onSubmittedWorkDone = () => {
    const taken = workgroups * milliseconds;
    workgroups = 0;
    const answers = [last, done()];
    // A waiter for the previous submission sees the clock before this submission's work.
    last = Promise.all(answers).then(() => {
      now += taken;
      return undefined;
    });
    return last;
  };
  queueOf(device, () => now);
  // The queue first learns that this device answers at once.
  for (let i = 0; i < 3; i++) await device.queue.onSubmittedWorkDone();
  return device;
}

/** The workgroups of the dispatches in each submission during `work`. */
async function watch(device: GPUDevice, work: () => Promise<unknown>): Promise<number[][]> {
  const submissions: number[][] = [];
  let workgroups: number[] = [];
  const { submit } = device.queue;
  const end = onDispatch(device, (count) => void workgroups.push(count));
  device.queue.submit = (buffers) => {
    submissions.push(workgroups);
    workgroups = [];
    return submit.call(device.queue, buffers);
  };
  try {
    await work();
  } finally {
    end();
    device.queue.submit = submit;
  }
  return submissions.filter(({ length }) => length > 0);
}

/** A dispatch of {@link burning} with a given estimate of its work, and its tensors. */
async function create(memory: GpuMemory, kernel: Kernel, work: number, y?: number) {
  const counts = memory.words('counts', WORKGROUPS);
  const results = memory.words('results', WORKGROUPS * INVOCATIONS);
  const dispatch = createDispatch(memory, {
    label: 'burning',
    kernel,
    buffers: [counts, results],
    uniform: [1],
    extent: y ? { x: WORKGROUPS / y, y } : { x: WORKGROUPS },
    work,
  });
  await compiled([dispatch]);
  return { counts, results, dispatch };
}

async function read(
  memory: GpuMemory,
  commands: Commands,
  { counts, results }: { counts: GPUBuffer; results: GPUBuffer },
) {
  const readback = new Readback(memory, memory.staging('readback', 4 * WORKGROUPS * (1 + INVOCATIONS)));
  readback.copy(commands, counts, WORKGROUPS);
  readback.copy(commands, results, WORKGROUPS * INVOCATIONS);
  await commands.submit();
  const [runs, values] = (await readback.read()).map((bytes) => new Uint32Array(bytes));
  return { runs, values };
}

const once = new Uint32Array(WORKGROUPS).fill(1);

/**
 * The result of {@link burning}. Each round is linear in its input, and so are all rounds together.
 */
function burnt(rounds: number, across: number): Uint32Array {
  let [factor, term] = [1, 0];
  for (let i = 0; i < rounds; i++) {
    factor = Math.imul(factor, 1664525);
    term = Math.imul(term, 1664525) + i;
  }
  return Uint32Array.from({ length: WORKGROUPS * INVOCATIONS }, (_, i) => {
    const group = Math.floor(i / INVOCATIONS);
    const [x, y] = [(group % across) * INVOCATIONS + (i % INVOCATIONS), Math.floor(group / across)];
    return Math.imul(factor, x + y * 7919) + term;
  });
}

/** Work that takes 200 ms on the slowest known adapter. */
const WORK = 200 * SLOWEST;
/** Milliseconds of a workgroup on an adapter that takes twenty times as long. */
const SLOW = (20 * 200) / WORKGROUPS;
const ROUNDS = 100;

test.each([1, 4, 100])(
  'a slow kernel is slow once, and its workgroups run once each, in %i rows',
  async (y) => {
    const device = await deviceOfSpeed(SLOW);
    const memory = new GpuMemory(device, 'single');
    const slow = await create(memory, burning(ROUNDS, `slow ${y}`), WORK, y);
    let found: Awaited<ReturnType<typeof read>> | undefined;
    const submissions = await watch(device, async () => {
      const commands = new Commands(memory, 'slow');
      commands.dispatch([slow.dispatch]);
      found = await read(memory, commands, slow);
    });
    expect(found).toEqual({ runs: once, values: burnt(ROUNDS, WORKGROUPS / y) });
    expect(submissions.flat().reduce((sum, count) => sum + count)).toBe(WORKGROUPS);
    const [first, ...others] = submissions;
    // The work that the slowest known adapter does in this time, without the start of the dispatch.
    expect(first).toEqual([(WORKGROUPS * TARGET) / 200 - 1]);
    for (const [workgroups] of others) expect(workgroups).toBeLessThanOrEqual(Math.floor(TARGET / SLOW));
    memory.destroy();
  },
);

test('rows of workgroups that are folded run once each, too, whole and in pieces', async () => {
  const limits = device.limits;
  const most = 30;
  Object.defineProperty(device, 'limits', {
    configurable: true,
    value: new Proxy(limits, {
      get: (target, name) =>
        name === 'maxComputeWorkgroupsPerDimension' ? most : Reflect.get(target, name, target),
    }),
  });
  const memory = new GpuMemory(device, 'single');
  try {
    const folded = await create(memory, burning(1, 'folded'), WORK);
    expect(folded.dispatch.workgroups).toEqual([most, Math.ceil(WORKGROUPS / most)]);
    const submissions = await watch(device, async () => {
      const commands = new Commands(memory, 'folded');
      commands.dispatch([folded.dispatch]);
      expect((await read(memory, commands, folded)).runs).toEqual(once);
    });
    // About 50 workgroups would fit: one row, and not the second one.
    expect(submissions[0]).toEqual([most]);
  } finally {
    memory.destroy();
    Object.defineProperty(device, 'limits', { configurable: true, value: limits });
  }
});

test('what is known to be fast goes whole, several to a submission', async () => {
  const memory = new GpuMemory(device, 'single');
  const quick = await create(memory, burning(1, 'quick'), WORK);
  const { speed } = queueOf(device);
  speed.learn(
    { rates: new Map([[quick.dispatch.pipeline, 100 * SLOWEST]]), milliseconds: TARGET },
    { least: TARGET, most: TARGET },
  );
  const submissions = await watch(device, async () => {
    const commands = new Commands(memory, 'quick');
    commands.dispatch([quick.dispatch, quick.dispatch, quick.dispatch]);
    await read(memory, commands, quick);
  });
  expect(submissions).toEqual([[WORKGROUPS, WORKGROUPS, WORKGROUPS]]);
  memory.destroy();
});

test('what is handed over in pieces keeps its place: other commands and writes come after it', async () => {
  const memory = new GpuMemory(device, 'single');
  const long = await create(memory, burning(1000, 'in place'), WORK);
  const other = await create(memory, burning(1, 'other'), 1);
  const order: string[] = [];
  const first = new Commands(memory, 'first');
  first.dispatch([long.dispatch]);
  const firstRead = read(memory, first, long).then((found) => {
    order.push('first');
    return found;
  });
  // Before the first dispatch has counted all its workgroups, these dispatches would add to its
  // result.
  memory.write(long.counts, new Uint32Array(WORKGROUPS).fill(5));
  const second = new Commands(memory, 'second');
  second.dispatch([other.dispatch]);
  second.copy(long.counts, 0, other.counts, 0, 4 * WORKGROUPS);
  const secondRead = read(memory, second, other).then((found) => {
    order.push('second');
    return found;
  });
  expect((await firstRead).runs).toEqual(once);
  expect((await secondRead).runs).toEqual(new Uint32Array(WORKGROUPS).fill(5));
  expect(order).toEqual(['first', 'second']);
  memory.destroy();
});

test('memory that is freed on the way ends it between two pieces', async () => {
  const memory = new GpuMemory(device, 'single');
  const slow = await create(memory, burning(1000, 'freed'), WORK);
  const commands = new Commands(memory, 'freed');
  commands.dispatch([slow.dispatch]);
  const handedOver = commands.submit();
  memory.destroy();
  await expect(handedOver).rejects.toThrow(/freed/);
  // Later commands of other owners run.
  const another = new GpuMemory(device, 'single');
  const next = await create(another, burning(1, 'next'), 1);
  const after = new Commands(another, 'next');
  after.dispatch([next.dispatch]);
  expect((await read(another, after, next)).runs).toEqual(once);
  another.destroy();
});

test('what may take no longer than it does is given up, with most of it never run', async () => {
  const device = await deviceOfSpeed(SLOW);
  const memory = new GpuMemory(device, 'single');
  const slow = await create(memory, burning(ROUNDS, 'given up'), WORK);
  const commands = new Commands(memory, 'given up');
  commands.dispatch([slow.dispatch]);
  await expect(commands.submit(TARGET)).rejects.toThrow(TooSlowError);
  const { runs } = await read(memory, new Commands(memory, 'read'), slow);
  const done = runs.reduce((sum, count) => sum + count);
  expect([done > 0, done < WORKGROUPS / 2]).toEqual([true, true]);
  memory.destroy();
});

test('what is measured of a kernel counts for all that is made of it on the device', async () => {
  const memory = new GpuMemory(device, 'single');
  const one = await create(memory, burning(1, 'shared'), WORK);
  const other = await create(memory, burning(1, 'shared'), 2 * WORK);
  const { speed } = queueOf(device);
  expect(speed.knows(other.dispatch.pipeline)).toBe(false);
  const commands = new Commands(memory, 'shared');
  commands.dispatch([one.dispatch]);
  await read(memory, commands, one);
  expect(speed.knows(other.dispatch.pipeline)).toBe(true);
  memory.destroy();
});
