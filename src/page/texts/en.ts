import type { RunStatus, StopReason } from '../run/protocol.ts';

export const en = {
  title: 'spiralnet – neural networks trained on your GPU',
  views: { train: 'Train', learn: 'Learn', inside: 'Inside', benchmark: 'Benchmark' },
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
    takeAway: 'Take away',
    atEnd: 'The run has stopped. Rewind, or change when it stops.',
    atStart: 'The run is at its start.',
    starting: 'Training is about to start.',
    pauseFirst: 'Pause to go step by step.',
    rewindFirst: 'Rewind first.',
    answerFirst: 'Answer the question first.',
    noPoints: 'There is no point to learn from yet.',
    figures: {
      step: 'step',
      loss: 'loss',
      accuracy: 'accuracy',
      testLoss: 'test loss',
      testAccuracy: 'test accuracy',
      r2: 'r²',
      testR2: 'test r²',
      speed: 'steps/s',
    },
    /** `score`: the accuracy or r² with its name. */
    under: (step: string, loss: string, score: string) => `Step ${step}: loss ${loss}, ${score}.`,
    standing: (loss: string, score: string) => `Loss ${loss}, ${score}.`,
    left: (seconds: string) => `about ${seconds} s left`,
    minutesLeft: (minutes: string) => `about ${minutes} min left`,
    cancel: 'Cancel',
    openFirst: 'Open the network first: Rewind.',
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
  noRows: 'The rows are not here. Choose their file.',
  noPoints: 'No points yet. Add some under Train.',
  stopped: {
    step: 'the last step',
    loss: 'as the loss is low enough',
    accuracy: 'as the accuracy is high enough',
    patience: 'as the loss no longer improves',
  } satisfies Record<StopReason, string>,
  regions: {
    title: 'Decision regions',
    unitTitle: (unit: string) => `Output of ${unit}`,
    description: (train: string, test: string | undefined) =>
      `${train} training points${test ? ` and ${test} test points` : ''} over the regions that the model gives to each class.`,
    valuesTitle: 'Predicted values',
    valuesDescription: (train: string, test: string | undefined) =>
      `${train} training points${test ? ` and ${test} test points` : ''} in the colour of their true value, over the value that the model predicts, from orange for low to blue for high ones.`,
    scale: (from: string, to: string) =>
      `from orange at ${from} and below over white to blue at ${to} and above`,
    range: (x: string, y: string) => `x ${x}, y ${y}`,
    coarse: (nodes: string) => `computed at ${nodes} × ${nodes} places, as the network is large`,
    values: (from: string, to: string) => `white is 0, the values go from ${from} to ${to}`,
    nothing: 'dead: 0 all over the picture',
    reach: (from: string, to: string) => `${from} to ${to}`,
    className: (label: number) => `class ${label}`,
    test: 'test points are hollow',
    confidence: 'Shade by confidence',
  },
};

/** Everything that the page says; a language that lacks a part of it does not compile. */
export type Texts = typeof en;
