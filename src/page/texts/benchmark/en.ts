import type { Precision, Tuning } from '../../../index.ts';
import type { Browser, Failure, Stage, Way } from '../../run/benchmark/results.ts';
import type { BenchmarkModel, Pace } from '../../run/protocol.ts';

/** The ways of the CPU, as headings and within a sentence. */
const CPU = {
  cpu: ['CPU, one thread', 'on one thread'],
  threads: ['CPU, all threads', 'on all threads'],
  plain: ['CPU, plain loops', 'in plain loops'],
};
const cpuOf = (way: Way) => (way in CPU ? CPU[way as keyof typeof CPU] : undefined);

const nameOf = (way: Way) => cpuOf(way)?.[0] ?? `GPU, ${way}`;

/** The timed work, in a sentence. */
const inWords = (way: Way, precision: Precision) => `${nameOf(way)}, in ${precision} precision`;

/** Where a step is computed, within a sentence. */
const placeOf = (way: Way) => {
  const [, how] = cpuOf(way) ?? [];
  return how ? `on the CPU ${how}` : `on the GPU with the plan ${way}`;
};

/** The GPU, or what stands in for it, within a sentence. */
const gpuOf = (software: string | undefined) =>
  software ? `${software}, a software adapter and not a GPU` : 'the GPU';

