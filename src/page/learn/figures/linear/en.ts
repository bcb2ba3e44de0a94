export const en = {
  title: 'Three arrows make a classifier',
  caption:
    'An arrow is the weights of a class. A point’s score for the class is larger the further the point lies along the arrow; the largest score wins the point. The figure starts with the notes’ random weights, 100 times as long, so that they can be seen.',
  keys: 'Tab to an arrow’s tip, then the arrow keys; with Shift, small steps.',
  picture: 'The points over the regions of the classifier',
  handle: (label: number) => `Weights of class ${label}`,
  at: (x: string, y: string) => `x ${x}, y ${y}`,
  bias: (label: number) => `bias ${label}`,
  row: 'point',
  rowOf: (row: string, label: number) => `${row}, class ${label}`,
  scores: (point: string) => `Scores of point ${point}`,
  result: (loss: string, right: string, all: string) => `loss ${loss} · ${right} of ${all} points right`,
  waiting: 'The figure is computed.',
  train: (steps: string) => `Train ${steps} steps`,
  training: (steps: string) => `${steps} steps are trained.`,
  trained: (steps: string, on: string) => `${steps} steps, trained on: ${on}`,
  failed: 'Training has failed. The figure is as it was; try once more.',
  step: 'step',
  heads: { class: 'class', x: 'weight x', y: 'weight y', bias: 'bias', wedge: 'wedge', right: 'right' },
  none: 'none',
  failure: {
    title: 'Wedges cannot hold arms',
    caption:
      'The classifier has been trained here, and its steps can be gone through. Each class has a wedge, narrower than half a turn. Move an arrow to look for something better; your best is kept.',
    wedges: (angles: string, arm: string) => `Wedges of ${angles}; an arm turns by ${arm}°.`,
    best: (right: string) => `Your best: ${right} right.`,
  },
};

export type LinearWords = typeof en;
