export const en = {
  title: 'One point, forward and back',
  caption: (steps: string) =>
    `A network with two hidden units after ${steps} updates on the notes’ points, and one point alone: N = 1. Above each wire stands its value; below it, in red, the gradient of the loss on it. Forward the values come from the left, and backward the gradients from the right.`,
  keys: 'Tab to the buttons, then Enter; or to a slider, then the arrow keys.',
  circuit: 'The circuit',
  picture: (point: string) => `The circuit of ${point}. Its numbers are in the table.`,
  point: (number: string, label: string) => `point ${number} of class ${label}`,
  short: (number: string, label: string) => `${number}, class ${label}`,
  back: 'Back',
  next: 'Next operation',
  operation: 'operation',
  of: (done: string, all: string) => `${done} of ${all}`,
  which: 'point',
  given: 'The point, the weights and the biases are given. Nothing is computed yet.',
  lines: {
    'hidden 0':
      'Each unit adds its inputs times their weights and its bias. The ReLU cuts off what is below 0.',
    scores: 'Each logit adds the units times their weights and its bias.',
    softmax: 'The probabilities, the loss, and the first gradient: P, less 1 for the correct class.',
    'dW 1': 'A weight’s gradient is what came into it times the gradient behind it.',
    'db 1': 'A bias is added as it is, so the gradient passes unchanged.',
    'dhidden 0': 'Each unit collects the gradients of the logits, each times the weight between.',
    'ReLU mask 0': 'Where the ReLU has cut off, the gradient is 0. Elsewhere it passes unchanged.',
    'dW 0': 'As in the layer behind: the input times the gradient of the sum.',
    'db 0': 'The last gradients. An update can follow.',
  } as Record<string, string>,
  heads: { wire: 'wire', value: 'value', gradient: 'gradient of the loss' },
};

export type CircuitWords = typeof en;
