/** The terms of one sample's loss. */
interface SoftmaxExample {
  probabilities: number[];
  loss: number;
  /** The gradient of the loss on each logit: the probabilities, less 1 for the correct class. */
  gradient: number[];
}

/** Logits with the notes' probabilities 0.2, 0.3 and 0.5. */
export const NOTES_LOGITS: readonly number[] = [0.2, 0.3, 0.5].map(Math.log);
export const NOTES_LABEL = 1;

export function softmaxExample(logits: readonly number[], label: number): SoftmaxExample {
  const most = Math.max(...logits);
  const largest = logits.indexOf(most);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sumWithout = (left: number) => powers.reduce((sum, power, k) => (k === left ? sum : sum + power), 0);
  const others = sumWithout(label);
  const sum = others + powers[label];
  return {
    probabilities: powers.map((power) => power / sum),
    // A difference from 1 would lose the digits of a label that is nearly certain.
    loss: most - logits[label] + Math.log1p(sumWithout(largest)),
    gradient: powers.map((power, k) => (k === label ? 0 - others : power) / sum),
  };
}
