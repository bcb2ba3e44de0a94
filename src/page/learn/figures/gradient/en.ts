export const en = {
  title: 'One parameter, nudged',
  caption:
    'The dot moves along the loss as one parameter is nudged away from the notes’ start; the dashed line has the slope that the formula gives. In the plane each point pulls the weights of the class: its own points outwards, all others inwards, each by dZ times its place. The thick arrow is all of them together, −dW.',
  keys: 'Tab to the list or the slider, then the arrow keys.',
  picture: (label: number) => `The pull of every point on the weights of class ${label}`,
  knob: 'Parameter',
  knobs: { x: 'weight x', y: 'weight y', bias: 'bias' },
  of: (kind: string, label: number) => `${kind} of class ${label}`,
  nudge: 'nudge',
  chart: (nudge: string, loss: string, slope: string) =>
    `The loss over the nudge: at ${nudge} the loss is ${loss} and its slope ${slope}.`,
  loss: 'loss',
  slope: (gradient: string, difference: string) =>
    `slope by the formula ${gradient}, by differences ${difference}`,
  waiting: 'The figure is computed.',
  rows: {
    loss: 'loss',
    gradient: 'slope by the formula',
    difference: 'slope by the difference of two losses',
    outwards: 'pulls outwards, of the class’s points',
    inwards: 'pulls inwards, of all others',
  },
};

export type GradientWords = typeof en;
