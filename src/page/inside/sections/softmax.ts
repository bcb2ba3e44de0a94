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
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((sum, power) => sum + power, 0);
  const probabilities = powers.map((power) => power / sum);
  return {
    probabilities,
    loss: Math.log(sum) - (logits[label] - most),
    gradient: probabilities.map((probability, k) => probability - (k === label ? 1 : 0)),
  };
}
