import type { Precision, Tuning } from '../../../index.ts';
import type { Browser, Stage, Way } from '../../run/benchmark/results.ts';
import type { Pace } from '../../run/protocol.ts';
import type { Study } from '../../settings/study.ts';

/** The timed work, in a sentence. */
const inWords = (way: Way, precision: Precision) =>
  `${way === 'cpu' ? 'the CPU' : way} in ${precision} precision`;

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
  } satisfies Record<Study, { name: string; kind: string; hint: string; what: string }>,
  pace: 'Pace',
  paces: {
    thorough: { name: 'Thorough', hint: 'ten repetitions and eight sizes, a minute or two' },
    quick: { name: 'Quick', hint: 'three repetitions and three sizes, for a first look' },
  } satisfies Record<Pace, { name: string; hint: string }>,
  measure: 'Measure',
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
    stages: (way: Way, precision: Precision, repetition: number, of: number) =>
      `${inWords(way, precision)}, repetition ${repetition} of ${of}`,
    sizes: (hidden: number) => `${hidden} hidden units`,
    peak: 'what the adapter does at the most',
    kernels: (way: Way, precision: Precision) => `the kernels of ${inWords(way, precision)}`,
  },
  left: (what: string, time: string) => `${what}; about ${time} left`,
  seconds: (count: number) => `${count} s`,
  minutes: (count: number) => `${count} min`,
  introduction: {
    what: 'Trains the case study on this machine with every plan on the GPU and on the CPU, and times each stage apart: compiling, uploading, the first step, the steps after it, reading back. Then it widens the hidden layer until the GPU wins, or until it is clear that it does not.',
    advice:
      'Nothing is looked up: every figure is measured here and now. Close what else keeps the machine busy, and leave this page in view, as browsers slow down the ones that are not.',
  },
  machine: {
    adapter: 'Adapter',
    webgpu: (name: string) => `${name}, with WebGPU`,
    none: (reason: string) => `none. ${reason} Only the CPU is measured.`,
    software:
      '. This is a software adapter, a program on the CPU and not a GPU: wherever it says GPU below, read that.',
    browser: 'Browser',
    browserIs: ({ name, version, system }: Browser) =>
      name ? `${name} ${version}${system ? ` on ${system}` : ''}` : 'a browser that does not say',
    threads: (browser: string, threads: number) => `${browser}, ${threads} threads`,
    results: 'Results',
  },
  copy: {
    button: (format: string) => `Copy as ${format}`,
    copied: (format: string) => `Copied as ${format}.`,
    refused: 'The browser did not allow it.',
  },
  /** The heads of rows and tables. */
  entrant: (way: Way, precision: Precision) => {
    if (way === 'cpu') return `CPU, ${precision === 'single' ? 'float32' : 'float64'}`;
    return `${way}, ${precision === 'single' ? 'float32' : 'double-single'}`;
  },
  stageNames: {
    compile: 'compile',
    upload: 'upload',
    firstStep: 'first step',
    step: 'a step',
    readback: 'read back',
  } satisfies Record<Stage, string>,
  range: (from: string, to: string) => `${from} to ${to}`,
  under: (time: string) => `under ${time}`,
  whyNot: 'It does not run on this device.',
  stages: {
    title: 'From nothing to a trained step',
    what: 'Median of all repetitions, which take turns, and the two quartiles. “Compile” is the making of a trainer on a new device, all kernels at once; the browser may remember some from before. “Upload” is the same on a device that has compiled them. “A step” is the mean over at least 50 ms of steps.',
    caption: 'Times of each stage',
    entrant: 'plan, arithmetic',
    repeated: 'repeated',
    differs: 'loss differs by',
    agreement: (loss: string, steps: number) =>
      `The CPU in float64 has the loss ${loss} after ${steps} steps from the same weights; the last column tells how far the others are from it, so that nobody is fast and wrong.`,
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
    title: 'From which size on the GPU wins',
    never: (first: string, last: string) =>
      `On this machine the GPU never wins in this range, from ${first} to ${last} hidden units.`,
    between: (last: string, times: string, best: string) =>
      `On this machine the CPU is ahead at ${last} hidden units, the largest size measured; the GPU wins only in between, by ${times} times at ${best} hidden units.`,
    always: (first: string, times: string, best: string) =>
      `On this machine the GPU wins at every size measured, from ${first} hidden units on, by ${times} times at ${best} hidden units.`,
    from: (from: string, times: string, best: string) =>
      `On this machine the GPU wins from ${from} hidden units on, by ${times} times at ${best} hidden units.`,
    software: 'That “GPU” is a program on the CPU here.',
    chart: 'Time of a step against the number of hidden units, on logarithmic scales. The figures are below.',
    hidden: 'hidden units',
    figures: 'The figures',
    what: 'A step of a network with 300 rows, 2 features and 3 classes, in single precision on the GPU: median and quartiles. A plan has no figure where it does not take the size.',
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
