export const en = {
  title: 'Down the loss, step by step',
  caption:
    'The linear classifier has nine parameters. The picture is a slice through the present ones: the weight of y of class 0 from left to right, its bias upwards, the other seven as they are now. White is the least loss. So the slice changes a little with every step. Drag the start, and raise the learning rate: from about 8 on the steps leap over the valley.',
  keys: 'Tab to the start or a slider, then the arrow keys; with Shift the start moves finely.',
  picture: (step: string, rate: string) =>
    `A slice of the loss at step ${step}, with the way of the updates at η = ${rate}`,
  start: 'start',
  at: (weight: string, bias: string) => `weight ${weight}, bias ${bias}`,
  step: 'step',
  of: (step: string, all: string) => `${step} of ${all}`,
  rate: 'learning rate',
  loss: 'loss',
  weight: 'weight of y of class 0',
  bias: 'bias of class 0',
  waiting: 'The figure is computed.',
  last: (loss: string) => `loss ${loss} after the last update`,
  change: (loss: string, next: string, rises: boolean) =>
    `The next update takes the loss from ${loss} to ${next}: it ${rises ? 'rises' : 'falls'}.`,
  chart: (rate: string, last: string) => `The loss over the steps at η = ${rate}: at the end ${last}`,
};

export type SurfaceWords = typeof en;
