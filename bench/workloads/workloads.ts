import { caseStudy, type Dataset, type LayerParameters, RandomState, spiral } from '../../src/index.ts';

/** A network to train, the same for every contestant: the data and the starting weights. */
export interface Workload {
  name: string;
  title: string;
  data: Dataset;
  hidden: number[];
  learningRate: number;
  l2: number;
  parameters: LayerParameters[];
  /** Updates after which losses are compared, at least 2; fewer where a step takes seconds. */
  checkSteps: number;
  /** Seconds that a contestant may take, from its second step on. */
  budget: number;
  /** The table of workloads of one kind, and the heading of this one's column. */
  sweep?: { title: string; column: string };
}

const HIDDEN_SIZES = [8, 16, 32, 64, 128, 256, 512, 1024];
/** Hidden layers of 32 units each. */
const DEPTHS = [2, 3, 5];
/** Rows in each of the three arms. */
const ROWS_PER_ARM = [32, 128, 512, 2048];

/** The workloads in their order. Data is made on demand. */
export const WORKLOADS: { name: string; sweep?: string; make: () => Workload }[] = [
  { name: 'case-study', make: caseStudyNetwork },
  { name: '784-256-10', make: () => random('784-256-10', 512, 784, [256], 10, 8) },
  { name: '784-512-512-10', make: () => random('784-512-512-10', 1024, 784, [512, 512], 10, 20) },
  ...HIDDEN_SIZES.map((size) => ({ name: `hidden-${size}`, sweep: 'hidden', make: () => hidden(size) })),
  ...DEPTHS.map((layers) => ({ name: `depth-${layers}`, sweep: 'depth', make: () => depth(layers) })),
  ...ROWS_PER_ARM.map((rows) => ({ name: `batch-${3 * rows}`, sweep: 'batch', make: () => batch(rows) })),
];

function caseStudyNetwork(): Workload {
  const { data, hidden = [], learningRate, l2 = 0, parameters = [] } = caseStudy.network.options;
  return {
    name: 'case-study',
    title: 'The case study, 300×2→100→3',
    ...{ data, hidden, learningRate, l2, parameters },
    checkSteps: 20,
    budget: 4,
  };
}

/** Normal inputs, which determine the labels, so that the loss falls. */
function random(
  name: string,
  count: number,
  features: number,
  hidden: number[],
  classes: number,
  budget: number,
): Workload {
  const stream = new RandomState(1);
  const inputs = stream.randn(count * features);
  const labels = Uint32Array.from({ length: count }, (_, row) => {
    const first = inputs.subarray(row * features, row * features + classes);
    return first.indexOf(Math.max(...first));
  });
  return {
    name,
    title: `${count}×${[features, ...hidden, classes].join('→')}`,
    data: { inputs, labels, count, features, classes },
    ...{ hidden, learningRate: 0.01, l2: 1e-3, budget },
    parameters: draw([features, ...hidden, classes], stream),
    checkSteps: 3,
  };
}

function hidden(size: number): Workload {
  const sweep = { title: 'Hidden sizes, 300×2→H→3', column: `${size}` };
  return { ...onSpiral(`hidden-${size}`, 100, [size]), sweep };
}

function depth(layers: number): Workload {
  const sweep = { title: 'Depths, 300×2→32→…→32→3', column: `${layers} hidden` };
  // Small, so that the loss of a deep network falls from the first step on.
  return { ...onSpiral(`depth-${layers}`, 100, new Array(layers).fill(32)), learningRate: 0.01, sweep };
}

function batch(perClass: number): Workload {
  const rows = 3 * perClass;
  const sweep = { title: 'Batch sizes, N×2→100→3', column: `${rows}` };
  return { ...onSpiral(`batch-${rows}`, perClass, [100]), sweep };
}

function onSpiral(name: string, perClass: number, hidden: number[]): Workload {
  const data = spiral({ perClass });
  return {
    name,
    title: `${data.count}×${[2, ...hidden, 3].join('→')}`,
    ...{ data, hidden, learningRate: 0.1, l2: 1e-3 },
    parameters: draw([2, ...hidden, 3], new RandomState(1)),
    checkSteps: 5,
    budget: 2,
  };
}

/**
 * Starting weights in the manner of He et al. 2015. Biases are not 0, so that a contestant that
 * forgets them is wrong.
 */
function draw(sizes: number[], stream: RandomState): LayerParameters[] {
  return sizes.slice(1).map((fanOut, layer) => ({
    weights: stream.randn(sizes[layer] * fanOut).map((value) => value * Math.sqrt(2 / sizes[layer])),
    biases: stream.randn(fanOut).map((value) => value / 10),
  }));
}