export const en = {
  title: 'Benchmark',
  model: 'Model',
  models: {
    linear: {
      name: 'Linear',
      kind: 'classifier',
      hint: 'straight borders',
      what: 'linear softmax classifier',
    },
    network: {
      name: 'Two-layer',
      kind: 'network',
      hint: 'borders that bend, with 100 hidden units',
      what: 'network with a hidden ReLU layer',
    },
    own: {
      name: 'Own sizes',
      kind: '',
      hint: 'a hidden ReLU layer and three classes; choose how large',
      what: 'network of chosen sizes',
    },
    train: {
      name: 'From Train',
      kind: '',
      hint: 'your network as Train has it now, with its rows',
      what: 'network from Train',
    },
  } satisfies Record<BenchmarkModel, { name: string; kind: string; hint: string; what: string }>,
  own: {
    title: 'Sizes',
    hidden: { label: 'Hidden units', hint: '1 to 1,024, in one layer' },
    points: { label: 'Points', hint: '10 to 5,000, all in every step' },
    features: { label: 'Features', hint: '1 to 784, the numbers of a point' },
  },
  train: {
    title: 'Your network',
    change: 'Change it on Train',
    quick: 'where “Time both” compares GPU and CPU in some seconds.',
    nothing: 'Train has no points yet, so there is nothing to measure.',
  },
  pace: 'Pace',
  paces: {
    thorough: { name: 'Thorough', hint: 'ten repetitions, eight sizes' },
    quick: { name: 'Quick', hint: 'seven repetitions, three sizes, for a first look' },
  } satisfies Record<Pace, { name: string; hint: string }>,
  measure: 'Measure',
  expected: (time: string) => `takes about ${time}`,
  cancel: 'Cancel',
  idle: 'Nothing measured yet.',
  running: 'Measuring.',
  finished: (seconds: string) => `Measured in ${seconds} s.`,
  cancelled: 'Cancelled.',
  endedBy: {
    training: 'Ended, because training went on.',
    inside: 'Ended, because the view Inside read a step.',
    timing: 'Ended, because GPU and CPU were timed.',
  },
  failed: 'Stopped.',
  stopped: 'The benchmark stopped for a reason that this page does not know.',
  kept: 'What was measured until then is kept. Start it again; if that fails, reload the page.',
  work: {
    start: 'starting',
    prepare: (way: Way, precision: Precision) => `warming up ${inWords(way, precision)}`,
    repetition: (way: Way, precision: Precision, repetition: number, of: number) =>
      `${inWords(way, precision)}: repetition ${repetition} of ${of}`,
    sizes: (hidden: string) => `networks with ${hidden} hidden units`,
    peak: 'what the adapter does at the most',
    kernels: (way: Way, precision: Precision) => `the kernels of ${inWords(way, precision)}`,
  },
  left: (what: string, time: string) => `${what}; about ${time} left`,
  seconds: (count: number) => `${count} s`,
  minutes: (count: number) => `${count} min`,
  introduction: {
    what: 'Trains a network on this machine in every way that this page has: on the GPU with each of its plans, and on the CPU with one thread, with all threads, and in plain loops. First comes a sentence: which is faster, and by how much. Below it are the times of each stage, the losses, and networks of other widths, as GPUs like large ones.',
    advice:
      'Nothing is looked up: every figure is measured here and now. Close what else keeps the machine busy, and leave this page in view, as browsers slow down the ones that are not.',
  },
  /** The result above all tables. */
  headline: {
    faster: (side: 'gpu' | 'cpu', times: string, range: string, software: string | undefined) =>
      side === 'gpu'
        ? `${software ? `${gpuOf(software)},` : 'The GPU'} trains this network ${times} times (${range}) as fast as the CPU.`
        : `The CPU trains this network ${times} times (${range}) as fast as ${gpuOf(software)}.`,
    tie: (software: string | undefined) =>
      `Neither the CPU nor ${gpuOf(software)}${software ? ',' : ''} is shown to be faster on this network.`,
    steps: (first: { way: Way; time: string }, second: { way: Way; time: string }) =>
      `A step takes ${first.time} ${placeOf(first.way)}, and ${second.time} ${placeOf(second.way)}, with the quartiles in parentheses.`,
    overlap: (first: { way: Way; time: string }, second: { way: Way; time: string }) =>
      `A step takes ${first.time} ${placeOf(first.way)}, and ${second.time} ${placeOf(second.way)}: the quartiles in parentheses overlap.`,
    only: (side: 'gpu' | 'cpu', software: string | undefined) =>
      side === 'cpu'
        ? 'Only the CPU was measured.'
        : `The CPU was not timed, and the table says why; what was timed is ${gpuOf(software)}.`,
    step: (time: string, way: Way) => `A step takes ${time} ${placeOf(way)}.`,
    plain: (times: string) => `Plain loops take ${times} times as long as the fastest way on the CPU.`,
    losses: {
      agree: (count: number) =>
        `All ${count} ways that were measured reach the same loss, within their precision.`,
      differ: (names: string) => `These reach another loss than they should: ${names}.`,
    },
    precision: 'All in single precision; the tables also have double.',
    waiting: 'There are too few repetitions for a result yet.',
  },
  machine: {
    network: 'Network',
    networkIs: (sizes: string, rows: string, batch: string | undefined) =>
      `${sizes}, ${rows} rows${batch ? `, ${batch} of them a step` : ', all in every step'}`,
    of: (all: string) => ` (evenly chosen from the ${all} rows of Train)`,
    adapter: 'Adapter',
    webgpu: (name: string) => `${name}, with WebGPU`,
    none: (reason: string) => `none. ${reason} Only the CPU is measured.`,
    software:
      '. This is a software adapter, a program on the CPU and not a GPU: wherever it says GPU below, read that.',
    browser: 'Browser',
    browserIs: ({ name, version, system }: Browser) =>
      name ? `${name} ${version}${system ? ` on ${system}` : ''}` : 'a browser that does not say',
    cpu: 'CPU',
    threads: (threads: number) => `${threads} threads`,
    oneCore: 'one thread, as the browser tells of one core only',
    notIsolated: (threads: number) =>
      `one thread of ${threads}: this page is not isolated from other sites, without which browsers share no memory between threads. Reload it once: it isolates itself from the second visit on, where the browser lets it.`,
    results: 'Results',
  },
  copy: {
    button: (format: string) => `Copy as ${format}`,
    copied: (format: string) => `Copied as ${format}.`,
    refused: 'The browser did not allow it.',
  },
  /** The heads of rows and tables. */
  entrant: (way: Way, precision: Precision) =>
    `${nameOf(way)}, ${precision === 'single' ? 'float32' : cpuOf(way) ? 'float64' : 'double-single'}`,
  stageNames: {
    compile: 'compile',
    upload: 'upload',
    firstStep: 'first step',
    step: 'a step',
    readback: 'read back',
  } satisfies Record<Stage, string>,
  range: (from: string, to: string) => `${from} to ${to}`,
  under: (time: string) => `under ${time}`,
  whyNot: {
    same: {
      threads: 'The same as one thread: no operation of a step is large enough for threads to share.',
      plain: 'WebAssembly is not allowed here: “CPU, one thread” is in plain loops already.',
    },
    threads: (detail: string) => `It has one thread: ${detail}.`,
    slow: (seconds: number) => `Left out: a step takes longer than ${seconds} s.`,
    diverged: (step: string) =>
      `Training diverged at step ${step}, so there is nothing to time. Lower the learning rate on Train.`,
    memory: 'There is not enough memory.',
    unknown: 'It does not run on this device.',
  } satisfies Record<Exclude<Failure['kind'], 'plan'>, unknown>,
  stages: {
    title: 'From nothing to a trained step',
    what: 'Median of all repetitions, which take turns, and the two quartiles: half of all repetitions lie between them. “CPU” is WebAssembly with SIMD, “plain loops” the same sums without it. “Compile” is the making of a trainer on a new device, all kernels at once; the browser may remember some from before. “Upload” is the same on a device that has compiled them. “A step” is the mean over at least 50 ms of steps, and “repeated” counts these; the quick pace repeats the other stages three times.',
    caption: 'Times of each stage',
    entrant: 'way, arithmetic',
    repeated: 'repeated',
    differs: 'loss differs by',
    agreement: (loss: string, steps: string, way: Way) =>
      `“${nameOf(way)}” in float64 has the loss ${loss} after ${steps} steps from the same weights; the last column tells how far the others are from it, so that nobody is fast and wrong.`,
    peak: (rate: string) =>
      `GFLOP/s counts the multiplications and additions of the matrix products that the step needs, whatever a plan computes again. The adapter does ${rate} GFLOP/s at the most, as measured here on numbers in registers; the share is of that.`,
    share: (share: string) => `${share} of peak`,
    wrong: 'wrong',
    tiling: (t: NonNullable<Tuning['tiling']>) =>
      t.workgroup
        ? `${t.workgroup} invocations`
        : `${t.rows} rows × ${t.forwardWorkgroup} and ${t.units} units × ${t.backwardWorkgroup} a workgroup`,
  },
  crossover: {
    title: 'From which size on the GPU is faster',
    outcome: {
      gpu: (at: string) => `the GPU is faster ${at}`,
      cpu: (at: string) => `the CPU is faster ${at}`,
      tie: (at: string) => `neither is shown to be faster ${at}`,
    },
    at: (hidden: string) => `at ${hidden} hidden units`,
    fromTo: (first: string, last: string) => `from ${first} to ${last} hidden units`,
    /** What each stretch of sizes shows, one after the other. */
    measured: (claims: string[]) => `On this machine, of the sizes measured, ${claims.join('; ')}.`,
    border: (below: string, above: string, overtakes: 'gpu' | 'cpu') =>
      `Between ${below} and ${above} neither is shown to be faster: somewhere there the ${overtakes === 'gpu' ? 'GPU overtakes the CPU' : 'CPU overtakes the GPU'}.`,
    narrower: 'The pace “Thorough” narrows it.',
    best: (side: 'gpu' | 'cpu', hidden: string, times: string, range: string) =>
      `At ${hidden} hidden units the ${side === 'gpu' ? 'GPU' : 'CPU'} is ${times} times as fast (${range}).`,
    noBorder: 'The lead changes more than once, so that there is no such size.',
    rule: 'A side counts as faster where the upper quartile of its fastest way lies below the lower quartiles of all ways of the other side. Where quartiles overlap, neither does.',
    why: 'On a GPU every dispatch takes a time that does not shrink with the network, so that a small network waits more than it computes. A large one keeps thousands of GPU lanes busy, of which a CPU has a few dozen.',
    software: 'That “GPU” is a program on the CPU here.',
    chart:
      'Time of a step against the number of hidden units, on logarithmic scales, with a bar from quartile to quartile. The figures are below.',
    hidden: 'hidden units',
    figures: 'The figures',
    what: 'A step of networks that differ from the one above in the width of their hidden layers only, in single precision: median and quartiles. The row of its own width has the times of the table above. A way has no figure where it does not take the size, where it is the same as one thread, or where a step takes longer than 1 s.',
    caption: 'Step times by size',
  },
  kernels: {
    title: 'Where a step’s time goes',
    what: 'Each kernel alone, by batched repetition: again and again until it takes at least 10 ms, because browsers round timestamp queries to 100 µs. What it takes to begin a dispatch is part of it. The kernels of a step need not add up to the step, in which they follow each other.',
    kernel: 'kernel',
    time: 'time',
    share: 'share',
  },
  report: {
    title: (version: string, model: string) => `spiralnet ${version}, ${model}`,
    network: (network: string) => `Network: ${network}`,
    cpu: (threads: string) => `CPU: ${threads}`,
    date: (date: string) => `Date: ${date}`,
    adapter: (name: string, software: boolean) =>
      `Adapter: ${name}${software ? ' (software, not a GPU)' : ''}`,
    browser: (browser: string) => `Browser: ${browser}`,
    peak: (rate: string) => `Peak of multiplications and additions, as measured: ${rate} GFLOP/s`,
    repetitions: 'repetitions',
    share: 'of peak',
    sizes: 'A step by hidden units.',
    kernels: 'Each kernel, by batched repetition.',
    plan: 'plan',
  },
};

/** The texts of the view Benchmark, which load with the view, in all languages. */
export type BenchmarkTexts = typeof en;
