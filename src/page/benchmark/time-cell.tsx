import type { Spread } from '../measure/statistics.ts';
import { spreadInWords } from './words.ts';

interface Props {
  time: Spread | undefined;
  /** Milliseconds between two readings of the clock, where each repetition was timed by itself. */
  grain?: number | undefined;
}

/** A median with its quartiles. */
export function TimeCell({ time, grain }: Props) {
  if (!time) return <td>–</td>;
  const { time: median, range } = spreadInWords(time, grain);
  return (
    <td>
      {median}
      {range && <span class="detail">{range}</span>}
    </td>
  );
}
