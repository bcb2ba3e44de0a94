import { describe, expect, it } from 'vitest';
import { NOTES_LABEL, NOTES_LOGITS, softmaxExample } from './softmax.ts';

describe('the softmax of one sample', () => {
  it('begins with the notes’ example', () => {
    const { probabilities, loss, gradient } = softmaxExample(NOTES_LOGITS, NOTES_LABEL);
    [0.2, 0.3, 0.5].forEach((expected, k) => void expect(probabilities[k]).toBeCloseTo(expected, 12));
    [0.2, -0.7, 0.5].forEach((expected, k) => void expect(gradient[k]).toBeCloseTo(expected, 12));
    expect(loss).toBeCloseTo(-Math.log(0.3), 12);
  });

  it('holds for large scores, and its gradient is that of the loss', () => {
    expect(softmaxExample([1000, 0, -1000], 0)).toEqual({
      probabilities: [1, 0, 0],
      loss: 0,
      gradient: [0, 0, 0],
    });
    const logits = [0.3, -1.2, 2];
    const h = 1e-5;
    softmaxExample(logits, 2).gradient.forEach((gradient, k) => {
      const at = (shift: number) => softmaxExample(logits.with(k, logits[k] + shift), 2).loss;
      expect((at(h) - at(-h)) / (2 * h)).toBeCloseTo(gradient, 8);
    });
  });
});
