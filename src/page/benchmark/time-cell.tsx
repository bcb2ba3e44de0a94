import type { Spread } from '../measure/statistics.ts';
import { benchmarkTexts } from '../texts/benchmark/benchmark.ts';
import { formatTime, formatTimes } from './words.ts';

interface Props {
  time: Spread | undefined;
  /** Milliseconds between two readings of the clock, where each repetition was timed by itself. */
  grain?: number | undefined;
}

/** A median with its quartiles. */
export function TimeCell({ time, grain = 0 }: Props) {
  if (time && time.median < grain) return <td>{benchmarkTexts.value.under(formatTime(grain))}</td>;
  return (
    <td>
      {time ? (
        <>
          {formatTime(time.median)}
          {time.count > 1 && <span class="detail">{formatTimes(time.lower, time.upper)}</span>}
        </>
      ) : (
        '–'
      )}
    </td>
  );
}
