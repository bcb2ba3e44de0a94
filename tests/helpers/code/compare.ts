import { expect } from 'vitest';
import type { Printed } from './trained.ts';

/** Steps of a network whose losses print the same digits, and how far later losses may be. */
const SAME_DIGITS_UNTIL = 1000;
const LATER = 5e-6;

/** Compares the lines that a script prints with a trainer's numbers, as the script promises. */
export function expectPrinted(lines: readonly string[], { losses, ends }: Printed, linear: boolean): void {
  const found = lines.slice(0, losses.length).map((line) => /^iteration (\d+): loss (\S+)$/.exec(line));
  expect(found.map((match) => Number(match?.[1]))).toEqual(losses.map(([step]) => step));
  losses.forEach(([step, loss], i) => {
    const printed = found[i]?.[2];
    if (linear || step <= SAME_DIGITS_UNTIL)
      expect(`${step}: ${printed}`).toBe(`${step}: ${loss.toFixed(6)}`);
    else
      expect(Math.abs(Number(printed) - loss), `the loss of step ${step}`).toBeLessThanOrEqual(LATER + 5e-7);
  });
  const tail = lines.slice(losses.length);
  expect(tail.map(wordsOf)).toEqual(ends.map(wordsOf));
  ends.forEach((end, i) => {
    if (end.includes('loss')) expect(tail[i]).toBe(end);
    // Of a tie, as in 0.625, Python keeps the even digit.
    else expect(Math.abs(numberOf(tail[i]) - numberOf(end)), end).toBeLessThanOrEqual(tie(end));
  });
}

const wordsOf = (line: string) => line.slice(0, line.lastIndexOf(' '));
const numberOf = (line: string) => Number(line.slice(line.lastIndexOf(' ')));
const tie = (end: string) => (/[.](13|63)$/.test(end) ? 0.0101 : 0);
