import type { Problem } from '../../run/protocol.ts';
import type { SanityCheck } from '../../run/side-checks/sanity.ts';

interface CheckWords {
  name: string;
  figure: (value: string, expected: string) => string;
  /** What to do if the check fails, or the figure is too large. */
  advice: string;
  /** What to do if the figure is too small. */
  otherwise?: string;
  /** Why the check says nothing about some networks. */
  inapplicable?: string;
}

const CHECKS: Record<SanityCheck['name'], CheckWords> = {
  initialLoss: {
    name: 'The first loss is that of chance',
    figure: (value: string, expected: string) => `${value} without L2, beside that of chance, ${expected}.`,
    advice: 'The first weights are too large: choose a smaller deviation.',
  },
  regularisation: {
    name: 'More L2 raises the first loss',
    figure: (value: string, expected: string) => `${value} with L2 = 100, ${expected} without.`,
    advice: 'L2 must add to the loss; please report this.',
    inapplicable: 'There are no weights to compare with: all first weights are 0.',
  },
  overfit: {
    name: 'Twenty points can be learned by heart',
    figure: (value: string) => `loss ${value} after 3,000 steps without L2 and dropout.`,
    advice: 'The network is too small, or the learning rate too low or too high.',
    inapplicable: 'A linear model draws straight borders or tilts a plane, and need not pass.',
  },
  updateRatio: {
    name: 'Updates have the right size',
    figure: (value: string, expected: string) =>
      `${value} of the weights at the present step; about ${expected} is usual.`,
    advice:
      'First weights of 0.01, as in the notes, are small beside the first updates, which is no fault. Check again after some hundred steps; if it stays so, lower the learning rate.',
    otherwise:
      'Late in a run updates become small, which is no fault. Early in a run, raise the learning rate.',
    inapplicable: 'There are no weights to compare with: all are 0.',
  },
  deadUnits: {
    name: 'Units are alive',
    figure: (value: string) => `${value} of a layer’s units, at the most, are 0 for every point.`,
    advice: 'Lower the learning rate, or draw other first weights.',
  },
};

