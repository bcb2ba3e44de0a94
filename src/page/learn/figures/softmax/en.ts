export const en = {
  title: 'From scores to a loss',
  caption:
    'Move the scores of one point. Softmax makes probabilities of them, and the loss is −ln of the probability of the right class. With equal scores it is ln 3, whatever the right class is.',
  keys: 'Tab goes from control to control, the arrow keys move a score or choose the right class.',
  score: (label: number) => `score ${label}`,
  correct: 'Right class',
  chart: (probability: string, loss: string) =>
    `The loss falls as the probability of the right class grows; here the probability is ${probability} and the loss ${loss}.`,
  share: 'The probabilities as parts of a whole',
  probability: 'probability of the right class',
  loss: 'loss',
  equal: (loss: string) => `ln 3 = ${loss}`,
  heads: {
    class: 'class',
    score: 'score z',
    power: 'exp z',
    probability: 'probability p',
    gradient: 'p − 1[y]',
  },
};

export type SoftmaxWords = typeof en;
