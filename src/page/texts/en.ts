import type { Backend, Precision } from '../../index.ts';
import type { NoGpuReason, Problem, RunStatus, StopReason } from '../run/protocol.ts';
import type { LinkRemark } from '../settings/link.ts';
import type { Preset } from '../settings/presets.ts';
import type { Settings } from '../settings/settings.ts';
import type { Study } from '../settings/trainer-options.ts';

/** A setting's name, and what it does in one line. */
interface Named {
  label: string;
  hint: string;
}

export const en = {
  title: 'spiralnet – neural networks trained on your GPU',
  views: { train: 'Train', inside: 'Inside', benchmark: 'Benchmark' },
  partMissing: 'This part of the page could not be loaded. Reload the page to try again.',
  viewsLabel: 'Views',
  footer: {
    before: 'The data of the first presets, their settings and the published figures are those of ',
    link: 'the case study in the CS231n notes',
    after: '. Nothing leaves this page.',
  },
  header: {
    theme: 'Theme',
    themes: { system: 'system', light: 'light', dark: 'dark' },
    language: 'Language',
    help: 'Help and keyboard shortcuts',
    cpu: 'CPU · no GPU',
    cpuChosen: 'CPU',
    software: 'software, not a GPU',
    unnamed: 'unnamed adapter',
  },
  arithmetic: { single: 'float32', cpu: 'float64', gpu: 'double-single arithmetic' },
  bar: {
    label: 'Training',
    train: 'Train',
    trainOn: 'Train on',
    trainOnHint: (steps: string) => `Train ${steps} steps more`,
    trainHint: 'Train until a stop condition is met',
    pause: 'Pause',
    pauseHint: 'Pause at a whole step',
    step: 'Step',
    stepHint: 'Apply one update',
    epoch: 'Epoch',
    epochHint: 'Apply as many updates as it takes to see every point once',
    steps: (count: string) => `${count} steps`,
    stepsLabel: 'Steps at a time',
    stepsGo: 'Go',
    stepsHint: 'Apply this many updates',
    rewind: 'Rewind',
    rewindHint: 'Go back to the same initial weights',
    copyLink: 'Copy link',
    copied: 'Link copied.',
    notCopied: 'The browser did not allow it. Copy it from here:',
    link: 'Link',
    atEnd: 'The run has stopped. Rewind, or change when it stops.',
    atStart: 'The run is at its start.',
    starting: 'Training is about to start.',
    pauseFirst: 'Pause to go step by step.',
    rewindFirst: 'Rewind first.',
    answerFirst: 'Answer the question first.',
    noPoints: 'There is no point to learn from yet.',
    progress: 'Steps of the run',
    figures: {
      step: 'step',
      loss: 'loss',
      accuracy: 'accuracy',
      testLoss: 'test loss',
      testAccuracy: 'test accuracy',
      speed: 'steps/s',
    },
    under: (step: string, loss: string, accuracy: string) =>
      `Step ${step}: loss ${loss}, accuracy ${accuracy}.`,
    standing: (loss: string, accuracy: string) => `Loss ${loss}, accuracy ${accuracy}.`,
    left: (seconds: string) => `about ${seconds} s left`,
    minutesLeft: (minutes: string) => `about ${minutes} min left`,
    cancel: 'Cancel',
    cancelHint: 'Do not open this network',
    opening: (parameters: string, seconds: string) => `${parameters} parameters; ${seconds} s so far`,
    openingLabel: 'Opening the network',
    slowStep: (parameters: string, seconds: string) =>
      `${parameters} parameters: about ${seconds} s a step here`,
    stepLabel: 'The step under way, by that guess',
    openFirst: 'Open the network first: Rewind.',
  },
  question: {
    trains: (steps: string, card: string, processor: string): string =>
      `This link trains a network for ${steps} steps, which takes very roughly ${card} on a fast graphics card and ${processor} without one. You can pause it at any time.`,
    opens: (card: string, processor: string): string =>
      `This link opens a large network. With its first pictures that takes very roughly ${card} on a fast graphics card and ${processor} without one.`,
    train: 'Train it',
    open: 'Open it',
    onlyOpen: 'Only open it',
  },
  status: (
    status: Exclude<RunStatus, 'failed'>,
    step: string,
    last: string | undefined,
    stopped: StopReason | undefined,
  ) => {
    switch (status) {
      case 'asking':
        return 'Waiting for your answer.';
      case 'preparing':
        return 'Preparing.';
      case 'cancelled':
        return 'Cancelled. Train or Rewind opens the network again.';
      case 'empty':
        return 'No points yet. Choose “add” and a class, then click in the plane.';
      case 'untrained':
        return last ? `Untrained. A run is ${last} steps.` : 'Untrained.';
      case 'starting':
        return 'Starting.';
      case 'training':
        return last ? `Training to step ${last}.` : 'Training.';
      case 'paused':
        return last ? `Paused at step ${step} of ${last}.` : `Paused at step ${step}.`;
      case 'finished':
        return `Finished at step ${step}${stopped === 'step' || !stopped ? '' : `, ${en.stopped[stopped]}`}.`;
    }
  },
  pausing: 'Pausing after this step.',
  noPoints: 'No points yet. Add some under Train.',
  failed: {
    diverged: (step: string) => `Diverged at step ${step}. Rewind, and lower the rate or L2.`,
    plan: 'The plan does not take this network. Choose “automatic”.',
    lost: 'The GPU was lost. Rewind to train again.',
    memory: 'Not enough memory. Choose fewer units, or close other pages and rewind.',
    unsupported: 'No double precision on this GPU. Choose single.',
    shader: 'The GPU refused the work. Update the browser and its driver.',
    worker: 'Training has broken off. Reload the page.',
    unknown: 'Stopped. Rewind, or reload the page.',
  },
  stopped: {
    step: 'the last step',
    loss: 'as the loss is low enough',
    accuracy: 'as the accuracy is high enough',
    patience: 'as the loss no longer improves',
  } satisfies Record<StopReason, string>,
  rewound: (settings: readonly string[]) =>
    `Rewound: ${settings.length > 2 ? 'settings' : settings.join(', ')} changed.`,
  noGpu: {
    none: 'This browser has no WebGPU.',
    insecure: 'WebGPU needs a secure connection (https), which this page does not have.',
    adapter: 'WebGPU is here, but it found no graphics adapter that it can use.',
    device: 'WebGPU is here, but it failed to give a device.',
    silent:
      'WebGPU is here, but has not answered for 10 seconds; if it answers later, the next run trains on it.',
    driver: 'WebGPU is here, but this page cannot train with it.',
    lost: 'The browser lost the GPU, and none could take its place.',
    chosen: 'It was chosen under “Training”.',
  } satisfies Record<NoGpuReason, string>,
  onCpu: 'Training runs on the CPU instead, so there is no GPU to compare it with.',
  inDetail: 'In detail:',
  recovered: (backend: Backend, step: string) =>
    'The browser lost the GPU, as happens when the computer sleeps or its driver restarts; ' +
    (backend === 'webgpu'
      ? `training went on from step ${step} on a new device, with the same numbers.`
      : `as no other device could take its place, training went on from step ${step} on the CPU.`),
  remarks: (remark: LinkRemark) => {
    switch (remark.what) {
      case 'unknown':
        return `The link has a setting “${remark.name}” that this page does not know; it was ignored.`;
      case 'malformed':
        return `The link’s value for “${remark.name}” is not one that this page takes; it was ignored.`;
      case 'more':
        return `${remark.count.toLocaleString('en')} more ${remark.count === 1 ? 'part of the link was' : 'parts of the link were'} ignored.`;
      case 'version':
        return 'The link is of another version of this page; what is understood of it was used.';
      case 'long':
        return 'The link is too long to be one of this page; it was ignored.';
    }
  },
  problems: {
    happened: (problem: Problem) => {
      switch (problem.kind) {
        case 'diverged':
          return `Training diverged at step ${problem.step.toLocaleString('en')}: its steps were so large that the numbers grew beyond what a computer can hold.`;
        case 'plan':
          return 'The chosen plan does not take this network.';
        case 'lost':
          return 'The browser lost the GPU, as happens when the computer sleeps or its driver restarts.';
        case 'memory':
          return 'There is not enough memory left for this network, or it is larger than the device takes.';
        case 'unsupported':
          return 'This GPU or its driver does not compute in double precision as WebGPU prescribes.';
        case 'shader':
          return 'The GPU refused what this page asked of it, which is a fault of this page.';
        case 'frame':
          return 'A benchmark needs a worker, which this frame does not allow.';
        case 'worker':
          return 'The part of this page that trains could not start or has stopped.';
        case 'unknown':
          return 'Training stopped for a reason that this page does not know.';
      }
    },
    kept: (problem: Problem) => {
      if (problem.kind === 'plan') return `The library says: ${problem.detail}`;
      if (problem.kind === 'unsupported') return 'Nothing is lost: single precision works.';
      if (problem.kind === 'frame') return 'Training goes on here all the same.';
      if (problem.kind === 'worker') return 'What was drawn until then stays.';
      if (problem.kind === 'diverged') return 'The curve ends with the last losses that were still numbers.';
      return 'What has been drawn so far is kept.';
    },
    advice: {
      diverged: 'Rewind to go back to the initial weights, and lower the learning rate or L2.',
      plan: 'Choose the plan “automatic”.',
      lost: 'Rewind to train from the initial weights again; if that fails, reload the page.',
      memory: 'Close other pages that use the GPU, or choose fewer units, then rewind.',
      unsupported: 'Choose single precision.',
      shader: 'Update the browser and the graphics driver; please report it if that does not help.',
      frame: 'Open the page in a tab of its own:',
      worker: 'Reload the page; please report it if it happens again.',
      unknown: 'Rewind, or reload the page; please report it if it happens again.',
    } satisfies Record<Problem['kind'], string>,
    putBack: 'The setting was put back, and the run is as it was.',
  },
  groups: {
    preset: 'Preset',
    data: 'Data',
    network: 'Network',
    training: 'Training',
    stop: 'Stop and speed',
  },
  settingsLabel: 'Settings',
  accepted: (min: string, max: string, whole: boolean) =>
    `${whole ? 'A whole number' : 'A number'} from ${min} to ${max}.`,
  grouped: 'No comma or point between thousands.',
  settings: {
    shape: { label: 'Data set', hint: 'what is to be told apart' },
    classes: { label: 'Classes', hint: 'how many kinds of points' },
    perClass: { label: 'Points per class', hint: 'how many are drawn of each kind' },
    noise: { label: 'Noise', hint: 'how far points stray from their place' },
    dataSeed: { label: 'Data seed', hint: 'other numbers draw other points' },
    testShare: { label: 'Test share', hint: 'part kept for testing, never trained on' },
    edits: { label: 'your points', hint: '' },
    hidden: { label: 'Hidden layers', hint: 'none is the linear classifier' },
    initialization: { label: 'Initial weights', hint: 'how they are drawn' },
    deviation: { label: 'Standard deviation', hint: 'of the normal distribution; the notes have 0.01' },
    weightSeed: { label: 'Weight seed', hint: 'other numbers draw other weights' },
    learningRate: { label: 'Learning rate', hint: 'size of a step; applies immediately' },
    l2: { label: 'L2', hint: 'pull on the weights towards 0; applies immediately' },
    optimizer: { label: 'Optimizer', hint: 'how gradients become updates' },
    momentum: { label: 'Momentum', hint: 'part of the last update that goes on' },
    batchSize: { label: 'Batch size', hint: 'points a step sees; 0 for all' },
    precision: { label: 'Precision', hint: 'double is slower' },
    backend: { label: 'Runs on', hint: 'what computes the steps' },
    plan: { label: 'Plan', hint: 'how a step becomes GPU kernels' },
    stopStep: { label: 'Stop at step', hint: '0 for never' },
    stopLoss: { label: 'Stop at loss', hint: 'of the test points, if any; 0 for never' },
    stopAccuracy: { label: 'Stop at accuracy', hint: '0 to 1, of the test points, if any; 0 for never' },
    patience: { label: 'Stop without improvement', hint: 'for so many steps; 0 for never' },
    speed: { label: 'Speed', hint: 'steps per second; 0 for as fast as possible' },
  } satisfies Record<keyof Settings, Named>,
  shapes: {
    spiral: 'spiral',
    circles: 'circles',
    moons: 'moons',
    blobs: 'blobs',
    xor: 'XOR',
    chequerboard: 'chequerboard',
    own: 'your own points only',
  },
  starts: {
    notes: 'as in the notes (0.01)',
    normal: 'normal',
    he: 'He, √(2 / inputs)',
    glorot: 'Glorot, √(2 / (inputs + outputs))',
  },
  optimizers: { sgd: 'gradient descent', momentum: 'with momentum', adam: 'Adam' },
  precisions: { single: 'single, about 7 digits', double: 'double, about 14 digits or more' },
  backends: { auto: 'GPU, if there is one', cpu: 'CPU' },
  plans: {
    auto: 'automatic',
    layered: 'layered: a kernel an operation',
    fused: 'fused: few kernels a step',
    resident: 'resident: many steps a kernel',
  },
  layers: {
    layer: (number: number) => `Layer ${number}`,
    units: 'units',
    add: 'Add layer',
    remove: (number: number) => `Remove layer ${number}`,
    most: 'Six hidden layers are the most.',
  },
  presetLabel: 'Preset',
  presetOwn: 'your own settings',
  presetChanged: (name: string) => `${name}, changed`,
  presetChanges: (what: string) => `Changed: ${what}.`,
  presetBack: 'Back to the preset',
  presets: {
    network: {
      name: 'Two-layer network of the notes',
      look: 'The borders bend around the arms within a thousand steps. At step 10,000 the accuracy is the notes’ 98\u00a0%; how far the losses agree depends on the precision.',
    },
    linear: {
      name: 'Linear classifier of the notes',
      look: 'Three straight borders are all it can draw. Half of the points stay on the wrong side, however long it trains.',
    },
    overfit: {
      name: 'Twenty points learned by heart',
      look: 'The training loss goes to zero while the test loss rises: the network remembers its twenty points. Raise L2 to 0.03 and see the two come together.',
    },
    rate: {
      name: 'Too high a learning rate',
      look: 'Each step overshoots, and the loss goes on jumping instead of coming to rest. Lower the learning rate to 0.5 while it trains and see it settle.',
    },
    dead: {
      name: 'Dead units',
      look: 'The first steps throw most units to where they are 0 for every point; see their share under “Layers”. They get no gradient and never come back.',
    },
    zero: {
      name: 'All weights zero',
      look: 'Every unit computes the same, so no gradient tells them apart. With as many points in each class not even the last biases move: the loss stays ln 3.',
    },
    deep: {
      name: 'Deep and narrow',
      look: 'Four layers of four units fold the plane step by step; follow the pictures from left to right. Try other weight seeds: with 0 it never learns.',
    },
    adam: {
      name: 'Adam instead of gradient descent',
      look: 'Adam leaves the start at once, with a step of its own size for each weight. Note the loss at step 300, then choose gradient descent and look again.',
    },
  } satisfies Record<Preset, { name: string; look: string }>,
  regions: {
    title: 'Decision regions',
    unitTitle: (unit: string) => `Output of ${unit}`,
    description: (train: string, test: string | undefined) =>
      `${train} training points${test ? ` and ${test} test points` : ''} over the regions that the model gives to each class.`,
    unitDescription: (unit: string, most: string) =>
      `The output of ${unit} over the plane: white where it is 0, the fuller the larger, at most ${most}.`,
    range: (x: string, y: string) => `x ${x}, y ${y}`,
    coarse: (nodes: string) => `computed at ${nodes} × ${nodes} places, as the network is large`,
    values: (from: string, to: string) => `white is 0, the values go from ${from} to ${to}`,
    nothing: 'dead: 0 all over the picture',
    reach: (from: string, to: string) => `${from} to ${to}`,
    className: (label: number) => `class ${label}`,
    test: 'test points are hollow',
    confidence: 'Shade by confidence',
    edit: 'Edit points',
    modes: { look: 'look', add: 'add', move: 'move', remove: 'remove' },
    modeHints: {
      look: 'Choose what a click does, or Alt-click to remove a point.',
      add: 'Click to add a point of the chosen class; drag a point to move it.',
      move: 'Drag a point, or press Enter on it and again where it goes.',
      remove: 'Click a point to remove it.',
    },
    full: 'No more changes are kept than these 1,000; undo some, or choose other data.',
    classOf: 'Class',
    undo: 'Undo',
    undoHint: 'Take back the last change to the points',
    nothingToUndo: 'No point has been changed.',
    cursor: (x: string, y: string, near: string) => `x ${x}, y ${y}${near}`,
    near: (label: number) => `, on a point of class ${label}`,
    keys: 'Arrow keys move the cursor, with Shift in small steps; Enter does what is chosen.',
  },
  network: {
    title: 'The network',
    input: (name: string) => `input ${name}`,
    unit: (layer: number, unit: number) => `unit ${unit} of hidden layer ${layer}`,
    output: (label: number) => `probability of class ${label}`,
    inputs: 'inputs',
    hidden: (layer: number) => `hidden ${layer}`,
    outputs: 'classes',
    shown: (shown: number, width: string) => `${shown} of ${width} units`,
    units: (width: string) => `${width} units`,
    legend:
      'Lines are weights: blue above 0, orange below, thicker the larger. Point at a unit to see it large; a click keeps it.',
    table: 'Weights between the units shown',
    from: 'from',
    waiting: 'The units’ pictures are being computed.',
    dead: (layer: number) =>
      `All units of hidden layer ${layer} are dead: they are 0 for every training point, so that no gradient reaches them. Rewind, and lower the learning rate or draw other initial weights.`,
  },
  curves: {
    title: 'Curves',
    loss: 'loss',
    accuracy: 'accuracy',
    step: 'step',
    train: 'training',
    test: 'test',
    published: 'published',
    log: 'Logarithmic loss',
    smoothing: 'Smoothing',
    smoothingHint: 'how many points each one is averaged over',
    description: (what: string) => `${what} against step. The table below has the figures.`,
    table: 'Figures of the curves',
    jumps: 'The loss goes on jumping, because each step overshoots. Lower the learning rate.',
  },
  printout: {
    title: 'Printout',
    inDouble: 'Run in double precision',
    caption:
      'The loss before these updates, in this run and as the notes print it. From the first digit that differs on, digits are underlined.',
    iteration: 'iteration',
    loss: ': loss',
    here: 'here',
    published: 'published',
    difference: 'difference',
    training: 'training ',
    accuracy: 'accuracy:',
    all: (same: number, of: number) =>
      `${same} of ${of} losses ${same === 1 ? 'prints' : 'print'} as published.`,
    first: (same: boolean) => `The first loss ${same ? 'prints' : 'does not print'} as published.`,
    soFar: (same: number, of: number) =>
      `So far ${same} of ${of} ${same === 1 ? 'prints' : 'print'} as published.`,
    remarks: {
      single: {
        linear:
          'The notes computed in double precision, this run in single precision: each number is a float32, which keeps about 7 digits. Rounding differences stay small on this model’s way down, so the losses agree to about the last printed digit.',
        network:
          'The notes computed in double precision, this run in single precision: each number is a float32, which keeps about 7 digits. Training starts near a saddle, and leaving it multiplies rounding differences: the loss at iteration 1000 lands between 0.29 and 0.65 in what was measured, depending on how a device rounds and in which order it adds. Later losses come closer again as training settles.',
      },
      double: {
        linear: 'Rounding then stays far below the digits that are printed.',
        network:
          'Leaving the saddle near the start still multiplies rounding differences, but from so little that they stay below what is printed, except in the last digit: that one depends on the order in which sums are added, and is within 5e-6 of the published one.',
      },
      cpu: 'Each number is a float64, as in the notes’ program, and keeps about 16 digits.',
      gpu: 'Each number is the sum of two float32, which keep about 14 digits; WebGPU has no float64.',
    } satisfies Record<Precision, Record<Study, string>> & Record<'cpu' | 'gpu', string>,
  },
  confusion: {
    title: 'Confusion matrix',
    train: 'Training points',
    test: 'Test points',
    corner: 'true ↓, predicted →',
    none: 'Being computed.',
  },
  norms: {
    title: 'Layers',
    caption: (step: string) =>
      `Norms of the weights at step ${step}, of the loss’s gradient on them over all training points, and the size of an update beside the weights’ (of gradient descent, of one over all points); about 1e−3 is usual. A dead unit is 0 for every training point.`,
    layer: 'layer',
    weights: 'weights',
    gradient: 'gradient',
    ratio: 'update / weights',
    dead: 'dead units',
    last: 'classes',
  },
  about: {
    title: 'This run',
    model: 'Model',
    data: 'Data',
    training: 'Training',
    precision: 'Precision',
    plan: 'Plan',
    where: 'Runs on',
    parameters: (sizes: string, count: string) => `${sizes}, ${count} parameters`,
    points: (train: string, test: string | undefined, classes: number) =>
      `${train} training points${test ? `, ${test} test points` : ''}, ${classes} classes`,
    batch: (rows: string | undefined) => (rows ? `${rows} points a step` : 'all points in every step'),
    inFull: {
      single: 'single: float32, about 7 digits',
      cpu: 'double: float64, about 16 digits',
      gpu: 'double: double-single arithmetic, each number the sum of two float32, about 14 digits',
    },
    loops: 'plain loops',
    cpu: 'the CPU.',
    webgpu: (name: string) => `${name}, with WebGPU`,
    software:
      '. This is a software adapter, a program on the CPU and not a GPU: its speed says nothing about a GPU’s.',
  },
  timing: {
    title: 'GPU against CPU',
    nothing: 'There is nothing to compare: training runs on the CPU only.',
    what: {
      single:
        'The same network from the same weights, in single precision on both, timed in turns on this machine.',
      double:
        'The same network from the same weights, in double precision on both, double-single arithmetic on the GPU and float64 on the CPU, timed in turns on this machine.',
    } satisfies Record<Precision, string>,
    cancel: 'Cancel timing',
    start: 'Time both',
    progress: 'Timing',
    warming: 'warming up',
    round: (round: number, rounds: number) => `round ${round} of ${rounds}`,
    pauseFirst: 'Pause first: training would slow it down.',
    failed: 'There is no timing.',
    caption: (rounds: number) => `Steps per second, ${rounds} rounds each`,
    backend: 'Backend',
    median: 'median',
    spread: 'slowest to fastest',
    lossAt: (step: string) => `loss at step ${step}`,
    range: (from: string, to: string) => `${from} to ${to}`,
    gpuFaster: (times: string) => `The GPU is ${times} times as fast as the CPU on this network.`,
    cpuFaster: (times: string) => `The CPU is ${times} times as fast as the GPU on this network.`,
    differ: (steps: string, difference: string) =>
      `After ${steps} steps their losses differ by ${difference}.`,
    software: (name: string) =>
      `${name} is a program on the CPU, not a GPU: this compares two ways of computing on the CPU.`,
  },
  help: {
    title: 'Help',
    intro:
      'Press Train: the network learns to tell the classes apart, and every picture follows. Change anything: other changes than of the learning rate, L2, plan, stop and speed go back to step 0. The address holds all settings, so that a link shows the same run elsewhere.',
    shortcuts: 'Keyboard shortcuts',
    enabled: 'Use single keys as shortcuts',
    keys: {
      train: 'train or pause',
      step: 'one step',
      epoch: 'one epoch',
      rewind: 'rewind',
      undo: 'undo the last change to the points',
      help: 'this help',
    },
    close: 'Close',
  },
};

/** Everything that the page says; a language that lacks a part of it does not compile. */
export type Texts = typeof en;