export const en = {
  waiting: 'Reading the next step…',
  checking: 'Checking…',
  aside: ({ kind }: Problem): string =>
    kind === 'memory'
      ? 'There is not enough memory for this check or comparison. The run stays as it is.'
      : 'This check or comparison failed. The run stays as it is.',
  tensors: {
    ofOperation: 'What it reads → what it writes',
    one: (name: string) => `Tensor ${name}`,
    back: (operation: string) => `Back to ${operation}`,
  },
  checks: 'Checks: float64, gradients, settings',
  byClass: 'Sort samples by class',
  controls: {
    label: 'Within the step',
    start: 'Start',
    back: '← Back',
    next: 'Next →',
    keys: 'Also with the keys ← and →',
    forward: 'Forward pass',
    backward: 'Backward pass',
    update: 'Update',
    whole: 'Whole step',
    wholeHint: 'Trains this step and reads the one after it',
    read: 'Read again',
    readHint: 'Training goes on: reads the step that it has come to',
    plan: 'Plan',
    status: (step: string, place: number, last: number, plan: string) =>
      `Step ${step}: operation ${place} of ${last}, plan ${plan}.`,
  },
  operations: {
    title: 'The step, line by line',
    phases: { forward: 'Forward', backward: 'Backward', update: 'Update' },
    states: { done: 'carried out', now: 'looked at', later: 'not yet' },
    touches: 'reads or writes the selected tensor',
    sameKernel: 'in the same kernel',
    cpu: 'on the CPU',
  },
  flow: {
    title: 'Where the computation stands',
    hint: 'Dashed: comes later. Press a tensor to see it large.',
    states: { there: 'computed', later: 'comes later in the step' },
    roles: { read: 'read by the selected operation', written: 'written by the selected operation' },
  },
  heatMap: {
    later: 'comes later in the step',
    description: (name: string) =>
      `${name} as colours: blue above 0, orange below, white at 0. Arrow keys read single numbers.`,
    axis: {
      samples: (place: number) => `sample ${place}`,
      units: (place: number) => `unit ${place}`,
      classes: (place: number) => `class ${place}`,
      inputs: (place: number) => `input ${place}`,
    },
    rows: (from: string, to: string, of: string) => `rows ${from} to ${to} of ${of}`,
    columns: (from: string, to: string, of: string) => `columns ${from} to ${to} of ${of}`,
    before: 'Before',
    after: 'After',
    range: (min: string, max: string) => `${min} … ${max}`,
    difference: (most: string) => `at most ${most} from float64`,
    folded: (side: 'rows' | 'columns', length: string) => `folded, ${length} ${side} a block`,
    statistics: (s: Record<'min' | 'max' | 'mean' | 'zeros' | 'norm', string>) =>
      `from ${s.min} to ${s.max}, mean ${s.mean}, ${s.zeros} zeros, norm ${s.norm}`,
  },
  kernel: {
    dispatch: 'Dispatch',
    workgroups: (count: string, size: string) => `${count} workgroups of ${size} invocations`,
    bindings: (count: number) => `${count} ${count === 1 ? 'buffer' : 'buffers'}`,
    work: 'This line',
    cost: (operations: string, bytes: string) => `${operations} FLOPs, ${bytes} bytes`,
    time: 'Time',
    notMeasured: 'not measured',
    source: (lines: number) => `WGSL, ${lines} lines`,
  },
  detail: {
    numpy: 'In NumPy',
    cpu: 'The CPU computes it, in WebAssembly or in plain loops; there is no kernel of the GPU.',
    time: 'Time the kernels',
    learn: 'Learn about this line',
  },
  sample: {
    title: 'One sample on its way',
    number: 'Sample',
    numberHint: (last: string) => `a row of the data, 0 to ${last}`,
    alone: (row: string) =>
      `Training row ${row}, as a batch of its own: the next batch may not have it. Weights are those of this step; the update is a first one.`,
    batch: 'Back to the batch',
    image: 'The image',
    features: 'Its features, as in the file',
    plot: 'The training points. Press one to follow it.',
    caption: 'What the step makes of it. Its row is framed in every tensor.',
    value: (value: string) => `true value ${value}`,
    rows: {
      inputs: 'inputs',
      scores: 'scores',
      probabilities: 'probabilities',
      losses: 'loss',
      dscores: 'dscores',
    },
    contribution: 'size of its part in',
    share: (share: string) => `(${share} of the sum’s)`,
  },
  differences: {
    title: 'Beside float64 on the CPU',
    what: 'The same step on the CPU with about 16 digits. Single precision differs by about 1e−7 of the numbers’ size, double-single by about 1e−14.',
    tensor: 'tensor',
    absolute: 'largest difference',
    at: 'at',
    relative: 'largest relative',
  },
  gradients: {
    title: 'Gradient check',
    what: 'Backward pass against differences of the loss, which are taken in float64. In double precision an error below 1e−5 is right and one above 1e−2 almost surely wrong; single precision rounds at 1e−3. At a kink of ReLU the loss has no derivative: in a row at a kink each unit stays as it is, active or not, and an entry without another row is left out.',
    start: 'Check the gradients',
    tensor: 'tensor',
    error: 'largest relative error',
    verdict: 'verdict',
    checked: 'entries',
    kinks: 'kinks',
    kinked: (places: string, count: number) => `${count} (at ${places}${count > 3 ? '; …' : ''})`,
    bands: { good: 'right', doubtful: 'doubtful', bad: 'wrong' },
    notChecked: 'not checked',
  },
  sanity: {
    title: 'Before a long run',
    what: 'The notes’ checks, on these settings, in float64 on the CPU.',
    regression: 'The first loss is not checked here: values have no chance to compare it with.',
    start: 'Run the checks',
    verdicts: {
      passed: '✓ passed',
      failed: '✗ failed',
      unusual: '○ unusual',
      inapplicable: '– does not apply',
    } satisfies Record<SanityCheck['verdict'], string>,
    checks: CHECKS,
  },
};

/** The texts of the view Inside, which load with the view, in all languages. */
export type InsideTexts = typeof en;
