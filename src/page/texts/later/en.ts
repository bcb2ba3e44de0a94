import type { Backend, Precision } from '../../../index.ts';
import type { NoGpuReason, Problem } from '../../run/protocol.ts';
import type { LinkRemark } from '../../settings/link.ts';
import type { Feature } from '../../settings/settings.ts';
import type { Study } from '../../settings/study.ts';

export const en = {
  file: {
    button: 'Your data',
    hint: 'a table of yours, which stays on this computer: choose, drop or paste it',
    drop: 'Drop the file: it is read here and goes nowhere else.',
    shown: (name: string, label: string) => `${name}, to learn “${label}”`,
    pastedName: 'pasted table',
    needs: (name: string) => `This link needs ${name}`,
    newRows: (name: string, rows: string) => `New rows: ${name}, ${rows} rows.`,
    choose: (name: string) => `Choose ${name}`,
  },
  rewound: (settings: readonly string[]) =>
    `Rewound: ${settings.length > 2 ? 'settings' : settings.join(', ')} changed.`,
  features: {
    title: 'Inputs of the network',
    chosen: (names: string) => `Inputs: ${names}`,
    names: {
      x: 'x',
      y: 'y',
      x2: 'x squared',
      y2: 'y squared',
      xy: 'x times y',
      sinx: 'sine of π times x',
      siny: 'sine of π times y',
      r: 'r, the distance from the origin',
      angle: 'θ, the angle from the positive x axis in radians',
    } satisfies Record<Feature, string>,
    hint: 'Each change begins a new run. sin turns once from −1 to 1; θ is from −π to π.',
    last: 'The network needs an input.',
  },
  slow: {
    cancelHint: 'Do not open this network',
    opening: (parameters: string, seconds: string) => `${parameters} parameters; ${seconds} s so far`,
    openingLabel: 'Opening the network',
    step: (parameters: string, seconds: string) => `${parameters} parameters: about ${seconds} s a step here`,
    stepLabel: 'The step under way, by that guess',
  },
  help: {
    title: 'Help',
    intro:
      'Press Train: the network learns to tell the classes apart, and every picture follows. The slider below the buttons goes back to any step of the run. Change anything: what a hint calls immediate, the plan, stop and speed keep the run; other changes go back to step 0. The address holds all settings, so that a link shows the same run elsewhere.',
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
  /** The status of a failed run, which has little room. */
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
  editor: {
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
    addValue: 'Click to add a point of the chosen value; drag a point to move it.',
    valueOf: 'Value',
    nearValue: (value: string) => `, on a point of value ${value}`,
  },
  plane: {
    title: 'Drawn over',
    components: 'the two principal components',
    features: 'two features',
    across: 'Across',
    up: 'Up',
    component: (number: number, share: string) => `component ${number}, ${share} of the variance`,
    directions: (across: string, up: string) => `across: ${across}; up: ${up}`,
    cut: (features: string) =>
      `A plane through ${features} dimensions, at the mean of all others; each point lies where it is nearest to the plane. Rows of a file cannot be edited here.`,
    some: 'Of very many rows some are drawn, evenly chosen.',
    noEditing: 'Rows of a file cannot be edited here.',
  },
  network: {
    title: 'The network',
    input: (name: string) => `input ${name}`,
    unit: (layer: number, unit: number) => `unit ${unit} of hidden layer ${layer}`,
    score: (name: string) => `score of ${name}`,
    output: (name: string) => `probability of ${name}`,
    inputs: 'inputs',
    hidden: (layer: number) => `hidden ${layer}`,
    outputs: 'classes',
    valueHead: 'value',
    value: 'predicted value',
    shown: (shown: number, width: string) => `${shown} of ${width} units`,
    units: (width: string) => `${width} units`,
    shownInputs: (shown: number, width: string) => `${shown} of ${width} inputs`,
    shownOutputs: (shown: number, width: string) => `${shown} of ${width} classes`,
    pixels: (count: string) => `${count} pixels`,
    image: 'mean image',
    imageOf: (count: string, size: string) => `mean image of ${count} pixels, ${size}`,
    legend:
      'Lines are weights: blue above 0, orange below, thicker the larger. Point at a unit to see it large; a click keeps it.',
    table: 'Weights between the units shown',
    from: 'from',
    waiting: 'The units’ pictures are being computed.',
    dead: (layer: number) =>
      `All units of hidden layer ${layer} are dead: they are 0 for every training point, so that no gradient reaches them. Rewind, and lower the learning rate or draw other initial weights.`,
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
    faster: 'It was measured when the run was opened, and trains this network faster than the GPU.',
  } satisfies Record<NoGpuReason, string>,
  copying: {
    copied: 'Link copied.',
    notCopied: 'The browser did not allow it. Copy it from here:',
    link: 'Link',
  },
  unitDescription: (title: string, most: string) =>
    `${title}, over the plane: white where it is 0, the fuller the larger, at most ${most}.`,
  cpuFaster: 'CPU · faster than the GPU here',
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
  time: {
    label: 'Step of the run',
    hint: 'Back and forth in the run so far: arrow keys take one step, Page up and down a tenth, Home and End the ends.',
    value: (step: string, end: string) => `step ${step} of ${end} so far`,
    shown: (step: string, end: string) => `Step ${step} of ${end}.`,
    goesOn: 'Train goes on from here.',
    toEnd: 'To the end',
    toEndHint: (step: string) => `Back to step ${step}, where the run stands`,
  },
  space: {
    title: 'The plane in the last hidden layer',
    linear: 'The plane as the last layer gets it',
    hint: 'Points and a grid of the plane where the last hidden layer puts them. There the borders between classes are straight: learning bends the plane until straight borders are enough.',
    over: 'Drawn over',
    borders: 'the directions between the classes',
    components: 'the two principal components',
    units: 'two units',
    all: 'The classes’ weights differ in these two directions alone: each point lies in the wedge of the class that the network gives it.',
    most: (share: string) =>
      `The two directions in which the classes’ weights differ most, with ${share} of all differences. The borders are cut at the mean.`,
    across: 'Unit across',
    up: 'Unit up',
    unitHint: (width: string) => `1 to ${width}`,
    whole: 'All there is to see: the layer has no other units.',
    plane: (share: string, width: string) =>
      `The plane of the two principal components holds ${share} of the variance of ${width} outputs. It is turned as the data lie, and cuts the borders at the mean.`,
    some: (points: string) => `Of this wide layer, they are those of ${points} points, evenly chosen.`,
    cut: (width: string) => `The borders are those where the other ${width} outputs have their mean.`,
    inside: (right: string, all: string) => `${right} of ${all} points lie in the wedge of their class here.`,
    picture: (step: string) =>
      `The points and the grid at step ${step}, over the straight regions of the classes`,
    range: (across: string, up: string) => `across ${across}, up ${up}`,
    flat: 'All points lie in one place here.',
    none: 'There is no network to look into yet.',
  },
  curves: {
    former: 'before going back',
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
  finder: {
    start: 'Find a learning rate',
    hint: 'Tries 100 growing rates from here, and leaves the run as it is',
    pauseFirst: 'Pause first: a rate is looked for from where the run stands.',
    cancel: 'Cancel the search',
    progress: 'Rates tried',
    failed: 'There is no suggestion, and the run is as it was.',
    title: 'Loss over learning rates',
    description: (from: string, to: string) =>
      `Loss against learning rate, from ${from} to ${to}. The table below has the figures.`,
    rate: 'learning rate',
    loss: 'loss',
    found: (rate: string, step: string) =>
      `From step ${step} the loss falls fastest at about ${rate}; the dot marks it. The run is as it was.`,
    none: (step: string) =>
      `From step ${step} no rate made the loss fall for long, so there is no suggestion. Try again after some steps.`,
    take: (rate: string) => `Take ${rate}`,
    takeHint: 'Sets the learning rate, from which a schedule goes on',
    taken: (rate: string) => `${rate} is taken`,
    table: 'Figures of the trial',
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
    press: 'Press a number to see its rows; arrow keys go from number to number.',
    cell: (count: string, label: string, taken: string) =>
      label === taken ? `${count} of ${label}, right` : `${count} of ${label}, taken for ${taken}`,
    perClass: 'Precision and recall of each class',
    perClassHint:
      'Precision is the part of the rows predicted as the class that are of it; recall the part of the class’s rows that are predicted as it.',
    class: 'class',
    rows: 'rows',
    precision: 'precision',
    recall: 'recall',
    list: {
      wrong: {
        train: (label: string, taken: string) => `Training rows of ${label}, taken for ${taken}`,
        test: (label: string, taken: string) => `Test rows of ${label}, taken for ${taken}`,
      },
      right: {
        train: (label: string) => `Training rows of ${label}, predicted right`,
        test: (label: string) => `Test rows of ${label}, predicted right`,
      },
      order: (count: string, step: string, wrong: boolean) =>
        `${count} at step ${step}; ${wrong ? 'those with the largest loss' : 'the least sure'} come first.`,
      shown: (shown: string) => `The first ${shown} are listed.`,
      more: 'Show more',
      again: 'Read the present step',
      close: 'Close the list',
      reading: 'Being computed.',
      none: 'There is no network that could tell.',
      number: 'row',
      table: 'Features of these rows',
      pressRow: 'Press the number of a row to follow it in Inside.',
      row: (row: string) => `row ${row}`,
      image: (row: string) => `Image of row ${row}`,
      features: (count: string) => `and ${count} features more`,
      follow: 'Follow in Inside',
      followRow: (row: string) => `Follow in Inside: row ${row}`,
    },
  },
  scatter: {
    title: 'Predicted and true values',
    truth: 'true value',
    predicted: 'predicted value',
    description:
      'Predicted value against true value of each point; on the diagonal both are the same. The sentence below has the size of the errors.',
    errors: (train: string, test: string | undefined) =>
      `Each dot is a point; on the line the prediction is right. The errors’ root mean square is ${train} on the training points${test ? ` and ${test} on the test points, which are hollow` : ''}.`,
  },
  norms: {
    title: 'Layers',
    caption: (step: string) =>
      `Norms of the weights at step ${step}, of the loss’s gradient on them over all training points, and the size of an update beside the weights’ (with momentum and Adam of the last update, else of the next one over all points); about 1e−3 is usual. A dead unit is 0 for every training point.`,
    layer: 'layer',
    weights: 'weights',
    gradient: 'gradient',
    ratio: 'update / weights',
    dead: 'dead units',
    last: 'classes',
    value: 'value',
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
    points: (train: string, test: string | undefined, classes: number | undefined) =>
      `${train} training points${test ? `, ${test} test points` : ''}, ${classes ? `${classes} classes` : 'each with a value'}`,
    batch: (rows: string | undefined) => (rows ? `${rows} points a step` : 'all points in every step'),
    inFull: {
      single: 'single: float32, about 7 digits',
      cpu: 'double: float64, about 16 digits',
      gpu: 'double: double-single arithmetic, each number the sum of two float32, about 14 digits',
    },
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
    offer: (times: string, cpu: string, gpu: string, name: string) =>
      `The CPU would train this network ${times} times as fast, as a step takes ${cpu} ms there and ${gpu} ms on ${name}.`,
    takeCpu: 'Train on the CPU',
    takeCpuHint: 'Begin this run again on the CPU, with the same settings',
  },
};

export type LaterTexts = typeof en;
